package io.concert.campaign;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The load: so many who buy, one life after the other, and a line of people who only wait. Half of
 * each come through the balancer, the others to one node as long as it answers: so there are people
 * on both sides of a split.
 */
final class Crowd {
  private static final int LINE_GROWS_EVERY_MILLIS = 1_500;

  private final Stage stage;
  private final HistoryLog record;
  private final Sale sale;
  private final long seed;
  private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean over;

  Crowd(Stage stage, HistoryLog record, Sale sale, long seed) {
    this.stage = stage;
    this.record = record;
    this.sale = sale;
    this.seed = seed;
  }

  /**
   * @param waiting the longest that the line may become
   */
  void begin(int buyers, int waiting) {
    for (int i = 0; i < buyers; i++) {
      int number = i;
      start("buyer" + i, () -> buysAgainAndAgain(number));
    }
    start(
        "line",
        () -> {
          for (int i = 0; i < waiting && !over; i++) {
            int number = i;
            start("waiting" + i, () -> waits(number));
            new Person(record, List.of(stage.balancer()), new Random(), () -> true)
                .rests(
                    i < waiting / 3 ? LINE_GROWS_EVERY_MILLIS / 10 : 2 * LINE_GROWS_EVERY_MILLIS);
          }
        });
  }

  private void start(String name, Runnable life) {
    Thread thread = new Thread(life, name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private List<Asker> ways(int number) {
    List<Asker> ways = new ArrayList<>();
    if (number % 2 == 0) {
      ways.add(stage.balancer());
    } else {
      for (int i = 0; i < Stage.NODES; i++) {
        ways.add(stage.node((number / 2 + i) % Stage.NODES + 1));
      }
    }
    return ways;
  }

  private void buysAgainAndAgain(int number) {
    Random random = new Random(seed + number);
    while (!over) {
      Person person = new Person(record, ways(number), random, () -> !over);
      if (person.registers()
          && person.charges(sale.price())
          && person.joins(null)
          && person.waitsForTheTurn()) {
        buys(person, random);
      } else if (person.isInLine()) {
        person.leaves(); // It is over: nobody takes a slot home.
      }
    }
  }

  private void buys(Person person, Random random) {
    var seat = person.holds(sale);
    if (seat.isPresent() && random.nextInt(8) != 0) {
      if (person.pays(sale, seat.get())) {
        sale.frontier().incrementAndGet();
      }
    } else {
      person.leaves(); // With the hold, which goes back.
    }
    person.rests(200);
  }

  private void waits(int number) {
    Person person = new Person(record, ways(number), new Random(seed - number - 1), () -> !over);
    if (!person.registers() || !person.joins(sale.slowConcert())) {
      return;
    }
    while (!over) {
      var unused = person.polls();
      person.rests(4_000);
    }
  }

  /** All go home after the answer that they wait for. */
  void end() {
    over = true;
    for (Thread thread : List.copyOf(threads)) {
      try {
        thread.join(20_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
