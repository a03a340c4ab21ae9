package io.concert.events.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an event tells of: column {@code kind}. */
public enum EventKind {
  /** A seat was paid for; there is a bill. */
  SOLD(1),
  /** A bill was refunded and its seat is free. */
  REFUNDED(2),
  /** A date was called off; its refunds are events of their own. */
  CANCELLED(3),
  /** A hold came to its deadline unpaid. */
  HOLD_EXPIRED(4),
  /** A room's planned opening came, and its order was drawn. */
  ROOM_OPENED(5),
  /** Nobody waits in a room any more. */
  ROOM_EMPTIED(6);

  private final int code;

  EventKind(int code) {
    this.code = code;
  }

  /** The number that stands for it in the database. */
  public int code() {
    return code;
  }

  /** As it is written for others: {@code hold_expired}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException if there is none
   */
  public static EventKind ofCode(int code) {
    return Arrays.stream(values())
        .filter(kind -> kind.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such kind of event: " + code));
  }

  /**
   * @return empty unless {@code text} is what {@link #text} writes
   */
  public static Optional<EventKind> parse(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
  }
}
