package io.concert.queue.room;

import io.concert.domain.Decision;
import io.concert.queue.line.Changes;
import io.concert.queue.line.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What nodes see of a room when they look, and what they bring: who has asked them meanwhile. */
final class RoomDeltas {
  private final RoomState state;
  private final Lines lines;
  private final Sessions sessions;
  private final Changes changes;

  RoomDeltas(RoomState state, Lines lines, Sessions sessions, Changes changes) {
    this.state = state;
    this.lines = lines;
    this.sessions = sessions;
    this.changes = changes;
  }

  /** Takes in who was seen; what the looker is told is read afterwards, by {@link #delta}. */
  Decision<RoomEvent, RoomReply> look(RoomCommand.Look look, long now) {
    List<Long> spots = new ArrayList<>();
    for (RoomCommand.SeenPlace seen : look.seen()) {
      if (waitsAt(seen)) {
        spots.add(lines.spotOf(seen.place()));
      }
    }
    return spots.isEmpty()
        ? Decision.answer(new RoomReply.Done())
        : Decision.change(new RoomEvent.SeenAll(now, spots), new RoomReply.Done());
  }

  private boolean waitsAt(RoomCommand.SeenPlace seen) {
    long user = lines.userAt(lines.spotOf(seen.place()));
    return user > 0 && (int) user == seen.check();
  }

  private boolean waitsSomebodyElseAt(RoomCommand.SeenPlace seen) {
    long user = lines.userAt(lines.spotOf(seen.place()));
    return user > 0 && (int) user != seen.check();
  }

  /** A view lasts as long as this copy answers; while there may be others, until the next look. */
  private long sureUntil(long now) {
    long answers = state.own().answersUntil(state.isGiver(), now);
    return state.isGiver() ? answers : Math.max(answers, now + OwnCopy.SHARED_MILLIS);
  }

  /** Everything, if the looker knows another copy of the room or more than is remembered. */
  RoomDelta delta(RoomCommand.Look look, long now) {
    boolean known = look.incarnation() == state.own().id() && look.since() <= changes.now();
    var ended = known && look.since() > 0 ? sessions.endedSince(look.since()) : null;
    long since = ended == null ? 0 : look.since();
    boolean facts = state.factsChangedAt() > since;
    return new RoomDelta(
        state.own().id(),
        since,
        changes.now(),
        now,
        sureUntil(now),
        facts ? Optional.of(state.facts()) : Optional.empty(),
        facts ? lines.draws() : List.of(),
        state.flow().sums(),
        RoomDeltaPages.write(lines, since),
        sessions.changedSince(since),
        ended == null ? List.of() : ended,
        look.seen().stream()
            .filter(this::waitsSomebodyElseAt)
            .map(RoomCommand.SeenPlace::place)
            .toList());
  }
}
