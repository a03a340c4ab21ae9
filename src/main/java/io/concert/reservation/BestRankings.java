package io.concert.reservation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ScheduleId;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.best.BestSeats;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The best groups of this node's view, ranked once for all who ask while the view lasts. Each asker
 * starts one group further down than the one before, who has most likely got that one: a crowd that
 * asks at the same moment doesn't collide on the same seats.
 */
final class BestRankings {
  /** More than a node gives in the 100 ms that a view lasts. */
  private static final int RANKED = 512;

  /** Seats that others take in the same moment; and what a message to the map's owner carries. */
  private static final int CANDIDATES = 64;

  private final Cache<String, BestSeats> layouts = Caffeine.newBuilder().maximumSize(64).build();
  private final Cache<Wish, Ranking> rankings = Caffeine.newBuilder().maximumSize(256).build();

  private record Wish(
      ScheduleId schedule, long epoch, long version, int count, Optional<String> section) {}

  /** The groups of one wish, by the seats' indexes. */
  public static final class Ranking {
    private final List<List<Integer>> groups;
    private final AtomicInteger gone = new AtomicInteger();

    Ranking(List<List<Integer>> groups) {
      this.groups = groups;
    }

    /** The best that are probably there still, the best first; empty if there are none at all. */
    public List<List<Integer>> next() {
      if (groups.isEmpty()) {
        return groups;
      }
      int from = gone.getAndIncrement();
      return IntStream.range(from, from + Math.min(CANDIDATES, groups.size()))
          .mapToObj(i -> groups.get(i % groups.size()))
          .toList();
    }

    /** Nothing came of one {@link #next}. */
    public void giveBack() {
      gone.decrementAndGet();
    }
  }

  public Ranking of(
      ScheduleId schedule, Layout layout, SeatStates states, int count, Optional<String> section) {
    SeatStates ordered = states.inOrderOf(layout);
    var wish = new Wish(schedule, ordered.epoch(), ordered.version(), count, section);
    return rankings.get(
        wish,
        asked ->
            new Ranking(
                indexes(
                    layout,
                    layouts
                        .get(layout.version(), version -> new BestSeats(layout))
                        .choose(ordered, count, section, RANKED))));
  }

  /** What the seats are called elsewhere. */
  private static List<List<Integer>> indexes(Layout layout, List<List<Integer>> groups) {
    return layout.isInOrder()
        ? groups
        : groups.stream().map(group -> group.stream().map(layout::index).toList()).toList();
  }
}
