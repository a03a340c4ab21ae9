package io.concert.reservation.best;

import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.Layout.Row;
import io.concert.catalog.layout.Layout.Section;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.api.SeatStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The best groups of free seats side by side, of one layout.
 *
 * <p>Side by side are seats that follow one another in a row without an aisle between them. Best is
 * whose seats are nearest to the stage on average; but a group that would leave a single free seat
 * alone beside it comes after all that don't, however far away they are: such a seat is hard to
 * sell, and in all but a nearly sold out house another group is a few seats away. Where there are
 * no rows, a group is the free place nearest to the stage and the places nearest to that one.
 *
 * <p>The order of all groups by distance depends on their size alone and is kept, so that choosing
 * is one pass over seats: a fraction of a millisecond for a stadium.
 */
public final class BestSeats {
  /** Of the usual distance between neighbours in the section. A seat left out makes it 2. */
  private static final double AISLE = 1.5;

  /** Orders kept: 4 bytes a seat each. Larger groups than usual are put in order each time. */
  private static final int MOST_ORDERS = 10;

  private final Layout layout;
  private final float[] distance;

  /** Seats that sit beside the one before them in the layout's order. */
  private final BitSet joined = new BitSet();

  private final Map<Row, StandingPlaces> standing = new ConcurrentHashMap<>();
  private final Map<Integer, int[]> orders = new ConcurrentHashMap<>();

  public BestSeats(Layout layout) {
    this.layout = layout;
    distance = new float[layout.seats()];
    for (int seat = 0; seat < distance.length; seat++) {
      distance[seat] =
          (float)
              Math.hypot(layout.x(seat) - layout.stage().x(), layout.y(seat) - layout.stage().y());
    }
    layout.sections().forEach(this::join);
  }

  private void join(Section section) {
    double[] gaps =
        section.rows().stream()
            .filter(row -> !row.name().isEmpty())
            .flatMapToInt(row -> IntStream.range(row.first() + 1, row.end()))
            .mapToDouble(this::gap)
            .sorted()
            .toArray();
    double aisle = gaps.length == 0 ? 0 : AISLE * gaps[(gaps.length - 1) / 2];
    for (Row row : section.rows()) {
      if (row.name().isEmpty()) {
        standing.put(row, new StandingPlaces(layout, row));
        continue;
      }
      for (int seat = row.first() + 1; seat < row.end(); seat++) {
        joined.set(seat, gap(seat) < aisle);
      }
    }
  }

  private double gap(int seat) {
    return Math.hypot(layout.x(seat) - layout.x(seat - 1), layout.y(seat) - layout.y(seat - 1));
  }

  /**
   * @param states in the layout's order
   * @param section the name of the section they must be in; empty: any
   * @param most how many groups at most
   * @return positions in the layout, the best first; no seat is in two groups, and each is chosen
   *     as if those before it were gone
   */
  public List<List<Integer>> choose(
      SeatStates states, int count, Optional<String> section, int most) {
    return new Choice(states, count, section, most).groups();
  }

  private int[] order(int count) {
    int[] kept = orders.get(count);
    if (kept != null) {
      return kept;
    }
    int[] made = makeOrder(count);
    if (orders.size() < MOST_ORDERS) {
      orders.put(count, made);
    }
    return made;
  }

  /** First seats of all groups of this size, the nearest first; in standing areas all places. */
  private int[] makeOrder(int count) {
    var keys = new long[layout.seats()];
    int groups = 0;
    for (int first = 0; first < keys.length; first++) {
      if (isStanding(first)) {
        keys[groups++] = key(distance[first], first);
      } else if (joined.nextClearBit(first + 1) >= first + count && first + count <= keys.length) {
        keys[groups++] = key(meanDistance(first, count), first);
      }
    }
    Arrays.sort(keys, 0, groups);
    return Arrays.stream(keys, 0, groups).mapToInt(key -> (int) key).toArray();
  }

  /** Sorts as the distance does: a float that isn't negative sorts as its bits do. */
  private static long key(float distance, int first) {
    return (long) Float.floatToIntBits(distance) << 32 | first;
  }

  float meanDistance(int first, int count) {
    float sum = 0;
    for (int seat = first; seat < first + count; seat++) {
      sum += distance[seat];
    }
    return sum / count;
  }

  private boolean isStanding(int seat) {
    return layout.row(seat).name().isEmpty();
  }

  /** One look at the seats, for one wish. */
  private final class Choice {
    private final int count;
    private final Optional<String> section;
    private final int most;
    private final BitSet free;
    private final List<List<Integer>> groups = new ArrayList<>();

    Choice(SeatStates states, int count, Optional<String> section, int most) {
      this.count = count;
      this.section = section;
      this.most = most;
      this.free = new BitSet(layout.seats());
      byte[] bits = states.states();
      // A layout may have been replaced a moment ago; what the map doesn't know isn't free.
      for (int seat = Math.min(layout.seats(), states.seats()) - 1; seat >= 0; seat--) {
        free.set(seat, (bits[seat / 4] >> (2 * (seat % 4)) & 3) == SeatStatus.FREE.code());
      }
    }

    List<List<Integer>> groups() {
      var orphaning = new ArrayList<Integer>();
      for (int first : order(count)) {
        if (groups.size() == most) {
          return groups;
        }
        if (!free.get(first) || !isInSection(first)) {
          continue;
        }
        if (isStanding(first)) {
          stand(first);
        } else if (isFree(first) && (isAlone(first - 1, -1) || isAlone(first + count, 1))) {
          orphaning.add(first);
        } else if (isFree(first)) {
          sit(first);
        }
      }
      for (int first : orphaning) {
        if (groups.size() < most && isFree(first)) {
          sit(first);
        }
      }
      return groups;
    }

    private boolean isInSection(int seat) {
      return section.isEmpty() || layout.section(seat).name().equals(section.get());
    }

    private boolean isFree(int first) {
      return free.nextClearBit(first) >= first + count;
    }

    /**
     * @param seat beside the group, perhaps
     * @param away from the group: -1 to the left, 1 to the right
     * @return whether it is free and would have nobody free beside it
     */
    private boolean isAlone(int seat, int away) {
      return isBeside(seat, -away)
          && free.get(seat)
          && !(isBeside(seat + away, -away) && free.get(seat + away));
    }

    /** Whether there is such a seat and no aisle between it and the next one that way. */
    private boolean isBeside(int seat, int towards) {
      return seat >= 0 && joined.get(towards > 0 ? seat + 1 : seat);
    }

    private void sit(int first) {
      groups.add(IntStream.range(first, first + count).boxed().toList());
      free.clear(first, first + count);
    }

    private void stand(int first) {
      var area = Objects.requireNonNull(standing.get(layout.row(first)));
      var group = area.nearest(first, count, free);
      if (group.size() == count) {
        groups.add(group);
        group.forEach(free::clear);
      }
    }
  }
}
