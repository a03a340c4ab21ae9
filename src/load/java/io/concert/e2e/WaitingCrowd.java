package io.concert.e2e;

import io.concert.forecast.Agenda;
import io.concert.load.Scan;
import io.concert.load.Times;
import io.concert.load.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** People in one waiting room: each asks as soon as the last answer allows, or follows a stream. */
final class WaitingCrowd {
  private static final byte[] ACTIVE = "\"state\":\"ACTIVE\"".getBytes(StandardCharsets.US_ASCII);
  private static final int STREAMS_AT_ONCE = 50;

  private final Wire wire;
  private final long began = System.nanoTime();
  private final Agenda due = new Agenda();
  private final List<String> tokens = new ArrayList<>();
  private final List<byte[]> polls = new ArrayList<>();
  private final BitSet following = new BitSet();
  private final Queue<Integer> inside = new ArrayDeque<>();
  private final BitSet wasInside = new BitSet();
  private final PlaceNews news = new PlaceNews();
  private Times times = new Times();
  private Times lateness = new Times();
  private long errors;

  WaitingCrowd(Wire wire) {
    this.wire = wire;
  }

  /** Lets everybody in, one after the other; who is in line begins to ask at once. */
  void enter(List<String> guests) {
    WaitingUsers.enter(wire, guests, this::entered);
    live(() -> polls.size() == guests.size());
  }

  private void entered(String token, int pollAfterMillis) {
    int person = polls.size();
    tokens.add(token);
    polls.add(WaitingUsers.poll(token));
    due.add(millis() + pollAfterMillis, 0, person);
  }

  /**
   * Some follow a stream from now on instead of asking.
   *
   * @param from the first person who may; those before may come to their turn
   */
  void follow(int count, int from) {
    Random random = new Random(1);
    Queue<Integer> chosen = new ArrayDeque<>();
    while (following.cardinality() < count) {
      int person = from + random.nextInt(tokens.size() - from);
      if (!following.get(person)) {
        following.set(person);
        chosen.add(person);
      }
    }
    live(
        () -> {
          for (int i = 0; i < STREAMS_AT_ONCE && !chosen.isEmpty(); i++) {
            wire.follow(WaitingUsers.events(tokens.get(chosen.remove())), news.stream());
          }
          return chosen.isEmpty();
        });
  }

  /** Life goes on for a while, and each second some of those inside leave. */
  void live(Duration length, int leavePerSecond) {
    long start = System.nanoTime();
    long[] left = {0};
    live(
        () -> {
          long passed = System.nanoTime() - start;
          for (; left[0] < passed * leavePerSecond / 1_000_000_000L; left[0]++) {
            leave();
          }
          return passed >= length.toNanos();
        });
  }

  private void live(BooleanSupplier done) {
    wire.run(
        done,
        () -> {
          while (!due.isEmpty() && due.nextMillis() <= millis()) {
            long entry = due.next();
            ask(Agenda.idOf(entry), Agenda.millisOf(entry));
          }
        });
  }

  private void ask(int person, int dueMillis) {
    if (following.get(person)) {
      return;
    }
    long asked = System.nanoTime();
    lateness.add(1_000_000L * (millis() - dueMillis));
    wire.ask(
        polls.get(person),
        (status, bytes, from, to) -> {
          times.add(System.nanoTime() - asked);
          long after = Scan.in(bytes, from, to, "pollAfterMillis");
          if (status != 202 || after < 0) {
            errors++;
            due.add(millis() + 1_000, 0, person);
            return;
          }
          boolean active = contains(bytes, from, to);
          if (active && !wasInside.get(person)) {
            wasInside.set(person);
            inside.add(person);
          }
          due.add(millis() + (int) after, 0, person);
        });
  }

  /** Somebody inside goes, so that the next comes in and everybody else moves on by one. */
  private void leave() {
    Integer person = inside.poll();
    if (person == null) {
      return;
    }
    following.set(person); // Doesn't ask any more.
    news.changed();
    wire.askAtOnce(
        WaitingUsers.leave(tokens.get(person)),
        (status, bytes, from, to) -> errors += status == 204 ? 0 : 1);
  }

  private static boolean contains(byte[] bytes, int from, int to) {
    for (int i = from; i + ACTIVE.length <= to; i++) {
      int matched = 0;
      while (matched < ACTIVE.length && bytes[i + matched] == ACTIVE[matched]) {
        matched++;
      }
      if (matched == ACTIVE.length) {
        return true;
      }
    }
    return false;
  }

  void beginMeasuring() {
    times = new Times();
    lateness = new Times();
    news.begin();
  }

  void stopMeasuring() {
    news.end();
  }

  PlaceNews news() {
    return news;
  }

  Times polls() {
    return times;
  }

  Times lateness() {
    return lateness;
  }

  long errors() {
    return errors + news.errors();
  }

  private int millis() {
    return (int) ((System.nanoTime() - began) / 1_000_000);
  }
}
