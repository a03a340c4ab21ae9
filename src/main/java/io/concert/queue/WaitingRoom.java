package io.concert.queue;

import io.concert.domain.Aggregate;
import io.concert.domain.Decision;
import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import java.util.List;
import java.util.Optional;

/**
 * Who waits in which order, and who is in. First come, first served by place; the number somebody
 * hears is the exact rank among those present, over all lines. People who stopped asking are passed
 * over and keep their places.
 *
 * <p>The room admits nobody: it names who is next, PostgreSQL decides, and only a session's row
 * that was learned makes a place ACTIVE. It draws no lots and begins no epochs either: it says that
 * an opening has come, and learns what the database made of it.
 *
 * <p>Everything is O(log n) in the places of the room but a draw, which is O(n). A place takes 32
 * bytes in its line, 11 to 21 in the index of users, and 8 more once drawn.
 */
final class WaitingRoom implements Aggregate<RoomCommand, RoomEvent, RoomReply> {
  private final Changes changes = new Changes();
  private final Lines lines = new Lines(changes);
  private final Sessions sessions = new Sessions(lines, changes);
  private final RoomState state;
  private final Reception reception;
  private final Sights sights;

  /**
   * A room in which nobody waits yet.
   *
   * @param epoch from 1; every place that this room gives carries it
   */
  WaitingRoom(int epoch, RoomCommand.Reading reading) {
    this(new RoomState(epoch, reading));
    reading.draws().forEach(lines::draw);
  }

  /** A room that was written elsewhere, to be filled. */
  WaitingRoom(RoomState state) {
    this.state = state;
    this.reception = new Reception(state, lines, sessions);
    this.sights = new Sights(state, lines, sessions, changes);
  }

  /**
   * A room that was lost: nobody has come back yet, and whoever was in still is.
   *
   * @param admitsFromMillis when everybody has had time to come back
   */
  static WaitingRoom opened(
      int epoch, RoomCommand.Reading reading, List<SessionTruth> live, long admitsFromMillis) {
    WaitingRoom room = new WaitingRoom(epoch, reading);
    room.state.admitFrom(admitsFromMillis);
    live.forEach(room.sessions::learn);
    return room;
  }

  /** An answer changes nothing but what time itself has changed. */
  @Override
  public Decision<RoomEvent, RoomReply> decide(RoomCommand command, long now) {
    Decision<RoomEvent, RoomReply> decided = decided(command, now);
    return decided.event() == null && lines.anyoneUnseenSince(state.unseenSince(now))
        ? Decision.change(new RoomEvent.Aged(now), decided.reply())
        : decided;
  }

  private Decision<RoomEvent, RoomReply> decided(RoomCommand command, long now) {
    if (command instanceof RoomCommand.Poll poll) {
      return reception.poll(poll.user(), poll.place(), poll.arrivalMillis(), now);
    }
    if (command instanceof RoomCommand.Look look) {
      return sights.look(look, now);
    }
    if (command instanceof RoomCommand.Enter enter) {
      return reception.enter(enter, now);
    }
    if (command instanceof RoomCommand.Rejoin rejoin) {
      return reception.rejoin(rejoin, now);
    }
    if (command instanceof RoomCommand.Leave leave) {
      return reception.leave(leave.user(), leave.place(), now);
    }
    if (command instanceof RoomCommand.CheckAdmission check) {
      return Decision.answer(reception.checkAdmission(check.user(), check.place(), now));
    }
    if (command instanceof RoomCommand.NextInLine next) {
      return Decision.answer(reception.nextInLine(next.limit(), now));
    }
    if (command instanceof RoomCommand.Learn learn) {
      return learn(learn.truths(), learn.reading(), now);
    }
    if (command instanceof RoomCommand.BeginEpoch begin) {
      return begin.reading().epoch() > state.epoch()
          ? Decision.change(new RoomEvent.EpochBegun(now, begin.reading()), new RoomReply.Done())
          : Decision.answer(new RoomReply.Done());
    }
    var end = (RoomCommand.EndSession) command;
    return learn(endOf(end.user(), end.session()), Optional.empty(), now);
  }

  /** What has changed is read when the looker's own news has been taken in. */
  @Override
  public RoomReply report(RoomCommand command, RoomReply decided, long now) {
    return command instanceof RoomCommand.Look look ? sights.sight(look, now) : decided;
  }

  @Override
  public void apply(RoomEvent event) {
    long now = event.nowMillis();
    changes.next();
    state.flow().advance(now, state.facts().admitsAt(now) ? lines.present() : 0);
    state.flow().departed(lines.expire(state.unseenSince(now)));
    if (event instanceof RoomEvent.Seen seen) {
      see(seen.spot(), now);
    } else if (event instanceof RoomEvent.SeenAll seen) {
      seen.spots().forEach(spot -> see(spot, now));
    } else if (event instanceof RoomEvent.Entered entered) {
      state.joined(now);
      Place place = new Place(state.epoch(), entered.sequence());
      lines.stand(lines.spotOf(place), entered.user(), now, now);
    } else if (event instanceof RoomEvent.Rejoined rejoined) {
      applyRejoined(rejoined, now);
    } else if (event instanceof RoomEvent.Left left) {
      long spot = lines.spotOf(left.place());
      state.flow().departed(lines.isPresent(spot, state.unseenSince(now)) ? 1 : 0);
      lines.leave(spot, Line.TAKEN);
    } else if (event instanceof RoomEvent.EpochBegun begun) {
      state.begin(begun.reading().epoch());
      applyReading(begun.reading());
    } else if (event instanceof RoomEvent.Learned learned) {
      applyTruths(learned.truths());
      learned.reading().ifPresent(this::applyReading);
    }
  }

  private Decision<RoomEvent, RoomReply> learn(
      List<SessionTruth> truths, Optional<RoomCommand.Reading> reading, long now) {
    List<SessionTruth> news = truths.stream().filter(sessions::isNews).toList();
    var newer = reading.filter(state::isNews);
    if (news.isEmpty() && newer.isEmpty()) {
      return Decision.answer(new RoomReply.Done());
    }
    return Decision.change(new RoomEvent.Learned(now, news, newer), new RoomReply.Done());
  }

  private List<SessionTruth> endOf(UserId user, SessionId id) {
    SessionTruth session = sessions.of(user);
    return session != null && session.id().equals(id) ? List.of(session.asEnded()) : List.of();
  }

  private void see(long spot, long now) {
    state.flow().departed(lines.isPresent(spot, state.unseenSince(now)) ? 0 : -1);
    lines.see(spot, now);
  }

  private void applyRejoined(RoomEvent.Rejoined rejoined, long now) {
    long spot = lines.spotOf(rejoined.place());
    if (reception.keepsAnother(rejoined.user(), spot, now)) {
      lines.leave(spot, Line.TAKEN);
      return;
    }
    long other = lines.spotOf(rejoined.user());
    if (other != Lines.NOWHERE) {
      lines.leave(other, Line.TAKEN);
    }
    lines.stand(spot, rejoined.user(), rejoined.arrivalMillis(), now);
  }

  private void applyTruths(List<SessionTruth> truths) {
    int endedBefore = sessions.endedSoFar();
    truths.forEach(sessions::learn);
    opened(sessions.endedSoFar() - endedBefore);
  }

  private void applyReading(RoomCommand.Reading reading) {
    int before = state.facts().settings().capacity();
    if (state.learn(reading, changes.now())) {
      reading.draws().forEach(lines::draw);
      opened(Math.max(0, state.facts().settings().capacity() - before));
    }
  }

  private void opened(int slots) {
    if (lines.present() > 0) {
      state.flow().opened(slots);
    }
  }

  RoomState state() {
    return state;
  }

  Lines lines() {
    return lines;
  }

  Sessions sessions() {
    return sessions;
  }

  Changes changes() {
    return changes;
  }
}
