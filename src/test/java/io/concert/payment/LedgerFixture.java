package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Won;
import io.concert.ops.Invariants;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.SaleFixture;
import io.concert.reservation.SaleFixture.Buyer;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A sale of twenty seats, a till, and the invariants after every test. */
abstract class LedgerFixture {
  static final Won PRICE = new Won(99_000);

  static Vertx vertx;
  static TestDatabase database;
  static Sql sql;
  static Connection connection;

  SaleFixture sale;
  Till till;

  @BeforeAll
  static void start() throws SQLException {
    vertx = Vertx.vertx();
    database = TestDatabase.create();
    sql = database.sql(vertx);
    connection = database.jdbc();
  }

  @AfterAll
  static void stop() throws SQLException {
    connection.close();
    vertx.close().await();
    database.close();
  }

  @BeforeEach
  void openSale() throws SQLException {
    sale = SaleFixture.create(connection, 20, PRICE);
    till = new Till(vertx, sql, sale, true);
  }

  @AfterEach
  void invariantsHoldAndNobodyWasDeadlocked() {
    assertThat(new Invariants(sql).check().await()).isEmpty();
    assertThat(
            database.number(
                "select deadlocks from pg_stat_database where datname = current_database()"))
        .isZero();
  }

  /** A standing hold, as the hold function leaves it. */
  void hold(Buyer buyer, int... seats) throws SQLException {
    for (int seat : seats) {
      sale.sql(
          """
          update seat_claim set state = 1, user_number = ?, session_id = ?,
            (fence, hold_id) = (select n, n from nextval('fence') n), held_at = clock_timestamp(),
            deadline = clock_timestamp() + interval '5 minutes', changed_tx = pg_current_xact_id()
          where schedule_id = ? and seat = ?
          """,
          buyer.user().number(),
          buyer.session().number(),
          sale.schedule().number(),
          seat);
    }
  }

  /** A buyer with that balance who holds these seats. */
  Buyer holder(long balance, int... seats) throws SQLException {
    Buyer buyer = sale.buyer(new Won(balance));
    hold(buyer, seats);
    return buyer;
  }

  void setSchedule(String assignment) throws SQLException {
    sale.sql("update schedule set " + assignment + " where id = ?", sale.schedule().number());
  }
}
