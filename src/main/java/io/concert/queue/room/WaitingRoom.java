package io.concert.queue.room;

import io.concert.domain.Aggregate;
import io.concert.domain.Decision;
import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.line.Changes;
import io.concert.queue.line.Line;
import io.concert.queue.line.Lines;
import java.util.List;
import java.util.Optional;

/**
 * Who waits in which order, and who is in. First come, first served by place; the number somebody
 * hears is the exact rank among those present, over all lines. People who stopped asking are passed
 * over and keep their places.
 *
 * <p>Of the copies that there may be after faults only one gives places and names who is next, as
 * {@link RoomState#isGiver} says; the others answer for the places that they know.
 *
 * <p>The room admits nobody: it names who is next, PostgreSQL decides, and only a session's row
 * that was learned makes a place ACTIVE. It draws no lots and begins no epochs either: it says that
 * an opening has come, and learns what the database made of it.
 *
 * <p>Everything is O(log n) in the places of the room but a draw, which is O(n). A place takes 32
 * bytes in its line, 11 to 21 in the index of users, and 8 more once drawn.
 */
public final class WaitingRoom implements Aggregate<RoomCommand, RoomEvent, RoomReply> {
  private final Changes changes = new Changes();
  private final Lines lines = new Lines(changes);
  private final Sessions sessions = new Sessions(lines, changes);
  private final RoomState state;
  private final RoomDecisions decisions;
  private final RoomDeltas deltas;

  /**
   * A room in which nobody waits yet. Before it gives a place an epoch has to be begun for it.
   *
   * @param epoch from 1; the newest that the database knows of
   */
  public WaitingRoom(int epoch, RoomCommand.RoomSnapshot reading) {
    this(new RoomState(epoch, reading));
    reading.draws().forEach(lines::draw);
  }

  /**
   * A room that is its own only copy and needs no database: it gives as many places as reserved.
   */
  public static WaitingRoom alone(int epoch, RoomCommand.RoomSnapshot reading) {
    WaitingRoom room = new WaitingRoom(epoch, reading);
    room.state.begin(epoch, room.state.own().id());
    room.state.own().assumeForGood();
    room.applyReading(reading);
    return room;
  }

  /** A room that was written elsewhere, to be filled. */
  WaitingRoom(RoomState state) {
    this.state = state;
    this.decisions = new RoomDecisions(state, lines, sessions);
    this.deltas = new RoomDeltas(state, lines, sessions, changes);
  }

  /**
   * A room that was lost: nobody has come back yet, and those who were in still are.
   *
   * @param admitsFromMillis when everybody has had time to come back
   */
  public static WaitingRoom opened(
      int epoch, RoomCommand.RoomSnapshot reading, List<SessionRow> live, long admitsFromMillis) {
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
    if (isAboutPeople(command) && now >= state.own().answersUntil(state.isGiver(), now)) {
      return Decision.answer(new RoomReply.NeedsLook(state.own().lookedAt()));
    }
    if (command instanceof RoomCommand.Poll poll) {
      return decisions.poll(poll.user(), poll.place(), poll.arrivalMillis(), now);
    }
    if (command instanceof RoomCommand.Look look) {
      return deltas.look(look, now);
    }
    if (command instanceof RoomCommand.Enter enter) {
      return decisions.enter(enter, now);
    }
    if (command instanceof RoomCommand.Rejoin rejoin) {
      return decisions.rejoin(rejoin, now);
    }
    if (command instanceof RoomCommand.Leave leave) {
      return decisions.leave(leave.user(), leave.place(), now);
    }
    if (command instanceof RoomCommand.CheckAdmission check) {
      return Decision.answer(decisions.checkAdmission(check.user(), check.place(), now));
    }
    if (command instanceof RoomCommand.NextInLine next) {
      return Decision.answer(decisions.nextInLine(next.limit(), now));
    }
    if (command instanceof RoomCommand.Learn learn) {
      noteLook(learn, now);
      return learn(learn.sessionRows(), learn.reading(), now);
    }
    if (command instanceof RoomCommand.Trust trust) {
      state.own().assume(trust.lookedAtMillis(), now);
      return Decision.answer(new RoomReply.Done());
    }
    if (command instanceof RoomCommand.BeginEpoch begin) {
      return begin(begin, now);
    }
    var end = (RoomCommand.EndSession) command;
    return learn(endOf(end.user(), end.session()), Optional.empty(), now);
  }

  /** What has changed is read when the looker's own news has been taken in. */
  @Override
  public RoomReply report(RoomCommand command, RoomReply decided, long now) {
    return command instanceof RoomCommand.Look look && decided instanceof RoomReply.Done
        ? deltas.delta(look, now)
        : decided;
  }

  /** Whatever is answered out of what this copy knows of people, who may know better. */
  private static boolean isAboutPeople(RoomCommand command) {
    return command instanceof RoomCommand.Enter
        || command instanceof RoomCommand.Poll
        || command instanceof RoomCommand.Rejoin
        || command instanceof RoomCommand.Leave
        || command instanceof RoomCommand.CheckAdmission
        || command instanceof RoomCommand.Look;
  }

  /** What a copy knows about itself is no state: it is noted here, and no backup hears of it. */
  private void noteLook(RoomCommand.Learn learn, long now) {
    learn
        .reading()
        .ifPresent(
            reading -> {
              if (reading.sinceXid() <= state.asOfXid()) {
                state.own().looked(learn.lookedAtMillis(), now);
              }
              if (reading.newestEpoch() > state.epoch()) {
                state.own().shares(now);
              }
            });
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
      state.begin(begun.reading().epoch(), begun.giver());
      state.admitFrom(begun.admitsFromMillis(), changes.now());
      applyReading(begun.reading());
    } else if (event instanceof RoomEvent.Learned learned) {
      applySessionRows(learned.sessionRows());
      learned.reading().ifPresent(this::applyReading);
    }
  }

  /**
   * Who takes over lets nobody in before the other copies have noticed, and before people of whom
   * it doesn't know have had time to come back. Two that take over from each other wait once.
   */
  private Decision<RoomEvent, RoomReply> begin(RoomCommand.BeginEpoch begin, long now) {
    if (begin.reading().epoch() <= state.epoch()) {
      return Decision.answer(new RoomReply.Done());
    }
    long admitsFrom = state.facts().admitsFromMillis();
    boolean thereIsAnother =
        begin.lost() || (state.giver() != begin.giver() && state.giver() != OwnCopy.NONE);
    if (thereIsAnother) {
      // It may hear from the database whom this copy lets in before this copy hears it.
      state.own().shares(now);
    }
    if (thereIsAnother && state.own().takesOver(now)) {
      long back = begin.lost() ? begin.reading().settings().reentry().toMillis() : 0;
      admitsFrom = Math.max(admitsFrom, now + Math.max(back, OwnCopy.GRACE_MILLIS));
    }
    return Decision.change(
        new RoomEvent.EpochBegun(now, begin.reading(), begin.giver(), admitsFrom),
        new RoomReply.Done());
  }

  private Decision<RoomEvent, RoomReply> learn(
      List<SessionRow> sessionRows, Optional<RoomCommand.RoomSnapshot> reading, long now) {
    List<SessionRow> news = sessionRows.stream().filter(sessions::isNews).toList();
    // The reader asked another copy for the bound: what changed before it was not read for this
    // one.
    var newer =
        reading
            .map(it -> it.sinceXid() > state.asOfXid() ? it.withoutSessions() : it)
            .filter(state::isNews);
    if (news.isEmpty() && newer.isEmpty()) {
      return Decision.answer(new RoomReply.Done());
    }
    return Decision.change(new RoomEvent.Learned(now, news, newer), ownersLeft(news));
  }

  /** People who left after they were named as next, and before this was learned. */
  private RoomReply ownersLeft(List<SessionRow> news) {
    List<RoomReply.OwnersLeft.Session> left =
        news.stream()
            .filter(row -> !row.ended() && decisions.hasLeft(row.user(), row.place()))
            .map(row -> new RoomReply.OwnersLeft.Session(row.user(), row.id()))
            .toList();
    return left.isEmpty() ? new RoomReply.Done() : new RoomReply.OwnersLeft(left);
  }

  private List<SessionRow> endOf(UserId user, SessionId id) {
    SessionRow session = sessions.of(user);
    return session != null && session.id().equals(id) ? List.of(session.asEnded()) : List.of();
  }

  private void see(long spot, long now) {
    state.flow().departed(lines.isPresent(spot, state.unseenSince(now)) ? 0 : -1);
    lines.see(spot, now);
  }

  private void applyRejoined(RoomEvent.Rejoined rejoined, long now) {
    long spot = lines.spotOf(rejoined.place());
    if (decisions.keepsAnother(rejoined.user(), spot, now)) {
      lines.leave(spot, Line.TAKEN);
      return;
    }
    long other = lines.spotOf(rejoined.user());
    if (other != Lines.NOWHERE) {
      lines.leave(other, Line.TAKEN);
    }
    lines.stand(spot, rejoined.user(), rejoined.arrivalMillis(), now);
  }

  private void applySessionRows(List<SessionRow> sessionRows) {
    int endedBefore = sessions.endedSoFar();
    sessionRows.forEach(sessions::learn);
    opened(sessions.endedSoFar() - endedBefore);
  }

  private void applyReading(RoomCommand.RoomSnapshot reading) {
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

  /** Places of an epoch are given once, also where the database has lost that it began. */
  @Override
  public long generation() {
    return state.newestEpoch();
  }

  public RoomState state() {
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
