package io.concert.queue;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a waiting room should do, in the plainest way: one list of everybody, searched and counted
 * from the front each time. Answers are in words, as {@link Words} says them.
 */
final class NaiveRoom {
  private int epoch;
  private RoomCommand.Reading known;
  private int reserved;
  private final long admitsFrom;
  private final List<Person> people = new ArrayList<>();
  private final List<SessionTruth> rows = new ArrayList<>();
  private final Map<UserId, Long> lastReturned = new HashMap<>();
  private final List<DrawResult> draws = new ArrayList<>();
  private final Map<Place, Integer> drawn = new HashMap<>();
  private final List<Long> joins = new ArrayList<>();

  private enum At {
    WAITING,
    GAVE_UP,
    SPENT
  }

  private static final class Person {
    final Place place;
    UserId user;
    long arrival;
    long seen;
    boolean present;
    At at;

    Person(UserId user, Place place, long arrival, At at) {
      this.user = user;
      this.place = place;
      this.arrival = arrival;
      this.at = at;
    }

    boolean waits(UserId asker) {
      return at == At.WAITING && user.equals(asker);
    }

    void is(At now) {
      if (at != At.SPENT) {
        at = now;
        present = false;
      }
    }
  }

  NaiveRoom(
      int epoch, RoomCommand.Reading reading, List<SessionTruth> live, long admitsFromMillis) {
    this.epoch = epoch;
    this.known = reading;
    this.reserved = reading.reserved();
    this.admitsFrom = admitsFromMillis;
    reading.draws().forEach(this::draw);
    live.forEach(this::learn);
  }

  /** Time has come to this; whoever wasn't seen for too long is absent until seen again. */
  void time(long now) {
    for (Person person : people) {
      if (now - person.seen > known.settings().presence().toMillis()) {
        person.present = false;
      }
    }
  }

  String enter(UserId user, boolean mayCreate, boolean afterLooking, long now) {
    SessionTruth session = session(user);
    if (session != null && now < session.lastsUntilMillis()) {
      return inside(session, now);
    }
    if (session != null && !afterLooking) {
      return "ask " + session.place();
    }
    Person waiting = waitingOf(user);
    if (waiting != null) {
      return seen(waiting, now);
    }
    return mayCreate ? join(user, now) : "no place";
  }

  private String join(UserId user, long now) {
    if (needsEpoch(now)) {
      return "needs epoch";
    }
    int next = nextSequence();
    if (known.ahead().isPresent() && next >= reserved) {
      return "needs places " + epoch + " up to " + (next + Math.max(8_192, next / 8));
    }
    int most = known.settings().joinsPerSecond();
    long joinedNow = joins.stream().filter(then -> then / 1_000 == now / 1_000).count();
    if (most > 0 && joinedNow >= most) {
      return "too many until " + (now / 1_000 + 1) * 1_000;
    }
    joins.add(now);
    Person person = new Person(user, new Place(epoch, next), now, At.WAITING);
    add(person);
    see(person, now);
    return "new " + standing(person);
  }

  String poll(UserId user, Place place, long now) {
    SessionTruth session = session(user, place);
    if (session != null) {
      return now < session.lastsUntilMillis() ? inside(session, now) : "ask " + place;
    }
    if (isNowhere(place)) {
      return "ended";
    }
    Person person = at(place);
    if (person == null) {
      return "ask " + place;
    }
    return person.waits(user) ? seen(person, now) : "ended";
  }

  String rejoin(UserId user, Place place, long arrival, long now) {
    if (isNowhere(place) || at(place) != null) {
      return poll(user, place, now);
    }
    Person person = new Person(user, place, arrival, At.GAVE_UP);
    add(person);
    SessionTruth session = session(user);
    Person other = waitingOf(user);
    if ((session != null && now < session.lastsUntilMillis())
        || (other != null && people.indexOf(other) < people.indexOf(person))) {
      return "ended";
    }
    if (other != null) {
      other.is(At.GAVE_UP);
    }
    person.is(At.WAITING);
    see(person, now);
    return standing(person);
  }

  String leave(UserId user, Place place) {
    SessionTruth session = session(user, place);
    if (session != null) {
      return "in session " + session.id().number();
    }
    Person person = at(place);
    if (person == null && !isNowhere(place)) {
      return "ask " + place;
    }
    if (person != null && person.waits(user)) {
      person.is(At.GAVE_UP);
    }
    return "done";
  }

  String check(UserId user, Place place, long now) {
    SessionTruth session = session(user, place);
    if (session == null) {
      return at(place) == null && !isNowhere(place) ? "ask " + place : "NONE";
    }
    if (now >= session.lastsUntilMillis()) {
      return "ask " + place;
    }
    String state = now < session.endsAtMillis() ? "ACTIVE" : "PAYING";
    return state + " in session " + session.id().number();
  }

  String nextInLine(int limit, long now) {
    boolean admits = known.ahead().isEmpty() && !known.settings().paused() && now >= admitsFrom;
    int most = admits ? Math.min(limit, known.settings().capacity() - rows.size()) : 0;
    List<String> next =
        people.stream()
            .filter(person -> person.present)
            .limit(Math.max(0, most))
            .map(person -> person.user + " " + person.place + " " + person.arrival)
            .toList();
    boolean needsEpoch = needsEpoch(now);
    int end = needsEpoch ? 0 : nextSequence();
    int more = Math.max(8_192, end / 8);
    boolean few = !needsEpoch && known.ahead().isPresent() && reserved <= end + more / 2;
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
      Person person = at(one.place());
      if (person != null && person.at == At.WAITING && (int) person.user.number() == one.check()) {
        see(person, now);
      } else if (person != null && person.at == At.WAITING) {
        refused.add(one.place());
      }
    }
    return refused;
  }

  void begin(RoomCommand.Reading begun) {
    if (begun.epoch() > epoch) {
      epoch = begun.epoch();
      reserved = 0;
      learn(begun);
    }
  }

  void learn(RoomCommand.Reading reading) {
    RoomCommand.Reading newer = reading.version() > known.version() ? reading : known;
    reserved = reading.epoch() == epoch ? Math.max(reserved, reading.reserved()) : reserved;
    known =
        new RoomCommand.Reading(
            Math.max(known.asOfXid(), reading.asOfXid()),
            newer.version(),
            newer.settings(),
            epoch,
            reserved,
            newer.ahead(),
            newer.draws());
    known.draws().stream().filter(draw -> !draws.contains(draw)).forEach(this::draw);
  }

  private void draw(DrawResult result) {
    draws.add(result);
    List<Place> order = NaiveDraw.order(result);
    for (int i = 0; i < order.size(); i++) {
      drawn.put(order.get(i), i);
    }
    people.removeIf(person -> isNowhere(person.place));
    people.sort(Comparator.comparing(person -> standsAt(person.place)));
  }

  /** The line's number and the rank in it. */
  private Place standsAt(Place place) {
    DrawResult draw = drawOf(place.epoch());
    Integer position = drawn.get(place);
    return draw == null || position == null ? place : new Place(lastOf(draw), position);
  }

  private @Nullable DrawResult drawOf(int ofEpoch) {
    for (DrawResult draw : draws) {
      if (ofEpoch >= draw.firstEpoch() && ofEpoch <= lastOf(draw)) {
        return draw;
      }
    }
    return null;
  }

  private static int lastOf(DrawResult draw) {
    return draw.firstEpoch() + draw.sizes().size() - 1;
  }

  boolean isNowhere(Place place) {
    return place.epoch() < 1
        || place.sequence() < 0
        || place.sequence() >= 1 << 28
        || (drawOf(place.epoch()) != null && !drawn.containsKey(place));
  }

  void learn(SessionTruth truth) {
    UserId user = truth.user();
    Person there = at(truth.place());
    if (isNowhere(truth.place())
        || (there != null && there.at == At.SPENT)
        || ((truth.returned() || !truth.ended())
            && truth.id().number() <= lastReturned.getOrDefault(user, 0L))) {
      return;
    }
    SessionTruth row = session(user);
    boolean here = row != null && row.place().equals(truth.place());
    if (row != null && row.id().number() < truth.id().number()) {
      rows.remove(row);
      if (!here) {
        is(row.place(), user, At.SPENT);
      }
    }
    boolean later = row != null && row.id().number() > truth.id().number();
    if (truth.returned()) {
      lastReturned.put(user, truth.id().number());
      if (row != null && here && !later) {
        rows.remove(row);
        giveUp(user);
        waitAgain(row);
      }
    } else if (truth.ended()) {
      rows.removeIf(one -> one.id().equals(truth.id()));
      is(truth.place(), user, At.SPENT);
    } else if (later) {
      if (!here) {
        is(truth.place(), user, At.SPENT);
      }
    } else if (row == null || !row.id().equals(truth.id())) {
      open(truth);
    } else if (!longest(row, truth).equals(row)) {
      rows.remove(row);
      open(longest(row, truth));
    }
  }

  private void open(SessionTruth session) {
    is(session.place(), session.user(), At.GAVE_UP);
    giveUp(session.user());
    rows.add(session);
  }

  private void waitAgain(SessionTruth session) {
    Person person = at(session.place());
    if (person == null) {
      throw new AssertionError("a session at a place of nobody");
    }
    person.user = session.user();
    person.arrival = session.arrivalMillis();
    person.is(At.WAITING);
  }

  private void is(Place place, UserId user, At now) {
    Person person = at(place);
    if (person == null) {
      add(new Person(user, place, 0, now));
    } else {
      person.is(now);
    }
  }

  private void giveUp(UserId user) {
    Person waiting = waitingOf(user);
    if (waiting != null) {
      waiting.is(At.GAVE_UP);
    }
  }

  void end(UserId user, SessionId id) {
    SessionTruth session = session(user);
    if (session != null && session.id().equals(id)) {
      learn(session.asEnded());
    }
  }

  private static SessionTruth longest(SessionTruth one, SessionTruth other) {
    return new SessionTruth(
        one.id(),
        one.user(),
        one.place(),
        one.arrivalMillis(),
        Math.max(one.endsAtMillis(), other.endsAtMillis()),
        Math.max(one.lastsUntilMillis(), other.lastsUntilMillis()),
        false,
        false);
  }

  private String seen(Person person, long now) {
    String standing = standing(person);
    if (!person.present || now - person.seen >= 2_000) {
      see(person, now);
    }
    return standing;
  }

  private static void see(Person person, long now) {
    person.seen = now;
    person.present = true;
  }

  private String standing(Person person) {
    String words = " " + person.place + " " + person.arrival;
    if (known.ahead().isPresent()) {
      int gathered = present() + (person.present ? 0 : 1);
      return "NOT_OPEN " + gathered + words + " opens " + known.ahead().get().opensAtMillis();
    }
    int before = 0;
    for (Person other : people) {
      if (other.equals(person)) {
        break;
      }
      before += other.present ? 1 : 0;
    }
    return (known.settings().paused() ? "PAUSED " : "WAITING ") + (before + 1) + words;
  }

  private static String inside(SessionTruth session, long now) {
    long until = now < session.endsAtMillis() ? session.endsAtMillis() : session.lastsUntilMillis();
    return "ACTIVE " + session.place() + " " + session.arrivalMillis() + " until " + until;
  }

  private boolean needsEpoch(long now) {
    Optional<DrawAhead> ahead = known.ahead();
    return drawOf(epoch) != null
        || (ahead.isPresent()
            && (now >= ahead.get().opensAtMillis() || epoch < ahead.get().firstEpoch()));
  }

  private int nextSequence() {
    int next = 0;
    for (Person person : people) {
      next =
          person.place.epoch() == epoch ? Math.max(next, (int) person.place.sequence() + 1) : next;
    }
    return next;
  }

  private void add(Person person) {
    Place where = standsAt(person.place);
    int index = people.size();
    while (index > 0 && standsAt(people.get(index - 1).place).compareTo(where) > 0) {
      index--;
    }
    people.add(index, person);
  }

  int epoch() {
    return epoch;
  }

  /** How many wait and are present. */
  int present() {
    return (int) people.stream().filter(person -> person.present).count();
  }

  /** How many are in. */
  int active() {
    return rows.size();
  }

  /** Whether somebody, whoever it is, waits at a place. */
  boolean isWaitedAt(Place place) {
    Person person = at(place);
    return person != null && person.at == At.WAITING;
  }

  boolean waitsAt(UserId user, Place place) {
    Person person = at(place);
    return person != null && person.waits(user);
  }

  boolean isInside(UserId user, Place place, long now) {
    SessionTruth session = session(user, place);
    return session != null && now < session.lastsUntilMillis();
  }

  boolean hasSession(UserId user, Place place) {
    return session(user, place) != null;
  }

  private @Nullable SessionTruth session(UserId user, Place place) {
    SessionTruth session = session(user);
    return session != null && session.place().equals(place) ? session : null;
  }

  private @Nullable SessionTruth session(UserId user) {
    return rows.stream().filter(row -> row.user().equals(user)).findFirst().orElse(null);
  }

  private @Nullable Person waitingOf(UserId user) {
    return people.stream().filter(person -> person.waits(user)).findFirst().orElse(null);
  }

  private @Nullable Person at(Place place) {
    return people.stream().filter(p -> p.place.equals(place)).findFirst().orElse(null);
  }
}
