package io.concert.queue;

import io.concert.domain.Aggregate;
import io.concert.domain.Decision;
import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.QueueMessages.AdmissionState;
import io.concert.queue.RoomReply.Standing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who waits in which order, and who is in. First come, first served by place; the number somebody
 * hears is the exact rank among those present, over all lines, earlier epochs first. People who
 * stopped asking are passed over and keep their places.
 *
 * <p>The room admits nobody: it names who is next, PostgreSQL decides, and only a session's row
 * that was learned makes a place ACTIVE. What is learned is merged so that late, repeated and
 * reordered news lead to the same state; a place whose session has ended stays spent.
 *
 * <p>Everything is O(log n) in the places of the room. A place takes 32 bytes in its line and 11 to
 * 21 in the index of users.
 */
final class WaitingRoom implements Aggregate<RoomCommand, RoomEvent, RoomReply> {
  /** Who hasn't asked for so long is absent. */
  static final long PRESENCE_MILLIS = 30_000;

  /** A poll so soon after the last changes nothing, which spares the backup a message. */
  static final long SEEN_GRAIN_MILLIS = 2_000;

  private final int epoch;
  private final NavigableMap<Integer, Line> lines = new TreeMap<>();
  private final Line current = new Line();
  private final PlaceIndex waiting = new PlaceIndex(this::userAtPacked);
  private final Map<UserId, SessionTruth> sessions = new HashMap<>();
  private int capacity;
  private long asOfXid;

  /**
   * A room in which nobody waits yet.
   *
   * @param epoch from 1; every place that this room gives carries it
   */
  WaitingRoom(int epoch, RoomCommand.Reading reading) {
    if (epoch < 1) {
      throw new IllegalArgumentException("epochs begin at 1");
    }
    this.epoch = epoch;
    this.capacity = reading.capacity();
    this.asOfXid = reading.asOfXid();
    lines.put(epoch, current);
  }

  /** A room that was lost: nobody has come back yet, and whoever was in still is. */
  static WaitingRoom opened(int epoch, RoomCommand.Reading reading, List<SessionTruth> live) {
    WaitingRoom room = new WaitingRoom(epoch, reading);
    live.forEach(room::applyTruth);
    return room;
  }

  @Override
  public Decision<RoomEvent, RoomReply> decide(RoomCommand command, long now) {
    if (command instanceof RoomCommand.Poll poll) {
      return poll(poll.user(), poll.place(), poll.arrivalMillis(), now);
    }
    if (command instanceof RoomCommand.Enter enter) {
      return enter(enter.user(), enter.afterLooking(), now);
    }
    if (command instanceof RoomCommand.Rejoin rejoin) {
      return rejoin(rejoin, now);
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
    var end = (RoomCommand.EndSession) command;
    return learn(endOf(end.user(), end.session()), Optional.empty(), now);
  }

  @Override
  public void apply(RoomEvent event) {
    long now = event.nowMillis();
    lines.values().forEach(line -> line.expire(now - PRESENCE_MILLIS));
    if (event instanceof RoomEvent.Seen seen) {
      lineOf(seen.place()).see((int) seen.place().sequence(), now);
    } else if (event instanceof RoomEvent.Entered entered) {
      stand(entered.user(), new Place(epoch, entered.sequence()), now, now);
    } else if (event instanceof RoomEvent.Rejoined rejoined) {
      applyRejoined(rejoined, now);
    } else if (event instanceof RoomEvent.Learned learned) {
      learned.truths().forEach(this::applyTruth);
      learned.reading().ifPresent(this::applyReading);
    }
  }

  private Decision<RoomEvent, RoomReply> enter(UserId user, boolean afterLooking, long now) {
    SessionTruth session = sessions.get(user);
    if (session != null && session.liveAt(now)) {
      return answer(inside(session, now), now);
    }
    if (session != null && !afterLooking) {
      return answer(new RoomReply.AskDatabase(session.place()), now);
    }
    long packed = waiting.find(user.number());
    if (packed != PlaceIndex.NONE) {
      return seen(user, unpack(packed), now);
    }
    if (!Line.canHold(current.end())) {
      return answer(new RoomReply.Full(), now);
    }
    Place place = new Place(epoch, current.end());
    return Decision.change(
        new RoomEvent.Entered(now, user, place.sequence()), inLine(true, user, place, now, now));
  }

  private Decision<RoomEvent, RoomReply> poll(UserId user, Place place, long arrival, long now) {
    SessionTruth session = sessionAt(user, place);
    if (session != null) {
      boolean live = session.liveAt(now);
      return answer(live ? inside(session, now) : new RoomReply.AskDatabase(place), now);
    }
    long found = userAt(place);
    if (found == user.number()) {
      return seen(user, place, now);
    }
    if (found == Line.UNKNOWN && mayBeGiven(place)) {
      return answer(new RoomReply.AskDatabase(place), now);
    }
    return answer(ended(user, place, arrival, now), now);
  }

  private Decision<RoomEvent, RoomReply> rejoin(RoomCommand.Rejoin rejoin, long now) {
    UserId user = rejoin.user();
    Place place = rejoin.place();
    if (userAt(place) != Line.UNKNOWN || !mayBeGiven(place)) {
      return poll(user, place, rejoin.arrivalMillis(), now);
    }
    var event = new RoomEvent.Rejoined(now, user, place, rejoin.arrivalMillis());
    RoomReply reply =
        keepsAnother(user, place, now)
            ? ended(user, place, rejoin.arrivalMillis(), now)
            : inLine(false, user, place, rejoin.arrivalMillis(), now);
    return Decision.change(event, reply);
  }

  private RoomReply checkAdmission(UserId user, Place place, long now) {
    SessionTruth session = sessionAt(user, place);
    if (session == null) {
      return userAt(place) == Line.UNKNOWN && mayBeGiven(place)
          ? new RoomReply.AskDatabase(place)
          : new RoomReply.Checked(AdmissionState.NONE);
    }
    if (!session.liveAt(now)) {
      return new RoomReply.AskDatabase(place);
    }
    boolean own = now < session.endsAtMillis();
    return new RoomReply.Checked(own ? AdmissionState.ACTIVE : AdmissionState.PAYING);
  }

  private RoomReply nextInLine(int limit, long now) {
    int wanted = Math.min(limit, capacity - sessions.size());
    List<RoomReply.Candidate> next = new ArrayList<>();
    for (var numbered : lines.entrySet()) {
      Line line = numbered.getValue();
      for (int rank = 0; next.size() < wanted && rank < line.present(); rank++) {
        int sequence = line.presentAt(rank);
        if (line.lastSeenAt(sequence) >= now - PRESENCE_MILLIS) {
          next.add(
              new RoomReply.Candidate(
                  new UserId(line.userAt(sequence)),
                  new Place(numbered.getKey(), sequence),
                  line.arrivalAt(sequence)));
        }
      }
    }
    return new RoomReply.LineUp(next, asOfXid);
  }

  private Decision<RoomEvent, RoomReply> learn(
      List<SessionTruth> truths, Optional<RoomCommand.Reading> reading, long now) {
    List<SessionTruth> news = truths.stream().filter(this::isNews).toList();
    var newer = reading.filter(r -> r.asOfXid() > asOfXid || r.capacity() != capacity);
    if (news.isEmpty() && newer.isEmpty()) {
      return answer(new RoomReply.Done(), now);
    }
    return Decision.change(new RoomEvent.Learned(now, news, newer), new RoomReply.Done());
  }

  private List<SessionTruth> endOf(UserId user, SessionId id) {
    SessionTruth session = sessions.get(user);
    return session != null && session.id().equals(id) ? List.of(session.asEnded()) : List.of();
  }

  private boolean isNews(SessionTruth truth) {
    if (userAt(truth.place()) == Line.SPENT) {
      return false;
    }
    SessionTruth known = sessionAt(truth.user(), truth.place());
    return known == null || truth.ended() || !known.merge(truth).equals(known);
  }

  /** Whoever is found becomes present again, unless that was written down a moment ago. */
  private Decision<RoomEvent, RoomReply> seen(UserId user, Place place, long now) {
    Line line = lineOf(place);
    int sequence = (int) place.sequence();
    Standing standing = inLine(false, user, place, line.arrivalAt(sequence), now);
    return line.isPresent(sequence) && now - line.lastSeenAt(sequence) < SEEN_GRAIN_MILLIS
        ? answer(standing, now)
        : Decision.change(new RoomEvent.Seen(now, place), standing);
  }

  /** An answer changes nothing but what time itself has changed. */
  private Decision<RoomEvent, RoomReply> answer(RoomReply reply, long now) {
    for (Line line : lines.values()) {
      if (line.anyoneUnseenSince(now - PRESENCE_MILLIS)) {
        return Decision.change(new RoomEvent.Aged(now), reply);
      }
    }
    return Decision.answer(reply);
  }

  private Standing inside(SessionTruth session, long now) {
    long expires =
        now < session.endsAtMillis() ? session.endsAtMillis() : session.lastsUntilMillis();
    long pollAfter = Pace.afterMillis(PlaceState.ACTIVE, 0, session.user().number(), now);
    return new Standing(
        false, session.place(), session.arrivalMillis(), PlaceState.ACTIVE, 0, expires, pollAfter);
  }

  private Standing inLine(boolean created, UserId user, Place place, long arrival, long now) {
    long number = 1;
    for (Line line : lines.headMap(place.epoch(), false).values()) {
      number += line.presentBefore(line.end(), now - PRESENCE_MILLIS);
    }
    Line own = lines.get(place.epoch());
    if (own != null) {
      number += own.presentBefore((int) place.sequence(), now - PRESENCE_MILLIS);
    }
    long pollAfter = Pace.afterMillis(PlaceState.WAITING, number, user.number(), now);
    return new Standing(created, place, arrival, PlaceState.WAITING, number, 0, pollAfter);
  }

  /** For a place that opens nothing any more. */
  static Standing ended(UserId user, Place place, long arrival, long now) {
    long pollAfter = Pace.afterMillis(PlaceState.ENDED, 0, user.number(), now);
    return new Standing(false, place, arrival, PlaceState.ENDED, 0, 0, pollAfter);
  }

  private void stand(UserId user, Place place, long arrivalMillis, long now) {
    int sequence = (int) place.sequence();
    lineOf(place).stand(sequence, user.number(), arrivalMillis, now);
    waiting.add(user.number(), PlaceIndex.pack(place.epoch(), sequence));
  }

  /** One person keeps one place: a live session, else the older place. */
  private boolean keepsAnother(UserId user, Place place, long now) {
    SessionTruth session = sessions.get(user);
    if (session != null && session.liveAt(now)) {
      return true;
    }
    long packed = waiting.find(user.number());
    return packed != PlaceIndex.NONE && unpack(packed).compareTo(place) < 0;
  }

  private void applyRejoined(RoomEvent.Rejoined rejoined, long now) {
    Place place = rejoined.place();
    if (keepsAnother(rejoined.user(), place, now)) {
      leave(place, Line.TAKEN);
      return;
    }
    leaveOwnPlace(rejoined.user());
    stand(rejoined.user(), place, rejoined.arrivalMillis(), now);
  }

  private void applyTruth(SessionTruth truth) {
    if (!Line.canHold(truth.place().sequence()) || userAt(truth.place()) == Line.SPENT) {
      return;
    }
    SessionTruth known = sessions.get(truth.user());
    boolean same = known != null && known.id().equals(truth.id());
    if (truth.ended()) {
      leave(truth.place(), Line.SPENT);
      if (same) {
        sessions.remove(truth.user());
      }
    } else if (known == null || same) {
      open(known == null ? truth : known.merge(truth));
    } else if (known.id().number() < truth.id().number()) {
      // A user has one live session at a time, so the one with the lesser id must have ended.
      leave(known.place(), Line.SPENT);
      open(truth);
    } else {
      leave(truth.place(), Line.SPENT);
    }
  }

  private void open(SessionTruth session) {
    leave(session.place(), Line.TAKEN);
    leaveOwnPlace(session.user());
    sessions.put(session.user(), session);
  }

  private void applyReading(RoomCommand.Reading reading) {
    asOfXid = Math.max(asOfXid, reading.asOfXid());
    capacity = reading.capacity();
  }

  private void leaveOwnPlace(UserId user) {
    long packed = waiting.find(user.number());
    if (packed != PlaceIndex.NONE) {
      leave(unpack(packed), Line.TAKEN);
    }
  }

  /** Whoever waits at the place doesn't any more. */
  private void leave(Place place, long mark) {
    long user = userAt(place);
    if (user > 0) {
      waiting.remove(user);
    }
    lineOf(place).mark((int) place.sequence(), mark);
  }

  private static boolean mayBeGiven(Place place) {
    return place.epoch() >= 1 && Line.canHold(place.sequence());
  }

  private @Nullable SessionTruth sessionAt(UserId user, Place place) {
    SessionTruth session = sessions.get(user);
    return session != null && session.place().equals(place) ? session : null;
  }

  private long userAt(Place place) {
    Line line = place.epoch() == epoch ? current : lines.get(place.epoch());
    return line == null ? Line.UNKNOWN : line.userAt(place.sequence());
  }

  private long userAtPacked(long packed) {
    return userAt(unpack(packed));
  }

  private static Place unpack(long packed) {
    return new Place(PlaceIndex.epochOf(packed), PlaceIndex.sequenceOf(packed));
  }

  /** The line of a place, begun if it is the first to come back to it. */
  private Line lineOf(Place place) {
    return place.epoch() == epoch ? current : lines.computeIfAbsent(place.epoch(), e -> new Line());
  }

  int epoch() {
    return epoch;
  }

  int capacity() {
    return capacity;
  }

  long asOfXid() {
    return asOfXid;
  }

  Collection<SessionTruth> sessions() {
    return sessions.values();
  }

  NavigableMap<Integer, Line> lines() {
    return lines;
  }

  /** The line of an epoch, to be filled from what was written elsewhere. */
  Line line(int lineEpoch) {
    return lineOf(new Place(lineEpoch, 0));
  }

  /** Makes those who wait in a line that was filled from outside findable. */
  void indexLine(int lineEpoch) {
    Line line = line(lineEpoch);
    for (int number = 0; number < line.pageCount(); number++) {
      Page page = line.page(number);
      for (int slot = 0; page != null && slot < page.user.length; slot++) {
        if (page.user[slot] > 0) {
          int sequence = number * Page.SIZE + slot;
          waiting.add(page.user[slot], PlaceIndex.pack(lineEpoch, sequence));
        }
      }
    }
  }

  void restore(SessionTruth session) {
    sessions.put(session.user(), session);
  }
}
