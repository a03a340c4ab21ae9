package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.payment.PaymentMessages.Bill;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mistake in the books is corrected by another posting. */
class WrittenOnceIT extends LedgerFixture {
  @Test
  void ledgerEntriesAreNeverChangedOrDeleted() {
    assertRefused("update ledger_entry set amount = amount where false");
    assertRefused("delete from ledger_entry where false");
    assertRefused("truncate ledger_entry");
  }

  @Test
  void billIsNeverChangedButForItsRefund() throws SQLException {
    Bill bill = till.bill(holder(99_000, 0), 0);
    String update = "update bill set %s where id = " + bill.id().number();

    assertRefused(update.formatted("price = 1"));
    assertRefused(update.formatted("refunded_at = clock_timestamp(), price = 1"));
    assertRefused("delete from bill where false");
    var refunded = till.refundByOperator(bill.id(), Till.CEILING);
    assertRefused(update.formatted("refunded_at = null"));
    assertRefused(update.formatted("refunded_at = clock_timestamp()"));
    assertThat(refunded).isNotNull();
  }

  /** What entries, bills, claims and sessions refer to: nothing else keeps it there. */
  @Test
  void whatIsReferredToIsNeverDeleted() {
    for (String table : List.of("app_user", "account", "room_session", "seat_claim", "schedule")) {
      assertRefused("delete from " + table + " where false");
      assertRefused("truncate " + table + " cascade");
    }
  }

  private void assertRefused(String statement) {
    assertThatThrownBy(() -> sale.sql(statement))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23001"));
  }
}
