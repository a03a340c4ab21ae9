package io.concert.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Won;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.SaleFixture;
import io.concert.reservation.SaleFixture.Buyer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class InvariantWatchIT {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void saysWhatIsViolatedAndNothingBeforeItHasLooked() throws SQLException {
    Vertx vertx = Vertx.vertx();
    try (TestDatabase database = TestDatabase.create();
        Connection connection = database.jdbc()) {
      var watch = new InvariantWatch(new Invariants(database.sql(vertx)), registry);
      SaleFixture sale = SaleFixture.create(connection, 2, new Won(1_000));
      Buyer buyer = sale.buyer(new Won(5_000));
      assertThat(violations("I2")).isNaN();

      watch.check().await();
      assertThat(violations("I2")).isZero();

      // A bill that was refunded, but whose money isn't back; a balance that nobody charged.
      sale.sql(
          "insert into bill (schedule_id, seat, user_number, price, hold_id, created_at, refunded_at)"
              + " values (?, 0, ?, 1000, 1, clock_timestamp(), clock_timestamp())",
          sale.schedule().number(),
          buyer.user().number());
      sale.sql(
          "update account set balance = balance + 1 where user_number = ?", buyer.user().number());
      watch.checkIfRested().await();
      assertThat(violations("I2")).as("resting").isZero();
      watch.check().await();

      assertThat(violations("I2")).isEqualTo(1);
      assertThat(violations("I4")).as("neither debit nor credit").isEqualTo(2);
      assertThat(violations("I13")).isZero();

      // What no constraint looks after: entries of nobody and for nothing.
      sale.sql(
          "insert into ledger_entry (posting, account, user_number, amount, bill_id, created_at)"
              + " select 1, 0, 4711, amount, 4711, clock_timestamp()"
              + " from (values (-5), (5)) as entry (amount)");
      watch.check().await();

      assertThat(violations("I2")).as("nobody's account").isEqualTo(2);
      assertThat(violations("I4")).as("no bill, debit and credit").isEqualTo(4);
    } finally {
      vertx.close().await();
    }
  }

  private double violations(String invariant) {
    return registry.get("invariant_violations").tag("invariant", invariant).gauge().value();
  }
}
