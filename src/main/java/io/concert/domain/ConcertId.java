package io.concert.domain;

import java.util.Optional;

/** A concert. Written as {@code c} and its number. */
public record ConcertId(long number) {
  private static final String PREFIX = "c";

  /**
   * @return empty unless {@code text} is what {@link #toString} writes
   */
  public static Optional<ConcertId> parse(String text) {
    return Ids.parse(PREFIX, text).stream().mapToObj(ConcertId::new).findFirst();
  }

  @Override
  public String toString() {
    return PREFIX + number;
  }
}
