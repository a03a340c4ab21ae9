package io.concert.ops.report;

import io.concert.domain.RoomId;
import io.concert.domain.SaleTally;
import io.concert.domain.ScheduleId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this node has counted since it was taken down last. To count is one look into a map and one
 * addition.
 */
public final class TallyBoard implements SaleTally {
  /** Far more than dates and outcomes there are; beyond it nothing new is begun. */
  static final int MOST = 20_000;

  private final Map<Key, Long> counts = new ConcurrentHashMap<>();
  private final Map<Key, Long> levels = new ConcurrentHashMap<>();

  /** All levels of the last step and those of the one before; only the taker touches them. */
  private Map<Key, Long> told = Map.of();

  private Map<Key, Long> toldBefore = Map.of();

  private record Key(String subject, String what) {}

  static String subject(ScheduleId schedule) {
    return "schedule:" + schedule.number();
  }

  static String subject(RoomId room) {
    return "room:" + room.name();
  }

  @Override
  public void count(ScheduleId schedule, String what, long more) {
    count(new Key(subject(schedule), what), more);
  }

  @Override
  public void count(RoomId room, String what, long more) {
    count(new Key(subject(room), what), more);
  }

  @Override
  public void level(ScheduleId schedule, String what, long value) {
    level(new Key(subject(schedule), what), value);
  }

  @Override
  public void level(RoomId room, String what, long value) {
    level(new Key(subject(room), what), value);
  }

  private void count(Key key, long more) {
    if (more != 0 && hasRoom(counts, key)) {
      counts.merge(key, more, Long::sum);
    }
  }

  private void level(Key key, long value) {
    if (hasRoom(levels, key)) {
      levels.put(key, value);
    }
  }

  private static boolean hasRoom(Map<Key, Long> map, Key key) {
    return map.size() < MOST || map.containsKey(key);
  }

  /**
   * Takes down what was counted, and the levels that aren't as they were at the last call. A level
   * that wasn't told for a whole step is told anew, and once more in the next step: until then
   * another node may have told others.
   *
   * <p>Not for two threads at once.
   *
   * @return by subject; none of which nothing is to be said
   */
  Map<String, Figures> take() {
    Map<String, Map<String, Long>> taken = new TreeMap<>();
    for (Key key : List.copyOf(counts.keySet())) {
      Long sum = counts.remove(key);
      if (sum != null) {
        taken.computeIfAbsent(key.subject(), first -> new HashMap<>()).put(key.what(), sum);
      }
    }
    Map<Key, Long> now = new HashMap<>();
    Map<String, Map<String, Long>> changed = new TreeMap<>();
    for (Key key : List.copyOf(levels.keySet())) {
      Long value = levels.remove(key);
      if (value != null) {
        now.put(key, value);
        if (!value.equals(told.get(key)) || !toldBefore.containsKey(key)) {
          changed.computeIfAbsent(key.subject(), first -> new HashMap<>()).put(key.what(), value);
        }
      }
    }
    toldBefore = told;
    told = now;
    Map<String, Figures> figures = new TreeMap<>();
    taken.forEach((subject, sums) -> figures.put(subject, new Figures(sums, Map.of())));
    changed.forEach(
        (subject, values) ->
            figures.merge(subject, new Figures(Map.of(), values), (a, b) -> a.then(b)));
    return figures;
  }
}
