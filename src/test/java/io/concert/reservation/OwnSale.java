package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Won;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.store.HoldBatch.Judged;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.SeatClaims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * Tests of what the database decides about holds, asked through {@link SeatClaims}: they share a
 * database, and each has a sale of fifty seats of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OwnSale {
  public static final Won PRICE = new Won(88_000);
  static final Duration HOLD = Duration.ofMinutes(5);

  public final TestDatabase database = TestDatabase.create();
  private final Vertx vertx = Vertx.vertx();
  private final Sql sql = database.sql(vertx);

  public Connection connection;
  public SaleFixture sale;

  @BeforeEach
  void openSale() throws SQLException {
    connection = database.jdbc();
    sale = SaleFixture.create(connection, 50, PRICE);
  }

  @AfterEach
  void everySessionLastsAsLongAsItsHolds() throws SQLException {
    connection.close();
    assertThat(
            database.number(
                """
                select count(*) from seat_claim c join room_session s on s.id = c.session_id
                where c.state = 1 and s.lasts_until < c.deadline
                """))
        .isZero();
  }

  @AfterAll
  void closeDatabase() {
    vertx.close().await();
    database.close();
  }

  public final SeatClaims node() {
    return new SeatClaims(vertx, sql, new HoldSettings(HOLD), new SimpleMeterRegistry());
  }

  public final List<SeatClaims> nodes(int count) {
    return IntStream.range(0, count).mapToObj(i -> node()).toList();
  }

  public final Judged judged(Hold hold) {
    return node().hold(hold).await();
  }

  @CanIgnoreReturnValue
  public final HoldReply ask(Buyer buyer, int... seats) {
    return ask(sale, buyer, seats);
  }

  @CanIgnoreReturnValue
  public final HoldReply ask(SaleFixture date, Buyer buyer, int... seats) {
    return judged(date.asking(buyer, seats)).reply();
  }

  public static List<HoldReply> replies(List<Future<Judged>> asked) {
    return asked.stream().map(judged -> judged.await().reply()).toList();
  }

  public static HoldRefusal refusal(HoldReply reply) {
    assertThat(reply).isInstanceOf(NotHeld.class);
    return ((NotHeld) reply).reason();
  }

  public static Held held(HoldReply reply) {
    assertThat(reply).isInstanceOf(Held.class);
    return (Held) reply;
  }
}
