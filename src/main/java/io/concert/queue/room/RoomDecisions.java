package io.concert.queue.room;

import io.concert.domain.Decision;
import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.line.Line;
import io.concert.queue.line.Lines;
import io.concert.queue.room.RoomReply.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a room answers to people, and to the doorkeeper about them. It decides and changes nothing;
 * the room applies what was decided.
 */
public final class RoomDecisions {
  /** A poll so soon after the last changes nothing, which spares the backup a message. */
  public static final long SEEN_GRAIN_MILLIS = 2_000;

  /** So many may be let in within a moment besides those for whom there is a slot. */
  public static final int FRONT = 500;

  private final RoomState state;
  private final Lines lines;
  private final Sessions sessions;

  RoomDecisions(RoomState state, Lines lines, Sessions sessions) {
    this.state = state;
    this.lines = lines;
    this.sessions = sessions;
  }

  Decision<RoomEvent, RoomReply> enter(RoomCommand.Enter enter, long now) {
    UserId user = enter.user();
    SessionRow session = sessions.of(user);
    if (session != null && session.liveAt(now)) {
      return Decision.answer(state.facts().inside(session, now));
    }
    if (session != null && !enter.afterLooking()) {
      return Decision.answer(new RoomReply.AskDatabase(session.place()));
    }
    long spot = lines.spotOf(user);
    if (spot != Lines.NOWHERE) {
      return !enter.afterLooking() && mayBeIn(spot, now)
          ? Decision.answer(new RoomReply.AskDatabase(lines.placeAt(spot)))
          : seen(user, spot, now);
    }
    if (!enter.mayCreate()) {
      return Decision.answer(new RoomReply.NoPlace());
    }
    int sequence = lines.end(state.epoch());
    Optional<RoomReply> obstacle = obstacle(sequence, now);
    if (obstacle.isPresent()) {
      return Decision.answer(obstacle.get());
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

  /** Places are given by one copy, and after an opening in an epoch that no draw has covered. */
  private boolean needsEpoch(long now) {
    return !state.isGiver() || lines.isDrawn(state.epoch()) || state.openingHasCome(now);
  }

  Decision<RoomEvent, RoomReply> poll(UserId user, Place place, long arrival, long now) {
    return poll(user, place, arrival, false, now);
  }

  /**
   * @param afterLooking whether the place's row was looked for and isn't there
   */
  private Decision<RoomEvent, RoomReply> poll(
      UserId user, Place place, long arrival, boolean afterLooking, long now) {
    SessionRow session = sessions.at(user, place);
    if (session != null) {
      boolean live = session.liveAt(now);
      return Decision.answer(
          live ? state.facts().inside(session, now) : new RoomReply.AskDatabase(place));
    }
    long spot = lines.spotOf(place);
    long found = lines.userAt(spot);
    if (found == user.number()) {
      return !afterLooking && mayBeIn(spot, now)
          ? Decision.answer(new RoomReply.AskDatabase(place))
          : seen(user, spot, now);
    }
    if (found == Line.UNKNOWN && spot != Lines.NOWHERE) {
      return Decision.answer(new RoomReply.AskDatabase(place));
    }
    if (found == Line.MISSED) {
      return Decision.answer(new RoomReply.MissedTurn());
    }
    return Decision.answer(
        found == Line.TAKEN && isElsewhere(user)
            ? new RoomReply.KeepsAnother()
            : RoomConfig.ended(user, place, arrival, now));
  }

  /** Whether somebody waits or is in, at whatever place. */
  private boolean isElsewhere(UserId user) {
    return sessions.of(user) != null || lines.spotOf(user) != Lines.NOWHERE;
  }

  Decision<RoomEvent, RoomReply> rejoin(RoomCommand.Rejoin rejoin, long now) {
    UserId user = rejoin.user();
    Place place = rejoin.place();
    long spot = lines.spotOf(place);
    if (spot == Lines.NOWHERE || lines.userAt(spot) != Line.UNKNOWN) {
      return poll(user, place, rejoin.arrivalMillis(), true, now);
    }
    var event = new RoomEvent.Rejoined(now, user, place, rejoin.arrivalMillis());
    RoomReply reply =
        keepsAnother(user, spot, now)
            ? new RoomReply.KeepsAnother()
            : inLine(false, user, spot, place, rejoin.arrivalMillis(), now);
    return Decision.change(event, reply);
  }

  Decision<RoomEvent, RoomReply> leave(UserId user, Place place, long now) {
    SessionRow session = sessions.at(user, place);
    if (session != null) {
      return Decision.answer(new RoomReply.InSession(session.id()));
    }
    long spot = lines.spotOf(place);
    long found = lines.userAt(spot);
    if (found == Line.MISSED) {
      return leaveInstead(user, now);
    }
    if (found == user.number()) {
      return Decision.change(new RoomEvent.Left(now, place), new RoomReply.Done());
    }
    return found == Line.UNKNOWN && spot != Lines.NOWHERE
        ? Decision.answer(new RoomReply.AskDatabase(place))
        : Decision.answer(new RoomReply.Done());
  }

  /** Whether somebody gave up this place and stands at no other. */
  boolean hasLeft(UserId user, Place place) {
    return lines.userAt(lines.spotOf(place)) == Line.TAKEN && !isElsewhere(user);
  }

  /** Leaves wherever somebody came to stand whose turn at another place was missed. */
  private Decision<RoomEvent, RoomReply> leaveInstead(UserId user, long now) {
    SessionRow session = sessions.of(user);
    if (session != null) {
      return Decision.answer(new RoomReply.InSession(session.id()));
    }
    long spot = lines.spotOf(user);
    return spot == Lines.NOWHERE
        ? Decision.answer(new RoomReply.Done())
        : Decision.change(new RoomEvent.Left(now, lines.placeAt(spot)), new RoomReply.Done());
  }

  /**
   * A place that was given up, or whose turn was missed, opens what its owner's present one does.
   */
  RoomReply checkAdmission(UserId user, Place place, long now) {
    long spot = lines.spotOf(place);
    long found = lines.userAt(spot);
    SessionRow session =
        found == Line.MISSED || found == Line.TAKEN ? sessions.of(user) : sessions.at(user, place);
    if (session == null) {
      boolean mayBe =
          found == Line.UNKNOWN
              || (found == user.number() && state.own().mayBeBehind(state.isGiver(), now));
      return spot != Lines.NOWHERE && mayBe
          ? new RoomReply.AskDatabase(place)
          : new RoomReply.Checked(Admission.none());
    }
    return session.liveAt(now)
        ? new RoomReply.Checked(session.admissionAt(now))
        : new RoomReply.AskDatabase(session.place());
  }

  /** Who is next for the free slots, and what else there is to do at the door. */
  RoomReply nextInLine(int limit, long now) {
    boolean needsEpoch = needsEpoch(now);
    int wanted = !needsEpoch && state.facts().admitsAt(now) ? Math.min(limit, free()) : 0;
    List<RoomReply.Candidate> next = new ArrayList<>();
    for (long spot : lines.first(wanted, state.unseenSince(now))) {
      next.add(
          new RoomReply.Candidate(
              new UserId(lines.userAt(spot)), lines.placeAt(spot), lines.arrivalAt(spot)));
    }
    int present = (int) lines.presentSince(state.unseenSince(now));
    return new RoomReply.LineUp(
        next,
        state.asOfXid(),
        state.own().id(),
        state.epoch(),
        state.newestEpoch(),
        needsEpoch,
        needsEpoch ? 0 : state.wantsReserved(lines.end(state.epoch())),
        present > 0 || now < state.facts().admitsFromMillis(),
        present,
        sessions.count(),
        state.facts().settings().capacity());
  }

  /** Anyone who is found becomes present again, unless that was written down a moment ago. */
  private Decision<RoomEvent, RoomReply> seen(UserId user, long spot, long now) {
    Standing standing = inLine(false, user, spot, lines.placeAt(spot), lines.arrivalAt(spot), now);
    return lines.isPresent(spot, now - SEEN_GRAIN_MILLIS + 1)
        ? Decision.answer(standing)
        : Decision.change(new RoomEvent.Seen(now, spot), standing);
  }

  private Standing inLine(
      boolean created, UserId user, long spot, Place place, long arrival, long now) {
    long unseen = state.unseenSince(now);
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

  /** Whether another copy may have let in somebody who waits here. */
  private boolean mayBeIn(long spot, long now) {
    return state.own().mayBeBehind(state.isGiver(), now)
        && lines.presentBefore(spot, state.unseenSince(now)) < (long) free() + FRONT;
  }

  private int free() {
    return state.facts().settings().capacity() - sessions.count();
  }

  /** One person keeps one place: a live session, else the older place. */
  boolean keepsAnother(UserId user, long spot, long now) {
    SessionRow session = sessions.of(user);
    if (session != null && session.liveAt(now)) {
      return true;
    }
    long other = lines.spotOf(user);
    return other != Lines.NOWHERE && other < spot;
  }
}
