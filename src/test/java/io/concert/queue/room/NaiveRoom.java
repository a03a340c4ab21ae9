package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.line.NaiveLine;
import io.concert.queue.line.NaiveLine.At;
import io.concert.queue.line.NaiveLine.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a waiting room should do, in the plainest way: a {@link NaiveLine} of everybody, searched
 * and counted from the front each time, and {@link NaiveSessions} of who is in. What is asked comes
 * here; answers are in words, as {@link Words} says them.
 */
public final class NaiveRoom {
  private int epoch;
  private int newestEpoch;
  private long giver;
  private boolean gives;
  private Optional<Long> tookOver = Optional.empty();
  private RoomCommand.RoomSnapshot known;
  private int reserved;
  private long admitsFrom;
  private final NaiveLine line = new NaiveLine();
  private final NaiveSessions sessions = new NaiveSessions(line);
  private final List<Long> joins = new ArrayList<>();

  NaiveRoom(
      int epoch, RoomCommand.RoomSnapshot reading, List<SessionRow> live, long admitsFromMillis) {
    this.epoch = epoch;
    this.newestEpoch = reading.newestEpoch();
    this.known = reading;
    this.reserved = reading.reserved();
    this.admitsFrom = admitsFromMillis;
    reading.draws().forEach(line::draw);
    live.forEach(sessions::learn);
  }

  /** Time has come to this; anyone who wasn't seen for too long is absent until seen again. */
  void time(long now) {
    line.time(now, known.settings().presence());
  }

  String enter(UserId user, boolean mayCreate, boolean afterLooking, long now) {
    SessionRow session = sessions.of(user);
    if (session != null && now < session.lastsUntilMillis()) {
      return inside(session, now);
    }
    if (session != null && !afterLooking) {
      return "ask " + session.place();
    }
    Person waiting = line.waitingOf(user);
    if (waiting != null) {
      return seen(waiting, now);
    }
    return mayCreate ? join(user, now) : "no place";
  }

  private String join(UserId user, long now) {
    if (needsEpoch(now)) {
      return "needs epoch";
    }
    int next = line.nextSequence(epoch);
    if (next >= reserved) {
      return "needs places " + epoch + " up to " + (next + Math.max(8_192, next / 8));
    }
    int most = known.settings().joinsPerSecond();
    long joinedNow = joins.stream().filter(then -> then / 1_000 == now / 1_000).count();
    if (most > 0 && joinedNow >= most) {
      return "too many until " + (now / 1_000 + 1) * 1_000;
    }
    joins.add(now);
    Person person = new Person(user, new Place(epoch, next), now, At.WAITING);
    line.add(person);
    person.see(now);
    return "new " + standing(person);
  }

  String poll(UserId user, Place place, long now) {
    SessionRow session = sessions.of(user, place);
    if (session != null) {
      return now < session.lastsUntilMillis() ? inside(session, now) : "ask " + place;
    }
    if (line.isNowhere(place)) {
      return "ended";
    }
    Person person = line.at(place);
    if (person == null) {
      return "ask " + place;
    }
    if (person.at == At.MISSED) {
      return "missed";
    }
    if (person.waits(user)) {
      return seen(person, now);
    }
    boolean isElsewhere = sessions.of(user) != null || line.waitingOf(user) != null;
    return person.at == At.GAVE_UP && isElsewhere ? "elsewhere" : "ended";
  }

  String rejoin(UserId user, Place place, long arrival, long now) {
    if (line.isNowhere(place) || line.at(place) != null) {
      return poll(user, place, now);
    }
    Person person = new Person(user, place, arrival, At.GAVE_UP);
    line.add(person);
    SessionRow session = sessions.of(user);
    Person other = line.waitingOf(user);
    if ((session != null && now < session.lastsUntilMillis())
        || (other != null && line.isBefore(other, person))) {
      return "elsewhere";
    }
    if (other != null) {
      other.is(At.GAVE_UP);
    }
    person.is(At.WAITING);
    person.see(now);
    return standing(person);
  }

  String leave(UserId user, Place place) {
    SessionRow session = sessions.of(user, place);
    if (session != null) {
      return "in session " + session.id().number();
    }
    Person person = line.at(place);
    if (person == null && !line.isNowhere(place)) {
      return "ask " + place;
    }
    if (person != null && person.at == At.MISSED) {
      SessionRow now = sessions.of(user);
      if (now != null) {
        return "in session " + now.id().number();
      }
      person = line.waitingOf(user);
    }
    if (person != null && person.waits(user)) {
      person.is(At.GAVE_UP);
    }
    return "done";
  }

  String check(UserId user, Place place, long now) {
    Person there = line.at(place);
    boolean wasGivenUp = there != null && (there.at == At.MISSED || there.at == At.GAVE_UP);
    SessionRow session = wasGivenUp ? sessions.of(user) : sessions.of(user, place);
    if (session == null) {
      return line.at(place) == null && !line.isNowhere(place) ? "ask " + place : "NONE";
    }
    if (now >= session.lastsUntilMillis()) {
      return "ask " + session.place();
    }
    String state = now < session.endsAtMillis() ? "ACTIVE" : "PAYING";
    return state + " in session " + session.id().number();
  }

  String nextInLine(int limit, long now) {
    boolean needsEpoch = needsEpoch(now);
    boolean admits =
        !needsEpoch && known.ahead().isEmpty() && !known.settings().paused() && now >= admitsFrom;
    int most = admits ? Math.min(limit, known.settings().capacity() - sessions.count()) : 0;
    List<String> next =
        line.present()
            .limit(Math.max(0, most))
            .map(person -> person.user + " " + person.place + " " + person.arrival)
            .toList();
    int end = needsEpoch ? 0 : line.nextSequence(epoch);
    int more = Math.max(8_192, end / 8);
    boolean few = !needsEpoch && reserved <= end + more / 4;
    return "%s xid %d epoch %d needs epoch %s places %d in use %s"
        .formatted(
            next,
            known.asOfXid(),
            epoch,
            needsEpoch,
            few ? end + more : 0,
            present() > 0 || now < admitsFrom);
  }

  /** Those asked for are present; refused is who asks for a place at which another waits. */
  List<Place> look(List<RoomCommand.SeenPlace> seen, long now) {
    List<Place> refused = new ArrayList<>();
    for (RoomCommand.SeenPlace one : seen) {
      Person person = line.at(one.place());
      if (person != null && person.at == At.WAITING && (int) person.user.number() == one.check()) {
        person.see(now);
      } else if (person != null && person.at == At.WAITING) {
        refused.add(one.place());
      }
    }
    return refused;
  }

  /**
   * @param forThis whether it was begun for the copy that answers
   */
  void begin(RoomCommand.BeginEpoch begin, boolean forThis, long now) {
    RoomCommand.RoomSnapshot begun = begin.reading();
    if (begun.epoch() <= epoch) {
      return;
    }
    if (begin.lost() || (giver != 0 && giver != begin.giver())) {
      if (tookOver.map(then -> now - then >= 30_000).orElse(true)) {
        long back = begin.lost() ? begun.settings().reentry().toMillis() : 0;
        admitsFrom = Math.max(admitsFrom, now + Math.max(back, 1_300));
      }
      tookOver = Optional.of(now);
    }
    epoch = begun.epoch();
    giver = begin.giver();
    gives = forThis;
    reserved = 0;
    learn(begun);
  }

  /** Another copy answers from now on. */
  void changeOwner() {
    gives = false;
    tookOver = Optional.empty();
  }

  void learn(RoomCommand.RoomSnapshot reading) {
    RoomCommand.RoomSnapshot newer = reading.version() > known.version() ? reading : known;
    reserved = reading.epoch() == epoch ? Math.max(reserved, reading.reserved()) : reserved;
    newestEpoch = Math.max(newestEpoch, reading.newestEpoch());
    known =
        Room.reading(
            Math.max(known.asOfXid(), reading.asOfXid()),
            newer.version(),
            newer.settings(),
            epoch,
            reserved,
            newer.ahead(),
            newer.draws());
    known.draws().forEach(line::draw);
  }

  void learn(SessionRow sessionRow) {
    sessions.learn(sessionRow);
  }

  /** What is answered to news of sessions, before they are learned. */
  String news(List<SessionRow> sessionRows) {
    List<Long> ownersLeft =
        sessionRows.stream().filter(this::hasLeft).map(row -> row.id().number()).toList();
    return ownersLeft.isEmpty() ? "done" : "owners left " + ownersLeft;
  }

  private boolean hasLeft(SessionRow row) {
    Person there = line.at(row.place());
    return there != null
        && there.at == At.GAVE_UP
        && sessions.of(row.user()) == null
        && line.waitingOf(row.user()) == null
        && !row.ended()
        && !sessions.wasReturned(row);
  }

  void end(UserId user, SessionId id) {
    sessions.end(user, id);
  }

  private String seen(Person person, long now) {
    String standing = standing(person);
    if (!person.present || now - person.seen >= 2_000) {
      person.see(now);
    }
    return standing;
  }

  private String standing(Person person) {
    String words = " " + person.place + " " + person.arrival;
    if (known.ahead().isPresent()) {
      int gathered = present() + (person.present ? 0 : 1);
      return "NOT_OPEN " + gathered + words + " opens " + known.ahead().get().opensAtMillis();
    }
    int number = line.presentBefore(person) + 1;
    return (known.settings().paused() ? "PAUSED " : "WAITING ") + number + words;
  }

  private static String inside(SessionRow session, long now) {
    long until = now < session.endsAtMillis() ? session.endsAtMillis() : session.lastsUntilMillis();
    return "ACTIVE " + session.place() + " " + session.arrivalMillis() + " until " + until;
  }

  private boolean needsEpoch(long now) {
    Optional<PlannedDraw> ahead = known.ahead();
    return !gives
        || newestEpoch > epoch
        || line.isDrawn(epoch)
        || (ahead.isPresent()
            && (now >= ahead.get().opensAtMillis() || epoch < ahead.get().firstEpoch()));
  }

  int epoch() {
    return epoch;
  }

  /** How many wait and are present. */
  int present() {
    return (int) line.present().count();
  }

  /** How many are in. */
  int active() {
    return sessions.count();
  }

  /** Whether anybody waits at a place. */
  boolean isWaitedAt(Place place) {
    Person person = line.at(place);
    return person != null && person.at == At.WAITING;
  }

  boolean waitsAt(UserId user, Place place) {
    Person person = line.at(place);
    return person != null && person.waits(user);
  }

  boolean isInside(UserId user, Place place, long now) {
    SessionRow session = sessions.of(user, place);
    return session != null && now < session.lastsUntilMillis();
  }

  boolean hasSession(UserId user, Place place) {
    return sessions.of(user, place) != null;
  }
}
