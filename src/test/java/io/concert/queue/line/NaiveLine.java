package io.concert.queue.line;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.DrawResult;
import io.concert.queue.room.NaiveRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who ever stood in a {@link NaiveRoom}, in one list in the order of the line. A draw
 * puts those who took part where it drew them.
 */
public final class NaiveLine {
  private final List<Person> people = new ArrayList<>();
  private final List<DrawResult> draws = new ArrayList<>();
  private final Map<Place, Integer> drawn = new HashMap<>();

  public enum At {
    WAITING,
    GAVE_UP,
    MISSED,
    SPENT
  }

  /** Somebody's place, and whether it's still waited at. */
  public static final class Person {
    public final Place place;
    public UserId user;
    public long arrival;
    public long seen;
    public boolean present;
    public At at;

    public Person(UserId user, Place place, long arrival, At at) {
      this.user = user;
      this.place = place;
      this.arrival = arrival;
      this.at = at;
    }

    public boolean waits(UserId asker) {
      return at == At.WAITING && user.equals(asker);
    }

    public void is(At now) {
      if (at != At.SPENT) {
        at = now;
        present = false;
      }
    }

    public void see(long now) {
      seen = now;
      present = true;
    }
  }

  /** Anyone who wasn't seen for too long is absent until seen again. */
  public void time(long now, Duration presence) {
    for (Person person : people) {
      if (now - person.seen > presence.toMillis()) {
        person.present = false;
      }
    }
  }

  /** Makes the draw if it isn't made yet; its epochs have no other places than those drawn. */
  public void draw(DrawResult result) {
    if (draws.contains(result)) {
      return;
    }
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

  /** Whether nobody can ever have got this place. */
  public boolean isNowhere(Place place) {
    return place.epoch() < 1
        || place.sequence() < 0
        || place.sequence() >= 1 << 28
        || (drawOf(place.epoch()) != null && !drawn.containsKey(place));
  }

  public boolean isDrawn(int epoch) {
    return drawOf(epoch) != null;
  }

  public void add(Person person) {
    Place where = standsAt(person.place);
    int index = people.size();
    while (index > 0 && standsAt(people.get(index - 1).place).compareTo(where) > 0) {
      index--;
    }
    people.add(index, person);
  }

  public int nextSequence(int epoch) {
    int next = 0;
    for (Person person : people) {
      next =
          person.place.epoch() == epoch ? Math.max(next, (int) person.place.sequence() + 1) : next;
    }
    return next;
  }

  /** At this place it is so now, even if nobody was known to stand there. */
  public void is(Place place, UserId user, At now) {
    Person person = at(place);
    if (person == null) {
      add(new Person(user, place, 0, now));
    } else {
      person.is(now);
    }
  }

  public void giveUp(UserId user) {
    Person waiting = waitingOf(user);
    if (waiting != null) {
      waiting.is(At.GAVE_UP);
    }
  }

  public Stream<Person> present() {
    return people.stream().filter(person -> person.present);
  }

  public int presentBefore(Person person) {
    return (int)
        people.stream()
            .takeWhile(other -> !other.equals(person))
            .filter(other -> other.present)
            .count();
  }

  public boolean isBefore(Person one, Person other) {
    return people.indexOf(one) < people.indexOf(other);
  }

  @Nullable
  public Person waitingOf(UserId user) {
    return people.stream().filter(person -> person.waits(user)).findFirst().orElse(null);
  }

  @Nullable
  public Person at(Place place) {
    return people.stream().filter(p -> p.place.equals(place)).findFirst().orElse(null);
  }
}
