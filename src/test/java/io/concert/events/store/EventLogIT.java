package io.concert.events.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.events.api.Event;
import io.concert.events.api.EventCursor;
import io.concert.postgres.TestDatabase;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Anyone who reads on from the last cursor gets each committed event once, whenever it was
 * committed.
 */
class EventLogIT {
  private Vertx vertx;
  private TestDatabase database;
  private EventLog log;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    database = TestDatabase.create();
    log = new EventLog(database.sql(vertx));
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    database.close();
  }

  private static void write(Statement statement, int seat) throws SQLException {
    statement.execute(
        "insert into outbox (kind, at, schedule_id, seat) values (1, now(), 7, " + seat + ")");
  }

  private List<Event> read(EventCursor after) {
    return log.read(after, 100).await().orElseThrow();
  }

  private static List<Integer> seats(List<Event> events) {
    return events.stream().map(event -> event.seat().orElseThrow().index()).toList();
  }

  @Test
  void showsNothingBeforeItsCommitAndSkipsNothingThatCommitsLate() throws SQLException {
    try (Connection slow = database.jdbc();
        Connection quick = database.jdbc();
        Statement first = slow.createStatement();
        Statement second = quick.createStatement()) {
      slow.setAutoCommit(false);
      write(first, 1);
      write(second, 2);
      log.publish().await();
      List<Event> before = read(EventCursor.START);
      assertThat(seats(before)).containsExactly(2);

      slow.commit();
      log.publish().await();

      assertThat(seats(read(before.get(0).cursor())))
          .as("its row has the smaller id")
          .containsExactly(1);
      assertThat(seats(read(EventCursor.START))).containsExactly(2, 1);
    }
  }

  /** Two publishers at once, or one that is slow to commit, would let a reader skip. */
  @Test
  void anotherPublisherWaitsUntilTheNumbersAreCommitted() throws SQLException {
    try (Connection slow = database.jdbc();
        Connection other = database.jdbc();
        Statement first = slow.createStatement();
        Statement second = other.createStatement()) {
      write(second, 1);
      slow.setAutoCommit(false);
      first.execute("select publish_events(10)");
      write(second, 2);
      log.publish().await();
      assertThat(read(EventCursor.START)).isEmpty();
      slow.commit();
      log.publish().await();
      assertThat(seats(read(EventCursor.START))).containsExactly(1, 2);
    }
  }

  @Test
  void readersGetEachCommittedEventOnceUnderALoadOfWritersAndPublishers() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    int writers = 4;
    int each = 150;
    var written = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(writers + 3);
    try {
      List<Future<List<Integer>>> writing = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        int base = writer * each;
        Random random = new Random(seed + writer);
        writing.add(threads.submit(() -> writeSome(random, base, each)));
      }
      List<Future<?>> publishing = new ArrayList<>();
      for (int publisher = 0; publisher < 2; publisher++) {
        publishing.add(
            threads.submit(
                () -> {
                  while (!written.get()) {
                    log.publish().await();
                  }
                }));
      }
      Future<List<Event>> reading =
          threads.submit(
              () -> {
                List<Event> seen = new ArrayList<>();
                boolean last = false;
                while (true) {
                  EventCursor after =
                      seen.isEmpty() ? EventCursor.START : seen.get(seen.size() - 1).cursor();
                  List<Event> more = log.read(after, 7).await().orElseThrow();
                  seen.addAll(more);
                  if (more.isEmpty() && last) {
                    return seen;
                  }
                  last = written.get() && database.number("select count(*) from outbox") == 0;
                }
              });
      List<Integer> committed = new ArrayList<>();
      for (var writer : writing) {
        committed.addAll(writer.get());
      }
      written.set(true);
      for (var publisher : publishing) {
        publisher.get();
      }
      log.publish().await();

      List<Event> seen = reading.get();
      assertThat(seats(seen)).containsExactlyInAnyOrderElementsOf(committed);
      assertThat(seen)
          .isSortedAccordingTo((a, b) -> Long.compare(a.cursor().number(), b.cursor().number()));
    } finally {
      threads.shutdownNow();
    }
  }

  /** Transactions of several rows that take their time; some are rolled back. */
  private List<Integer> writeSome(Random random, int base, int count) throws SQLException {
    List<Integer> committed = new ArrayList<>();
    try (Connection own = database.jdbc();
        Statement statement = own.createStatement()) {
      own.setAutoCommit(false);
      for (int seat = base; seat < base + count; ) {
        List<Integer> together = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0 && seat < base + count; i--) {
          write(statement, seat);
          together.add(seat++);
        }
        statement.execute("select pg_sleep(" + random.nextInt(12) / 1000.0 + ")");
        if (random.nextInt(5) == 0) {
          own.rollback();
        } else {
          own.commit();
          committed.addAll(together);
        }
      }
    }
    return committed;
  }

  @Test
  void keepsEventsForAsLongAsIsSetAndSaysThatOlderOnesAreGone() {
    database.execute(
        "insert into outbox (kind, at, schedule_id, seat) select 1, now(), 7, n from"
            + " generate_series(1, 5) n");
    log.publish().await();
    List<Event> all = read(EventCursor.START);
    database.execute(
        "update event set published_at = now() - interval '3 days' where cursor <= "
            + all.get(2).cursor().number());

    log.deleteOlderThan(4).await();
    assertThat(read(EventCursor.START)).hasSize(5);
    log.deleteOlderThan(2).await();

    assertThat(seats(read(EventCursor.START))).as("from the beginning").containsExactly(4, 5);
    assertThat(log.read(all.get(1).cursor(), 10).await())
        .as("3 is missing")
        .isEqualTo(Optional.empty());
    assertThat(seats(read(all.get(2).cursor()))).containsExactly(4, 5);
    assertThat(read(all.get(4).cursor())).isEmpty();
  }
}
