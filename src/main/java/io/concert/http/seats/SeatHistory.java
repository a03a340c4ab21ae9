package io.concert.http.seats;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this node has seen of a schedule's seats lately: the newest states, and which seats differed
 * between one look and the next. Of the versions that there are a node sees some, and only from
 * those can it count on: a seat that was held and given back between two looks shows no difference
 * here, but anyone who saw the moment between, on another node, knows it as held. Safe from any
 * thread.
 */
final class SeatHistory {
  /** A minute and more at ten looks a second. */
  static final int MOST_STEPS = 1_000;

  /** In all steps together; beyond it the whole map is less to send. */
  static final int MOST_CHANGES = 50_000;

  private final ArrayDeque<Step> steps = new ArrayDeque<>();
  private int changes;
  private @Nullable SeatStates now;

  /** By the version of the step that they begin with; of the newest states only. */
  private final Map<Long, SeatChanges> told = new HashMap<>();

  private @Nullable SeatChanges whole;

  /**
   * @param from the version before
   */
  private record Step(long from, BitSet seats, int count) {}

  /**
   * Takes note of what was seen. Nodes may be asked that are a moment behind: what is older than
   * what was seen already changes nothing.
   *
   * @return the newest that was seen
   */
  @CanIgnoreReturnValue
  synchronized SeatStates see(SeatStates states) {
    SeatStates before = now;
    boolean follows =
        before != null && before.epoch() == states.epoch() && before.seats() == states.seats();
    if (before != null
        && before.epoch() == states.epoch()
        && states.version() <= before.version()) {
      return before;
    }
    now = states;
    told.clear();
    whole = null;
    if (before == null || !follows) {
      steps.clear();
      changes = 0;
      return states;
    }
    BitSet seats = difference(before.states(), states.states());
    Step step = new Step(before.version(), seats, seats.cardinality());
    steps.add(step);
    changes += step.count;
    while (steps.size() > MOST_STEPS || changes > MOST_CHANGES) {
      changes -= steps.remove().count;
    }
    return states;
  }

  private static BitSet difference(byte[] before, byte[] after) {
    BitSet seats = new BitSet();
    for (int i = 0; i < after.length; i++) {
      int differing = before[i] ^ after[i];
      for (int inByte = 0; differing != 0; inByte++, differing = (differing & 0xFF) >> 2) {
        if ((differing & 3) != 0) {
          seats.set(4 * i + inByte);
        }
      }
    }
    return seats;
  }

  /**
   * @return what leads from that version to the newest; empty if this node hasn't seen that
   *     version, or too long ago
   */
  synchronized Optional<SeatChanges> since(SeatVersion known) {
    SeatStates newest = now;
    if (newest == null || newest.epoch() != known.epoch()) {
      return Optional.empty();
    }
    if (newest.version() == known.number()) {
      return Optional.of(SeatChanges.none(known));
    }
    SeatChanges written = told.get(known.number());
    if (written == null && steps.stream().anyMatch(step -> step.from == known.number())) {
      written = from(newest, known.number());
      told.put(known.number(), written);
    }
    return Optional.ofNullable(written);
  }

  /** All seats as they were seen last; empty before the first look. */
  synchronized Optional<SeatChanges> whole() {
    SeatChanges written = whole;
    if (written == null && now != null) {
      written = SeatChanges.whole(now);
      whole = written;
    }
    return Optional.ofNullable(written);
  }

  /** The newest version seen; empty before the first look. */
  synchronized Optional<SeatVersion> version() {
    return Optional.ofNullable(now).map(SeatVersion::of);
  }

  private SeatChanges from(SeatStates newest, long first) {
    BitSet seats = new BitSet(newest.seats());
    for (Iterator<Step> back = steps.descendingIterator(); back.hasNext(); ) {
      Step step = back.next();
      if (step.from < first) {
        break;
      }
      seats.or(step.seats);
    }
    return SeatChanges.of(newest, seats);
  }
}
