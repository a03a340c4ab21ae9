package io.concert.payment;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Fault;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.reservation.SaleFixture.Buyer;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Somebody sits on one buyer's row, an operator's forgotten session, say. */
class LockedRowIT extends LedgerFixture {
  @Test
  void onlyWhoseRowIsLockedIsTurnedAway() throws SQLException {
    List<Buyer> buyers = new ArrayList<>();
    for (int seat = 0; seat < 12; seat++) {
      buyers.add(holder(99_000, seat));
    }
    Buyer locked = buyers.get(5);
    try (Connection sitting = database.jdbc();
        Statement statement = sitting.createStatement()) {
      sitting.setAutoCommit(false);
      statement.execute(
          "select from account where user_number = " + locked.user().number() + " for update");
      List<Future<Payments.Outcome>> asked = new ArrayList<>();
      for (int seat = 0; seat < 12; seat++) {
        asked.add(till.payments.pay(till.command(buyers.get(seat), seat)));
      }
      until(() -> asked.stream().allMatch(Future::isComplete));

      for (int seat = 0; seat < 12; seat++) {
        Future<Payments.Outcome> one = asked.get(seat);
        if (seat == 5) {
          assertThat(Fault.of(one.cause()).kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
        } else {
          assertThat(one.result().reply()).as("seat %d", seat).isInstanceOf(Paid.class);
        }
      }
      sitting.rollback();
    }
    assertThat(till.balance(locked)).isEqualTo(new Won(99_000));
    assertThat(till.pay(locked, 5)).isInstanceOf(Paid.class);
  }
}
