package io.concert.catalog.layout;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which index each seat of a plan has, by its position in the plan's order. Indexes name seats for
 * good: the first plan of a date numbers them in its order; in a later one the same section, row
 * and number has the same index, and what is new gets one that no seat of the date ever had. So an
 * id that somebody has seen in one plan never is another seat in the next.
 *
 * <p>Seats that a plan doesn't have any more are remembered, in case one of them comes back.
 */
public final class SeatIndexes {
  private final int seats;

  /** By position; null: the positions themselves. */
  private final int @Nullable [] indexes;

  private final List<Retired> retired;

  /** A seat that an earlier plan had. */
  public record Retired(String section, String row, String number, int index) {}

  private SeatIndexes(int seats, int @Nullable [] indexes, List<Retired> retired) {
    this.seats = seats;
    this.indexes = indexes;
    this.retired = List.copyOf(retired);
  }

  /** Of the first plan of a date. */
  public static SeatIndexes inOrder(int seats) {
    return new SeatIndexes(seats, null, List.of());
  }

  /** As they were written. */
  public static SeatIndexes of(int[] indexes, List<Retired> retired) {
    return new SeatIndexes(indexes.length, isOrder(indexes) ? null : indexes, retired);
  }

  private static boolean isOrder(int[] indexes) {
    for (int position = 0; position < indexes.length; position++) {
      if (indexes[position] != position) {
        return false;
      }
    }
    return true;
  }

  public boolean isInOrder() {
    return indexes == null;
  }

  public int index(int position) {
    return indexes == null ? position : indexes[position];
  }

  /** One more than the largest. */
  public int end() {
    return indexes == null ? seats : Arrays.stream(indexes).max().orElse(-1) + 1;
  }

  public List<Retired> retired() {
    return retired;
  }

  /** By index; -1 for what isn't in the plan. */
  int[] positions() {
    int[] positions = new int[end()];
    Arrays.fill(positions, -1);
    for (int position = 0; position < seats; position++) {
      positions[index(position)] = position;
    }
    return positions;
  }
}
