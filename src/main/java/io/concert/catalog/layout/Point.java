package io.concert.catalog.layout;

/** A place on the plan; y grows downwards. The unit is the plan's own. */
public record Point(double x, double y) {
  /**
   * A record's own one is nearly the same for all small whole numbers, which plans are full of:
   * their bits are zero where it doesn't look.
   */
  @Override
  public int hashCode() {
    long bits = Double.doubleToLongBits(x) * 31 + Double.doubleToLongBits(y);
    return Long.hashCode(bits * 0x9E3779B97F4A7C15L);
  }
}
