package io.concert.queue;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.QueueMessages.AdmissionState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a waiting room should do, in the plainest way: one list of everybody, searched and counted
 * from the front each time.
 */
final class NaiveRoom {
  private final int epoch;
  private final int capacity;
  private final List<Person> people = new ArrayList<>();
  private final List<SessionTruth> rows = new ArrayList<>();
  private long nextSequence;

  private enum At {
    WAITING,
    GAVE_UP,
    SPENT
  }

  private static final class Person {
    final UserId user;
    final Place place;
    final long arrival;
    long seen;
    At at = At.WAITING;

    Person(UserId user, Place place, long arrival, long seen) {
      this.user = user;
      this.place = place;
      this.arrival = arrival;
      this.seen = seen;
    }

    boolean presentAt(long now) {
      return at == At.WAITING && now - seen <= 30_000;
    }
  }

  NaiveRoom(int epoch, int capacity) {
    this.epoch = epoch;
    this.capacity = capacity;
  }

  /** The answer in words: state, number, place. */
  String enter(UserId user, long now) {
    var session = session(user);
    if (session.isPresent() && now < session.get().lastsUntilMillis()) {
      return inside(session.get(), now);
    }
    if (session.isPresent()) {
      return "ask " + session.get().place();
    }
    return waitingOf(user).map(person -> seen(person, now)).orElseGet(() -> join(user, now));
  }

  private String join(UserId user, long now) {
    Person person = new Person(user, new Place(epoch, nextSequence++), now, now);
    people.add(person);
    return "new " + standing(person, now);
  }

  String poll(UserId user, Place place, long now) {
    var session = session(user).filter(s -> s.place().equals(place));
    if (session.isPresent()) {
      return now < session.get().lastsUntilMillis() ? inside(session.get(), now) : "ask " + place;
    }
    Person person = at(place);
    if (person == null) {
      return "ask " + place;
    }
    boolean mine = person.at == At.WAITING && person.user.equals(user);
    return mine ? seen(person, now) : "ended";
  }

  String rejoin(UserId user, Place place, long arrival, long now) {
    if (at(place) != null) {
      return poll(user, place, now);
    }
    Person person = new Person(user, place, arrival, now);
    var other = waitingOf(user);
    people.add(person);
    boolean inside = session(user).filter(s -> now < s.lastsUntilMillis()).isPresent();
    if (inside || (other.isPresent() && other.get().place.compareTo(place) < 0)) {
      person.at = At.GAVE_UP;
      return "ended";
    }
    other.ifPresent(later -> later.at = At.GAVE_UP);
    return seen(person, now);
  }

  String check(UserId user, Place place, long now) {
    var session = session(user).filter(s -> s.place().equals(place));
    if (session.isEmpty()) {
      return at(place) == null ? "ask " + place : AdmissionState.NONE.toString();
    }
    if (now >= session.get().lastsUntilMillis()) {
      return "ask " + place;
    }
    return now < session.get().endsAtMillis() ? "ACTIVE" : "PAYING";
  }

  String nextInLine(int limit, long now) {
    return inOrder().stream()
        .filter(person -> person.presentAt(now))
        .limit(Math.max(0, Math.min(limit, capacity - rows.size())))
        .map(person -> person.user + " " + person.place + " " + person.arrival)
        .toList()
        .toString();
  }

  /** As long as each place has one session that is learned in order, which the test sees to. */
  void learn(SessionTruth truth) {
    Person person = at(truth.place());
    if (person == null) {
      person = new Person(truth.user(), truth.place(), truth.arrivalMillis(), 0);
      people.add(person);
    }
    if (person.at == At.SPENT) {
      return;
    }
    var known = rows.stream().filter(row -> row.id().equals(truth.id())).findFirst();
    if (known.isPresent() && !truth.ended() && later(known.get(), truth).equals(known.get())) {
      return;
    }
    known.ifPresent(rows::remove);
    person.at = truth.ended() ? At.SPENT : At.GAVE_UP;
    if (!truth.ended()) {
      waitingOf(truth.user()).ifPresent(other -> other.at = At.GAVE_UP);
      rows.add(known.isPresent() ? later(known.get(), truth) : truth);
    }
  }

  void end(UserId user, SessionId id) {
    session(user).filter(s -> s.id().equals(id)).ifPresent(s -> learn(s.asEnded()));
  }

  private static SessionTruth later(SessionTruth one, SessionTruth other) {
    return one.lastsUntilMillis() >= other.lastsUntilMillis() ? one : other;
  }

  private String seen(Person person, long now) {
    if (!person.presentAt(now) || now - person.seen >= 2_000) {
      person.seen = now;
    }
    return standing(person, now);
  }

  private String standing(Person person, long now) {
    long before =
        inOrder().stream()
            .takeWhile(other -> !other.equals(person))
            .filter(other -> other.presentAt(now))
            .count();
    return "WAITING " + (before + 1) + " " + person.place + " " + person.arrival;
  }

  private static String inside(SessionTruth session, long now) {
    long until = now < session.endsAtMillis() ? session.endsAtMillis() : session.lastsUntilMillis();
    return "ACTIVE " + session.place() + " " + session.arrivalMillis() + " until " + until;
  }

  private List<Person> inOrder() {
    return people.stream().sorted(Comparator.comparing(person -> person.place)).toList();
  }

  private Optional<SessionTruth> session(UserId user) {
    return rows.stream().filter(row -> row.user().equals(user)).findFirst();
  }

  private Optional<Person> waitingOf(UserId user) {
    return people.stream()
        .filter(person -> person.at == At.WAITING && person.user.equals(user))
        .findFirst();
  }

  private @Nullable Person at(Place place) {
    return people.stream().filter(p -> p.place.equals(place)).findFirst().orElse(null);
  }
}
