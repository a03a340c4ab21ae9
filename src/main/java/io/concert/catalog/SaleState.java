package io.concert.catalog;

/** Whether a date can be bought at a given time. */
public enum SaleState {
  NOT_YET_OPEN,
  ON_SALE,
  CLOSED,
  CANCELLED
}
