package io.concert.catalog.layout;

import java.util.HashSet;
import java.util.Set;

/** Where the seats of a plan stand, in hundredths of the plan's unit. */
public final class SeatPlaces {
  private final boolean schematic;
  private final Point stage;
  private final int[] xs;
  private final int[] ys;

  /**
   * @param schematic whether the place of a section is ours
   */
  public SeatPlaces(boolean schematic, Point stage, int[] xs, int[] ys) {
    this.schematic = schematic;
    this.stage = stage;
    this.xs = xs;
    this.ys = ys;
  }

  public boolean schematic() {
    return schematic;
  }

  public Point stage() {
    return stage;
  }

  public int x(int seat) {
    return xs[seat];
  }

  public int y(int seat) {
    return ys[seat];
  }

  /** Whether no two seats are drawn on one another. */
  public boolean distinct() {
    Set<Long> taken = new HashSet<>();
    for (int i = 0; i < xs.length; i++) {
      if (!taken.add(((long) xs[i] << 32) | (ys[i] & 0xFFFFFFFFL))) {
        return false;
      }
    }
    return true;
  }

  public static int hundredths(double value) {
    return Math.toIntExact(Math.round(value * Layout.PER_UNIT));
  }
}
