package io.concert.reservation.api;

/** A seat as the database and the seat map know it; one code on both sides and in the answers. */
public enum SeatStatus {
  FREE(0),
  HELD(1),
  SOLD(2),
  NOT_FOR_SALE(3);

  private static final SeatStatus[] BY_CODE = {FREE, HELD, SOLD, NOT_FOR_SALE};

  private final int code;

  SeatStatus(int code) {
    this.code = code;
  }

  /** What stands in {@code seat_claim.state}; fits two bits. */
  public int code() {
    return code;
  }

  /**
   * @throws ArrayIndexOutOfBoundsException for anything but 0 to 3, which nobody writes
   */
  public static SeatStatus of(int code) {
    return BY_CODE[code];
  }
}
