package io.concert.ops.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import io.concert.ops.report.SaleReport.Point;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.SaleFixture;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several nodes' recorders on one database, each with a clock that the test turns. */
class ReportRecorderIT {
  private static final Instant BEGIN = Instant.parse("2031-01-01T10:00:00Z");

  private final Vertx vertx = Vertx.vertx();
  private final TestDatabase database = TestDatabase.create();
  private final Sql sql = database.sql(vertx);
  private Instant now = BEGIN;
  private ScheduleId date;
  private RoomId room;

  /** What a node has of its own. */
  private final class Writer {
    private final TallyBoard board = new TallyBoard();
    private final ReportRecorder recorder;

    Writer(ReportSteps steps) {
      recorder = new ReportRecorder(board, steps, () -> now);
    }
  }

  @BeforeEach
  void makeASale() throws SQLException {
    try (Connection connection = database.jdbc()) {
      SaleFixture sale = SaleFixture.create(connection, 2, new Won(1_000));
      date = sale.schedule();
      room = sale.room();
    }
  }

  @AfterEach
  void close() {
    vertx.close().await();
    database.close();
  }

  private Writer node() {
    return new Writer(new ReportSteps(sql));
  }

  private void at(long seconds, Writer... nodes) {
    now = BEGIN.plusSeconds(seconds);
    for (Writer node : nodes) {
      node.recorder.record().await();
    }
  }

  private SaleReport report() {
    return new SaleReports(sql)
        .read(date, Optional.of(BEGIN), Optional.of(BEGIN.plusSeconds(60)))
        .await();
  }

  private List<Long> series(Function<Point, Long> what) {
    return report().points().stream().map(what).toList();
  }

  private List<Long> counts(String what) {
    return series(point -> point.counts().getOrDefault(what, 0L));
  }

  private List<Long> levels(String what) {
    return series(point -> point.levels().getOrDefault(what, -1L));
  }

  private long rows() {
    return database.number("select count(*) from report_step");
  }

  @Test
  void nodesAddUp() {
    Writer one = node();
    Writer other = node();
    one.board.count(date, "seats.held", 2);
    other.board.count(date, "seats.held", 3);
    other.board.count(date, "payments.paid", 1);
    one.board.level(date, "free", 9);
    at(9, one, other);
    assertThat(rows()).as("the step isn't over").isZero();
    at(10, one, other);
    one.board.count(date, "seats.held", 10);
    at(25, one, other);

    assertThat(counts("seats.held")).containsExactly(5L, 10L, 0L, 0L, 0L, 0L);
    assertThat(report().counters().seatsHeld()).isEqualTo(15);
    assertThat(report().counters().payments()).containsOnlyKeys("paid").containsEntry("paid", 1L);
    assertThat(levels("free")).containsExactly(9L, 9L, 9L, 9L, 9L, 9L);
  }

  /** A report of six hours and more has a point for several steps. */
  @Test
  void nodesAddUpInLongerSteps() {
    Writer one = node();
    Writer other = node();
    for (int step = 0; step < 3; step++) {
      one.board.count(date, "seats.held", 2);
      other.board.count(date, "seats.held", 3);
      one.board.level(date, "free", 9 - step);
      at(10 + 10L * step, one, other);
    }
    SaleReport report =
        new SaleReports(sql)
            .read(date, Optional.of(BEGIN), Optional.of(BEGIN.plus(Duration.ofHours(7))))
            .await();

    assertThat(report.step()).isEqualTo(Duration.ofSeconds(20));
    assertThat(report.points().subList(0, 3))
        .extracting(point -> point.counts().getOrDefault("seats.held", 0L))
        .containsExactly(10L, 5L, 0L);
    assertThat(report.points().subList(0, 3))
        .extracting(point -> point.levels().get("free"))
        .as("the last that was told")
        .containsExactly(8L, 7L, 7L);
  }

  /** What there was at the beginning is what was told last before it, within a day. */
  @Test
  void levelsAtTheBeginningAreTheLastOfBefore() {
    Writer one = node();
    Writer other = node();
    one.board.level(date, "free", 9);
    one.board.count(date, "seats.held", 2);
    at(10, one, other);
    other.board.level(date, "free", 8);
    at(20, one, other);
    at(40, one, other);
    other.board.level(date, "free", 7);
    at(50, one, other);

    assertThat(freeBetween(30, 60)).containsExactly(8L, 7L, 7L);
    assertThat(freeBetween(600, 620)).containsExactly(7L, 7L);
    assertThat(freeBetween(90_000, 90_010)).containsExactly(-1L);
  }

  private List<Long> freeBetween(long from, long to) {
    SaleReport report =
        new SaleReports(sql)
            .read(date, Optional.of(BEGIN.plusSeconds(from)), Optional.of(BEGIN.plusSeconds(to)))
            .await();
    assertThat(report.counters().seatsHeld()).as("of before").isZero();
    return report.points().stream().map(point -> point.levels().getOrDefault("free", -1L)).toList();
  }

  @Test
  void nothingIsWrittenWhileNothingHappens() {
    Writer node = node();
    node.board.level(room, "waiting", 4);
    at(10, node);
    for (int second = 11; second < 60; second++) {
      node.board.level(room, "waiting", 4);
      at(second, node);
    }
    assertThat(rows()).as("that, and once more").isEqualTo(2);
  }

  /** Of two nodes that have told of the same the last word counts. */
  @Test
  void aRoomThatMovesIsToldOfByItsOwner() {
    Writer one = node();
    Writer other = node();
    one.board.level(room, "waiting", 4);
    at(10, one, other);
    other.board.level(room, "waiting", 7);
    at(20, one, other);
    one.board.level(room, "waiting", 4);
    at(30, one, other);

    assertThat(levels("waiting")).containsExactly(4L, 7L, 4L, 4L, 4L, 4L);
  }

  /** Which of two words in one step was the last isn't known, but the new owner goes on telling. */
  @Test
  void aRoomThatMovesWithinAStepIsToldOfByItsOwner() {
    for (int time = 0; time < 6; time++) { // By chance the old owner's row comes first or not.
      now = BEGIN;
      Writer one = node();
      Writer other = node();
      RoomId moved = new RoomId("moved-" + time);
      database.execute(
          "insert into room (id, capacity, session_seconds) values ('" + moved + "', 9, 600)");
      database.execute("update concert set room_id = '" + moved + "'");
      one.board.level(moved, "waiting", 4);
      other.board.level(moved, "waiting", 7);
      at(10, one, other);
      other.board.level(moved, "waiting", 7);
      at(20, one, other);

      assertThat(levels("waiting")).endsWith(7L, 7L, 7L, 7L, 7L);
    }
  }

  @Test
  void whatCouldNotBeWrittenIsWrittenLaterAndWhatWasIsNotCountedTwice() {
    Writer node = node();
    node.board.count(date, "seats.held", 2);
    database.execute("alter table report_step rename to away");
    now = BEGIN.plusSeconds(10);
    assertThat(fails(node)).isTrue();
    node.board.count(date, "seats.held", 3);
    now = BEGIN.plusSeconds(20);
    assertThat(fails(node)).isTrue();
    database.execute("alter table away rename to report_step");
    at(21, node);
    at(22, node);

    assertThat(counts("seats.held")).containsExactly(2L, 3L, 0L, 0L, 0L, 0L);
  }

  private static void countEach(Writer node, int dates) {
    for (int i = 0; i < dates; i++) {
      node.board.count(new ScheduleId(1_000_000L + i), "seats.held", 1);
    }
  }

  @Test
  void moreThanIsWrittenAtOnceIsWritten() {
    Writer node = node();
    countEach(node, 2_500);
    at(10, node);

    assertThat(rows()).isEqualTo(2_500);
  }

  /** Memory has an end, but nothing is lost: what is counted then is of the step that goes on. */
  @Test
  void whatComesWhileTooMuchWaitsIsCountedInOneStep() {
    Writer node = node();
    countEach(node, ReportRecorder.MOST_WAITING);
    database.execute("alter table report_step rename to away");
    for (int step = 1; step <= 3; step++) {
      now = BEGIN.plusSeconds(10L * step);
      assertThat(fails(node)).isTrue();
      node.board.count(date, "seats.held", step);
    }
    database.execute("alter table away rename to report_step");
    at(41, node);
    at(42, node);

    assertThat(counts("seats.held")).containsExactly(0L, 6L, 0L, 0L, 0L, 0L);
    assertThat(rows()).isEqualTo(ReportRecorder.MOST_WAITING + 1);
  }

  private static boolean fails(Writer node) {
    return node.recorder.record().map(false).otherwise(true).await();
  }

  /** The answer was lost, not the row. */
  @Test
  void aRepetitionCountsOnce() {
    Writer node = node();
    node.board.count(date, "seats.held", 2);
    at(10, node);
    ReportSteps steps = new ReportSteps(sql);
    var step =
        new ReportSteps.Step(
            TallyBoard.subject(date),
            BEGIN.plusSeconds(20),
            UUID.randomUUID(),
            new Figures(Map.of("seats.held", 5L), Map.of()));
    steps.write(List.of(step)).await();
    steps.write(List.of(step)).await();

    assertThat(report().counters().seatsHeld()).isEqualTo(7);
  }

  @Test
  void aDatabaseThatWasPutBackKeepsWhatItHad() {
    Writer node = node();
    at(30, node);
    node.board.count(date, "seats.held", 2);
    at(40, node);
    node.board.count(date, "seats.held", 4);
    at(30, node); // The clock of an earlier state: what is under way ends in the step it was in.
    node.board.count(date, "seats.held", 8);
    at(40, node);

    assertThat(report().counters().seatsHeld()).isEqualTo(14);
  }

  @Test
  void theLastStepIsWrittenAtTheEnd() {
    Writer node = node();
    node.board.count(date, "seats.held", 2);
    at(3, node);
    node.recorder.finish().await();
    node.board.count(date, "seats.held", 1);
    node.recorder.finish().await();

    assertThat(counts("seats.held")).containsExactly(3L, 0L, 0L, 0L, 0L, 0L);
  }

  @Test
  void oldStepsAreForgotten() {
    database.execute(
        """
        insert into report_step (subject, at, node, counts)
        select 'schedule:1', now() - interval '1 day' * n, gen_random_uuid(), '{"x": 1}'
        from generate_series(0, 2499) n
        """);
    new ReportSteps(sql).forget(30).await();

    assertThat(rows()).isBetween(30L, 31L);
  }

  /** Rows of people as the queue writes them, with times that can be looked up. */
  @Test
  void peoplesTimesAreComputedFromTheirSessions() {
    database.execute(
        """
        insert into room_draw (room_id, number, first_epoch, last_epoch, seed, opens_at, drawn_at)
        values ('%s', 1, 1, 1, sha256('x'), '2031-01-01T10:00:00Z', '2031-01-01T10:00:00Z')
        """
            .formatted(room));
    // Ten let in at 1 s to 10 s after the opening for which they had come a minute early; each
    // stays
    // for twice as long as the wait was. The third did nothing, and came in again later.
    database.execute(
        """
        with people as (
          insert into app_user (uuid) select gen_random_uuid() from generate_series(1, 10)
          returning number)
        insert into room_session (room_id, user_number, epoch, sequence, arrived_at, admitted_at,
          ends_at, lasts_until, ended_at, returned)
        select '%s', number, 1, n, t - interval '1 minute', t + n * interval '1 second',
          t + interval '1 hour', t + interval '1 hour', t + 3 * n * interval '1 second', n = 3
        from (select number, row_number() over (order by number) as n from people) p,
          (values (timestamptz '2031-01-01T10:00:00Z')) begin (t)
        """
            .formatted(room));
    database.execute(
        """
        insert into room_session (room_id, user_number, epoch, sequence, arrived_at, admitted_at,
          ends_at, lasts_until)
        select room_id, user_number, epoch, sequence, arrived_at, admitted_at + interval '40 s',
          ends_at, lasts_until from room_session where returned
        """);

    SaleReport report = report();

    assertThat(report.people()).isEqualTo(new SaleReport.People(0, 11, 10, 0, 0, 1, 9, 1, 0));
    assertThat(report.waits().count()).isEqualTo(10);
    assertThat(report.waits().p50Millis()).hasValue(5_000);
    assertThat(report.waits().p95Millis()).hasValue(10_000);
    assertThat(report.waits().p99Millis()).hasValue(10_000);
    assertThat(report.waits().meanMillis()).hasValue(5_500);
    assertThat(report.inside().count()).isEqualTo(10);
    assertThat(report.inside().p50Millis()).hasValue(10_000);
    assertThat(report.inside().p95Millis()).hasValue(20_000);
    assertThat(counts("admitted")).containsExactly(9L, 1L, 0L, 0L, 1L, 0L);
  }
}
