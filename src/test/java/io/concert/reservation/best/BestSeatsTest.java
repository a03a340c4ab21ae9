package io.concert.reservation.best;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.Venues;
import io.concert.catalog.layout.Layout;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** On the real plans, against a chooser that is too slow to be wrong. */
class BestSeatsTest {
  private static final List<String> PLANS =
      List.of("ticketland_demo_hall", "rakuten_taoyuan", "metalist_kharkiv", "xinzhuang");
  private static final String STANDING = "ticketland_demo_hall";
  private static final int MOST = 20;

  private static final Map<String, BestSeats> choosers = new HashMap<>();
  private static final Map<String, BitSet> joined = new HashMap<>();

  private static BestSeats chooser(String plan) {
    return choosers.computeIfAbsent(plan, name -> new BestSeats(Venues.layout(name)));
  }

  @Test
  void choosesWhatTheNaiveChooserDoes() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("BestSeatsTest -Dseed=" + seed);
    var random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      String plan = PLANS.get(random.nextInt(PLANS.size()));
      Layout layout = Venues.layout(plan);
      BitSet free = anyFree(layout, random);
      int count = 1 + random.nextInt(6);
      Optional<String> section =
          random.nextBoolean()
              ? Optional.empty()
              : Optional.of(layout.section(random.nextInt(layout.seats())).name());

      var groups = chooser(plan).choose(states(layout, free), count, section, MOST);

      check(
          new Wish(plan, layout, free, count, section),
          groups,
          "seed %d run %d %s count %d section %s".formatted(seed, run, plan, count, section));
    }
  }

  private record Wish(
      String plan, Layout layout, BitSet free, int count, Optional<String> section) {}

  private static void check(Wish wish, List<List<Integer>> groups, String name) {
    assertThat(groups.size()).as(name).isLessThanOrEqualTo(MOST);
    var seen = new HashSet<Integer>();
    for (List<Integer> group : groups) {
      assertThat(group).as(name).hasSize(wish.count());
      for (int seat : group) {
        assertThat(wish.free().get(seat)).as(name + " free").isTrue();
        assertThat(seen.add(seat)).as(name + " in one group only").isTrue();
        wish.section()
            .ifPresent(s -> assertThat(wish.layout().section(seat).name()).as(name).isEqualTo(s));
      }
      if (!standing(wish.layout(), group.get(0))) {
        assertThat(sitsTogether(wish, group)).as(name + " " + group).isTrue();
      }
    }
    checkFirst(wish, groups, name);
    checkOrder(wish, groups, name);
    if (groups.size() < MOST) {
      BitSet left = (BitSet) wish.free().clone();
      seen.forEach(left::clear);
      assertThat(windows(wish, left)).as(name + ": none is left").isEmpty();
    }
  }

  /** No group of seats is better than the first. */
  private static void checkFirst(Wish wish, List<List<Integer>> groups, String name) {
    var best =
        windows(wish, wish.free()).stream()
            .min(
                Comparator.comparing((List<Integer> w) -> orphans(wish, wish.free(), w))
                    .thenComparing(window -> distance(wish.layout(), window)));
    if (best.isEmpty()) {
      assertThat(groups).as(name).allMatch(group -> standing(wish.layout(), group.get(0)));
    } else if (!standing(wish.layout(), groups.get(0).get(0))) {
      var first = groups.get(0);
      assertThat(orphans(wish, wish.free(), first))
          .as(name)
          .isEqualTo(orphans(wish, wish.free(), best.get()));
      assertThat(distance(wish.layout(), first))
          .as(name)
          .isLessThanOrEqualTo(distance(wish.layout(), best.get()) * 1.00001);
    }
  }

  /** First those that orphan no seat, then the others; the nearer first in each part. */
  private static void checkOrder(Wish wish, List<List<Integer>> groups, String name) {
    BitSet left = (BitSet) wish.free().clone();
    boolean orphaning = false;
    double before = 0;
    for (List<Integer> group : groups) {
      if (standing(wish.layout(), group.get(0))) {
        group.forEach(left::clear);
        continue;
      }
      boolean orphans = orphans(wish, left, group);
      double distance = distance(wish.layout(), group);
      if (orphans && !orphaning) {
        orphaning = true;
        before = 0;
      }
      // In the second part a group may have lost the neighbour it would have orphaned.
      assertThat(distance).as(name).isGreaterThanOrEqualTo(before * 0.99999);
      before = distance;
      group.forEach(left::clear);
    }
  }

  private static boolean standing(Layout layout, int seat) {
    return layout.row(seat).name().isEmpty();
  }

  /** Every way of sitting together. */
  private static List<List<Integer>> windows(Wish wish, BitSet free) {
    var windows = new ArrayList<List<Integer>>();
    for (int first = 0; first + wish.count() <= wish.layout().seats(); first++) {
      var window = IntStream.range(first, first + wish.count()).boxed().toList();
      boolean inSection =
          wish.section().isEmpty()
              || wish.layout().section(first).name().equals(wish.section().get());
      if (inSection
          && !standing(wish.layout(), first)
          && window.stream().allMatch(free::get)
          && sitsTogether(wish, window)) {
        windows.add(window);
      }
    }
    return windows;
  }

  private static boolean sitsTogether(Wish wish, List<Integer> group) {
    for (int i = 1; i < group.size(); i++) {
      if (group.get(i) != group.get(i - 1) + 1 || !beside(wish, group.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a seat sits beside the one before it: same row, no gap wider than one and a half. */
  private static boolean beside(Wish wish, int seat) {
    return joined.computeIfAbsent(wish.plan(), plan -> besides(wish.layout())).get(seat);
  }

  private static BitSet besides(Layout layout) {
    var besides = new BitSet();
    for (Layout.Section section : layout.sections()) {
      var gaps = new ArrayList<Double>();
      for (Layout.Row row : section.rows()) {
        for (int i = row.first() + 1; !row.name().isEmpty() && i < row.end(); i++) {
          gaps.add(Math.hypot(layout.x(i) - layout.x(i - 1), layout.y(i) - layout.y(i - 1)));
        }
      }
      gaps.sort(Comparator.naturalOrder());
      for (Layout.Row row : section.rows()) {
        for (int i = row.first() + 1; !row.name().isEmpty() && i < row.end(); i++) {
          double gap = Math.hypot(layout.x(i) - layout.x(i - 1), layout.y(i) - layout.y(i - 1));
          besides.set(i, gap < 1.5 * gaps.get((gaps.size() - 1) / 2));
        }
      }
    }
    return besides;
  }

  private static boolean orphans(Wish wish, BitSet free, List<Integer> group) {
    int left = group.get(0) - 1;
    int right = group.get(group.size() - 1) + 1;
    boolean orphansLeft =
        left >= 0
            && beside(wish, left + 1)
            && free.get(left)
            && !(left > 0 && beside(wish, left) && free.get(left - 1));
    boolean orphansRight =
        beside(wish, right) && free.get(right) && !(beside(wish, right + 1) && free.get(right + 1));
    return orphansLeft || orphansRight;
  }

  private static double distance(Layout layout, List<Integer> group) {
    return group.stream()
        .mapToDouble(
            seat ->
                Math.hypot(
                    layout.x(seat) - layout.stage().x(), layout.y(seat) - layout.stage().y()))
        .average()
        .orElseThrow();
  }

  private static BitSet anyFree(Layout layout, Random random) {
    double share = List.of(0.02, 0.2, 0.6, 0.95, 1.0).get(random.nextInt(5));
    var free = new BitSet();
    for (int seat = 0; seat < layout.seats(); seat++) {
      free.set(seat, random.nextDouble() < share);
    }
    return free;
  }

  private static SeatStates states(Layout layout, BitSet free) {
    var states = new byte[(layout.seats() + 3) / 4];
    for (int seat = 0; seat < layout.seats(); seat++) {
      if (!free.get(seat)) {
        states[seat / 4] |= (byte) ((1 + seat % 3) << (2 * (seat % 4)));
      }
    }
    return new SeatStates(1, 1, layout.seats(), free.cardinality(), states);
  }

  @Test
  void inAStandingAreaPeopleStandByOneAnother() {
    Layout layout = Venues.layout(STANDING);
    var random = new Random(1);
    for (int run = 0; run < 50; run++) {
      BitSet free = anyFree(layout, random);
      var left = (BitSet) free.clone();
      for (List<Integer> group :
          chooser(STANDING).choose(states(layout, free), 3, Optional.empty(), MOST)) {
        if (standing(layout, group.get(0))) {
          assertThat(group).isSorted().isEqualTo(nearest(layout, left, group));
        }
        group.forEach(left::clear);
      }
    }
  }

  /** The member nearest to the stage and the two free places nearest to that one. */
  private static List<Integer> nearest(Layout layout, BitSet free, List<Integer> group) {
    int middle =
        group.stream()
            .min(Comparator.comparing(seat -> (float) distance(layout, List.of(seat))))
            .orElseThrow();
    return free.stream()
        .filter(seat -> layout.row(seat).equals(layout.row(middle)))
        .boxed()
        .sorted(
            Comparator.comparingDouble(
                    (Integer seat) ->
                        Math.hypot(
                            layout.x(seat) - layout.x(middle), layout.y(seat) - layout.y(middle)))
                .thenComparing(seat -> seat))
        .limit(3)
        .sorted()
        .toList();
  }

  @Test
  void moreThanARowHasOrNoSuchSectionIsNoGroup() {
    Layout layout = Venues.layout("rakuten_taoyuan");
    var states = states(layout, anyFree(layout, new Random(3)));

    assertThat(chooser("rakuten_taoyuan").choose(states, 60, Optional.empty(), MOST)).isEmpty();
    assertThat(chooser("rakuten_taoyuan").choose(states, 1, Optional.of("nowhere"), MOST))
        .isEmpty();
  }

  @Test
  void seatsThatTheMapDoesNotKnowAreNotFree() {
    Layout layout = Venues.layout("xinzhuang");
    var few = new SeatStates(1, 1, 6, 6, new byte[2]);

    var groups = chooser("xinzhuang").choose(few, 1, Optional.empty(), MOST);

    assertThat(groups).hasSize(6).allMatch(group -> group.get(0) < 6);
    assertThat(layout.seats()).isGreaterThan(6);
  }

  /** Generous, as other builds run here; the figures are printed. */
  @Test
  void aStadiumIsChosenFromInTwoMilliseconds() {
    Layout layout = Venues.layout("metalist_kharkiv");
    long begun = System.nanoTime();
    var chooser = new BestSeats(layout);
    assertThat(chooser.choose(states(layout, new BitSet()), 2, Optional.empty(), 512)).isEmpty();
    var first = Duration.ofNanos(System.nanoTime() - begun);
    var random = new Random(5);
    for (double share : List.of(1.0, 0.3, 0.001)) {
      var free = new BitSet();
      IntStream.range(0, layout.seats()).forEach(s -> free.set(s, random.nextDouble() < share));
      var states = states(layout, free);
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 200; i++) {
        long start = System.nanoTime();
        var groups = chooser.choose(states, 2, Optional.empty(), 512);
        best = Math.min(best, System.nanoTime() - start);
        assertThat(groups).hasSizeLessThanOrEqualTo(512);
      }
      System.out.printf(
          "best of %d seats, %.1f%% free: %d us%n", layout.seats(), share * 100, best / 1000);
      assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(4));
    }
    System.out.println("the first time " + first.toMillis() + " ms");
  }
}
