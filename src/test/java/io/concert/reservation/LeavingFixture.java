package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Won;
import io.concert.ops.Invariants;
import io.concert.postgres.TestDatabase;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.SessionEnded;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.EndSession;
import io.concert.reservation.api.ReservationMessages.Noted;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.SeatClaims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * Tests of people who leave with a session: they share a node, and each has a sale of fifty seats
 * of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LeavingFixture {
  /** Verdicts of {@code pay_for_seats}. */
  static final int EXPIRED = 6;

  static final int NOT_HELD = 7;
  static final int NOT_ADMITTED = 8;

  static final Won PRICE = new Won(88_000);
  static final Won RICH = new Won(900_000_000);

  final ReservationNode node = new ReservationNode();
  final TestDatabase database = node.database;

  /** What the waiting room heard. */
  final List<SessionEnded> told = new CopyOnWriteArrayList<>();

  private Connection connection;
  SaleFixture sale;

  @BeforeAll
  void serve() {
    node.deploy(Duration.ofMinutes(5));
    node.bus
        .serve(
            QueueMessages.SESSION_ENDED,
            ended -> {
              told.add(ended);
              return Future.succeededFuture(new QueueMessages.Noted());
            })
        .await();
  }

  @AfterAll
  void stop() {
    node.stop();
  }

  @BeforeEach
  void openSale() throws SQLException {
    connection = database.jdbc();
    sale = SaleFixture.create(connection, 50, PRICE);
    told.clear();
  }

  @AfterEach
  void nothingIsHeldWithoutASessionAndMoneyIsRight() throws SQLException {
    connection.close();
    assertThat(
            database.number(
                """
                select count(*) from seat_claim c join room_session s on s.id = c.session_id
                where c.state = 1 and s.ended_at is not null
                """))
        .as("holds of ended sessions")
        .isZero();
    assertThat(new Invariants(node.sql).check().await()).isEmpty();
  }

  final Future<Integer> pay(Buyer buyer, int seat) {
    return node.sql
        .query("select verdict from " + paying(buyer, seat), Tuple.tuple())
        .map(rows -> rows.iterator().next().getInteger("verdict"));
  }

  final String paying(Buyer buyer, int seat) {
    return "pay_for_seats('{0}', '{%d}', '{%s}', '{%d}', '{%d}', '{%d}', '{null}', '{null}', false)"
        .formatted(
            buyer.user().number(), sale.room(), sale.schedule().number(), seat, PRICE.amount());
  }

  /** The call of {@code end_session}. */
  final String ending(Buyer buyer) {
    return "end_session('%s', %d, %d)"
        .formatted(sale.room(), buyer.user().number(), buyer.session().number());
  }

  /** Each judges as a node of its own would. */
  final List<SeatClaims> nodes(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new SeatClaims(
                    node.vertx,
                    node.sql,
                    new HoldSettings(Duration.ofMinutes(5)),
                    new SimpleMeterRegistry()))
        .toList();
  }

  /** Says how the test is run again with the same numbers. */
  final Random random() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println(getClass().getSimpleName() + " -Dseed=" + seed);
    return new Random(seed);
  }

  final EndSession endSession(Buyer buyer) {
    return new EndSession(sale.room(), buyer.user(), buyer.session());
  }

  @CanIgnoreReturnValue
  final Noted end(Buyer buyer) {
    return node.bus.request(ReservationMessages.END_SESSION, endSession(buyer)).await();
  }

  final ReservationMessages.HoldReply hold(Buyer buyer, int... seats) {
    return node.bus.request(ReservationMessages.HOLD, sale.asking(buyer, seats)).await();
  }

  final boolean live(Buyer buyer) {
    return endedAt(buyer) == 0;
  }

  final long endedAt(Buyer buyer) {
    return database.number(
        "select coalesce(extract(epoch from ended_at) * 1000000, 0)::bigint from room_session where id = "
            + buyer.session().number());
  }
}
