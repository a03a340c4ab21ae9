package io.concert.queue;

import io.concert.domain.Aggregate;
import io.concert.domain.Decision;
import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.QueueMessages.Admission;
import io.concert.queue.RoomReply.Standing;
import java.util.ArrayList;
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
  /** A poll so soon after the last changes nothing, which spares the backup a message. */
  static final long SEEN_GRAIN_MILLIS = 2_000;

  private final Changes changes = new Changes();
  private final Lines lines = new Lines(changes);
  private final Sessions sessions = new Sessions(lines, changes);
  private final RoomState state;

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

  @Override
  public Decision<RoomEvent, RoomReply> decide(RoomCommand command, long now) {
    if (command instanceof RoomCommand.Poll poll) {
      return poll(poll.user(), poll.place(), poll.arrivalMillis(), now);
    }
    if (command instanceof RoomCommand.Look look) {
      return look(look, now);
    }
    if (command instanceof RoomCommand.Enter enter) {
      return enter(enter, now);
    }
    if (command instanceof RoomCommand.Rejoin rejoin) {
      return rejoin(rejoin, now);
    }
    if (command instanceof RoomCommand.Leave leave) {
      return leave(leave.user(), leave.place(), now);
    }
    if (command instanceof RoomCommand.CheckAdmission check) {
      return answer(checkAdmission(check.user(), check.place(), now), now);
    }
    if (command instanceof RoomCommand.NextInLine next) {
      return answer(nextInLine(next.limit(), now), now);
    }
    if (command instanceof RoomCommand.Learn learn) {
      return learn(learn.truths(), learn.reading(), now);
    }
    if (command instanceof RoomCommand.BeginEpoch begin) {
      return begin.reading().epoch() > state.epoch()
          ? Decision.change(new RoomEvent.EpochBegun(now, begin.reading()), new RoomReply.Done())
          : answer(new RoomReply.Done(), now);
    }
    var end = (RoomCommand.EndSession) command;
    return learn(endOf(end.user(), end.session()), Optional.empty(), now);
  }

  /** What has changed is read when the looker's own news has been taken in. */
  @Override
  public RoomReply report(RoomCommand command, RoomReply decided, long now) {
    return command instanceof RoomCommand.Look look ? sight(look, now) : decided;
  }

  @Override
  public void apply(RoomEvent event) {
    long now = event.nowMillis();
    changes.next();
    state.flow().advance(now, state.facts().admitsAt(now) ? lines.present() : 0);
    state.flow().departed(lines.expire(unseenSince(now)));
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
      state.flow().departed(lines.isPresent(spot, unseenSince(now)) ? 1 : 0);
      lines.leave(spot, Line.TAKEN);
    } else if (event instanceof RoomEvent.EpochBegun begun) {
      state.begin(begun.reading().epoch());
      applyReading(begun.reading());
    } else if (event instanceof RoomEvent.Learned learned) {
      applyTruths(learned.truths());
      learned.reading().ifPresent(this::applyReading);
    }
  }

  private Decision<RoomEvent, RoomReply> enter(RoomCommand.Enter enter, long now) {
    UserId user = enter.user();
    SessionTruth session = sessions.of(user);
    if (session != null && session.liveAt(now)) {
      return answer(state.facts().inside(session, now), now);
    }
    if (session != null && !enter.afterLooking()) {
      return answer(new RoomReply.AskDatabase(session.place()), now);
    }
    long spot = lines.spotOf(user);
    if (spot != Lines.NOWHERE) {
      return seen(user, spot, now);
    }
    if (!enter.mayCreate()) {
      return answer(new RoomReply.NoPlace(), now);
    }
    int sequence = lines.end(state.epoch());
    Optional<RoomReply> obstacle = obstacle(sequence, now);
    if (obstacle.isPresent()) {
      return answer(obstacle.get(), now);
    }
    Place place = new Place(state.epoch(), sequence);
    return Decision.change(
        new RoomEvent.Entered(now, user, sequence),
        inLine(true, user, lines.spotOf(place), place, now, now));
  }

  /** Why nobody can be given the place with this sequence at the moment. */
  private Optional<RoomReply> obstacle(int sequence, long now) {
    if (needsEpoch(now)) {
      return Optional.of(new RoomReply.NeedsEpoch());
    }
    if (!Line.canHold(sequence)) {
      return Optional.of(new RoomReply.Full());
    }
    if (state.mustReserve(sequence)) {
      return Optional.of(new RoomReply.NeedsPlaces(state.epoch(), state.enoughAfter(sequence)));
    }
    long wait = state.millisUntilJoin(now);
    return wait == 0 ? Optional.empty() : Optional.of(new RoomReply.TooManyJoins(wait));
  }

  /** After an opening, places are given in an epoch that no draw has covered. */
  private boolean needsEpoch(long now) {
    return lines.isDrawn(state.epoch()) || state.openingHasCome(now);
  }

  private Decision<RoomEvent, RoomReply> poll(UserId user, Place place, long arrival, long now) {
    SessionTruth session = sessions.at(user, place);
    if (session != null) {
      boolean live = session.liveAt(now);
      return answer(
          live ? state.facts().inside(session, now) : new RoomReply.AskDatabase(place), now);
    }
    long spot = lines.spotOf(place);
    long found = lines.userAt(spot);
    if (found == user.number()) {
      return seen(user, spot, now);
    }
    if (found == Line.UNKNOWN && spot != Lines.NOWHERE) {
      return answer(new RoomReply.AskDatabase(place), now);
    }
    return answer(RoomFacts.ended(user, place, arrival, now), now);
  }

  private Decision<RoomEvent, RoomReply> rejoin(RoomCommand.Rejoin rejoin, long now) {
    UserId user = rejoin.user();
    Place place = rejoin.place();
    long spot = lines.spotOf(place);
    if (spot == Lines.NOWHERE || lines.userAt(spot) != Line.UNKNOWN) {
      return poll(user, place, rejoin.arrivalMillis(), now);
    }
    var event = new RoomEvent.Rejoined(now, user, place, rejoin.arrivalMillis());
    RoomReply reply =
        keepsAnother(user, spot, now)
            ? RoomFacts.ended(user, place, rejoin.arrivalMillis(), now)
            : inLine(false, user, spot, place, rejoin.arrivalMillis(), now);
    return Decision.change(event, reply);
  }

  private Decision<RoomEvent, RoomReply> leave(UserId user, Place place, long now) {
    SessionTruth session = sessions.at(user, place);
    if (session != null) {
      return answer(new RoomReply.InSession(session.id()), now);
    }
    long spot = lines.spotOf(place);
    long found = lines.userAt(spot);
    if (found == user.number()) {
      return Decision.change(new RoomEvent.Left(now, place), new RoomReply.Done());
    }
    return found == Line.UNKNOWN && spot != Lines.NOWHERE
        ? answer(new RoomReply.AskDatabase(place), now)
        : answer(new RoomReply.Done(), now);
  }

  private RoomReply checkAdmission(UserId user, Place place, long now) {
    SessionTruth session = sessions.at(user, place);
    if (session == null) {
      long spot = lines.spotOf(place);
      return spot != Lines.NOWHERE && lines.userAt(spot) == Line.UNKNOWN
          ? new RoomReply.AskDatabase(place)
          : new RoomReply.Checked(Admission.none());
    }
    return session.liveAt(now)
        ? new RoomReply.Checked(session.admissionAt(now))
        : new RoomReply.AskDatabase(place);
  }

  private RoomReply nextInLine(int limit, long now) {
    int wanted = state.facts().admitsAt(now) ? Math.min(limit, free()) : 0;
    List<RoomReply.Candidate> next = new ArrayList<>();
    for (long spot : lines.first(wanted, unseenSince(now))) {
      next.add(
          new RoomReply.Candidate(
              new UserId(lines.userAt(spot)), lines.placeAt(spot), lines.arrivalAt(spot)));
    }
    boolean needsEpoch = needsEpoch(now);
    int present = (int) lines.presentSince(unseenSince(now));
    return new RoomReply.LineUp(
        next,
        state.asOfXid(),
        state.epoch(),
        needsEpoch,
        needsEpoch ? 0 : state.wantsReserved(lines.end(state.epoch())),
        present > 0 || now < state.facts().admitsFromMillis(),
        present,
        sessions.count(),
        state.facts().settings().capacity());
  }

  private Decision<RoomEvent, RoomReply> learn(
      List<SessionTruth> truths, Optional<RoomCommand.Reading> reading, long now) {
    List<SessionTruth> news = truths.stream().filter(sessions::isNews).toList();
    var newer = reading.filter(state::isNews);
    if (news.isEmpty() && newer.isEmpty()) {
      return answer(new RoomReply.Done(), now);
    }
    return Decision.change(new RoomEvent.Learned(now, news, newer), new RoomReply.Done());
  }

  private List<SessionTruth> endOf(UserId user, SessionId id) {
    SessionTruth session = sessions.of(user);
    return session != null && session.id().equals(id) ? List.of(session.asEnded()) : List.of();
  }

  private Decision<RoomEvent, RoomReply> look(RoomCommand.Look look, long now) {
    List<Long> spots = new ArrayList<>();
    for (RoomCommand.SeenPlace seen : look.seen()) {
      if (waitsAt(seen)) {
        spots.add(lines.spotOf(seen.place()));
      }
    }
    return spots.isEmpty()
        ? answer(new RoomReply.Done(), now)
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

  private Sight sight(RoomCommand.Look look, long now) {
    boolean known = look.incarnation() == state.incarnation() && look.since() <= changes.now();
    var ended = known && look.since() > 0 ? sessions.endedSince(look.since()) : null;
    long since = ended == null ? 0 : look.since();
    boolean facts = state.factsChangedAt() > since;
    return new Sight(
        state.incarnation(),
        since,
        changes.now(),
        now,
        facts ? Optional.of(state.facts()) : Optional.empty(),
        facts ? lines.draws() : List.of(),
        state.flow().sums(),
        SightPages.write(lines, since),
        sessions.changedSince(since),
        ended == null ? List.of() : ended,
        look.seen().stream()
            .filter(this::waitsSomebodyElseAt)
            .map(RoomCommand.SeenPlace::place)
            .toList());
  }

  /** Whoever is found becomes present again, unless that was written down a moment ago. */
  private Decision<RoomEvent, RoomReply> seen(UserId user, long spot, long now) {
    Standing standing = inLine(false, user, spot, lines.placeAt(spot), lines.arrivalAt(spot), now);
    return lines.isPresent(spot, now - SEEN_GRAIN_MILLIS + 1)
        ? answer(standing, now)
        : Decision.change(new RoomEvent.Seen(now, spot), standing);
  }

  /** An answer changes nothing but what time itself has changed. */
  private Decision<RoomEvent, RoomReply> answer(RoomReply reply, long now) {
    return lines.anyoneUnseenSince(unseenSince(now))
        ? Decision.change(new RoomEvent.Aged(now), reply)
        : Decision.answer(reply);
  }

  private Standing inLine(
      boolean created, UserId user, long spot, Place place, long arrival, long now) {
    long unseen = unseenSince(now);
    long gathered = 0;
    if (state.facts().ahead().isPresent()) {
      // The asker may be counted at a later place, which is about to be given up for this one.
      long own = lines.spotOf(user);
      boolean counted = own != Lines.NOWHERE && lines.isPresent(own, unseen);
      gathered = lines.presentSince(unseen) + (counted ? 0 : 1);
    }
    return state
        .facts()
        .waiting(
            created,
            user,
            place,
            arrival,
            lines.presentBefore(spot, unseen),
            gathered,
            free(),
            state.flow().sums(),
            now);
  }

  private int free() {
    return state.facts().settings().capacity() - sessions.count();
  }

  private long unseenSince(long now) {
    return now - state.facts().presenceMillis();
  }

  /** One person keeps one place: a live session, else the older place. */
  private boolean keepsAnother(UserId user, long spot, long now) {
    SessionTruth session = sessions.of(user);
    if (session != null && session.liveAt(now)) {
      return true;
    }
    long other = lines.spotOf(user);
    return other != Lines.NOWHERE && other < spot;
  }

  private void see(long spot, long now) {
    state.flow().departed(lines.isPresent(spot, unseenSince(now)) ? 0 : -1);
    lines.see(spot, now);
  }

  private void applyRejoined(RoomEvent.Rejoined rejoined, long now) {
    long spot = lines.spotOf(rejoined.place());
    if (keepsAnother(rejoined.user(), spot, now)) {
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
