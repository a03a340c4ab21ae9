package io.concert.queue;

import io.concert.queue.api.QueueMessages.WaitEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The first estimate that each person got once the sale had opened, and what came of it. */
final class Promises {
  private static final int GROUP_MILLIS = 60_000;

  private final int[] madeAt;
  private final int[] low;
  private final int[] high;
  private final List<Kept> kept = new ArrayList<>();

  /** How a wait turned out. */
  enum Outcome {
    INSIDE,
    SOONER,
    LATER
  }

  private record Kept(int real, int low, int high) {
    Outcome outcome() {
      if (real < low) {
        return Outcome.SOONER;
      }
      return real > high ? Outcome.LATER : Outcome.INSIDE;
    }
  }

  /** People who waited about as long, and the medians of what they had been told. */
  record Group(double realMinutes, double lowMinutes, double highMinutes) {}

  Promises(int people) {
    madeAt = new int[people];
    low = new int[people];
    high = new int[people];
  }

  void made(int person, WaitEstimate range, int now) {
    if (madeAt[person] == 0) {
      madeAt[person] = now;
      low[person] = (int) range.low().toMillis();
      high[person] = (int) range.high().toMillis();
    }
  }

  void kept(int person, int now) {
    if (madeAt[person] > 0) {
      kept.add(new Kept(now - madeAt[person], low[person], high[person]));
    }
  }

  /** Of those who were let in. */
  double share(Outcome outcome) {
    long count = kept.stream().filter(one -> one.outcome() == outcome).count();
    return kept.isEmpty() ? 0 : (double) count / kept.size();
  }

  List<Group> byRealWait() {
    Map<Integer, List<Kept>> groups =
        kept.stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.real() / GROUP_MILLIS, TreeMap::new, Collectors.toList()));
    List<Group> medians = new ArrayList<>();
    groups.forEach(
        (minute, people) ->
            medians.add(
                new Group(
                    minute + 0.5,
                    median(people.stream().mapToInt(Kept::low).sorted().toArray()),
                    median(people.stream().mapToInt(Kept::high).sorted().toArray()))));
    return medians;
  }

  private static double median(int[] sortedMillis) {
    return sortedMillis[sortedMillis.length / 2] / 60_000.0;
  }
}
