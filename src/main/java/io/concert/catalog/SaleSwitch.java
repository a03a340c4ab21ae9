package io.concert.catalog;

/** What the operator has set for a date's sale: column {@code schedule.state}. */
public enum SaleSwitch {
  /** On sale between its opening and its closing time. */
  OPEN(0),
  /** Not on sale whatever the time; standing holds can be paid. */
  CLOSED(1),
  /** Called off for good. */
  CANCELLED(2);

  private final int code;

  SaleSwitch(int code) {
    this.code = code;
  }

  /** The number that stands for it in the database. */
  public int code() {
    return code;
  }

  static SaleSwitch ofCode(int code) {
    return switch (code) {
      case 0 -> OPEN;
      case 1 -> CLOSED;
      case 2 -> CANCELLED;
      default -> throw new IllegalArgumentException("no such sale switch: " + code);
    };
  }
}
