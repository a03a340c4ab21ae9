package io.concert.domain;

import java.util.Optional;

/** A bill. Written as {@code b} and its number. */
public record BillId(long number) {
  private static final String PREFIX = "b";

  /**
   * @return empty unless {@code text} is what {@link #toString} writes
   */
  public static Optional<BillId> parse(String text) {
    return Ids.parse(PREFIX, text).stream().mapToObj(BillId::new).findFirst();
  }

  @Override
  public String toString() {
    return PREFIX + number;
  }
}
