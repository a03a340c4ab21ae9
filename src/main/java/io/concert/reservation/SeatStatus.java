package io.concert.reservation;

/** A seat as the database and the seat map know it; the ordinal is the code on both sides. */
public enum SeatStatus {
  FREE,
  HELD,
  SOLD,
  NOT_FOR_SALE
}
