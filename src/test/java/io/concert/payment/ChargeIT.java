package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.AskEntries;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.ChargeReply;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.payment.PaymentMessages.Entry;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.reservation.SaleFixture.Buyer;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChargeIT extends LedgerFixture {
  @Test
  void chargesAddUpToTheCeilingAndNoFurther() throws SQLException {
    Buyer buyer = sale.stranger(Won.ZERO);

    assertThat(till.charge(buyer, 999_999_999)).isEqualTo(new Charged(new Won(999_999_999)));
    assertThat(till.charge(buyer, 2))
        .isEqualTo(new OverCeiling(new Won(999_999_999), Till.CEILING));
    assertThat(till.charge(buyer, Long.MAX_VALUE))
        .isEqualTo(new OverCeiling(new Won(999_999_999), Till.CEILING));
    assertThat(till.charge(buyer, 1)).isEqualTo(new Charged(Till.CEILING));
    assertThat(till.balance(buyer)).isEqualTo(Till.CEILING);
  }

  @Test
  void chargeOfAMissingAccountIsNoReasonToChargeItsNeighboursTwice() throws SQLException {
    Buyer buyer = sale.stranger(Won.ZERO);
    List<Future<ChargeReply>> batch = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      UserId user = i % 3 == 1 ? new UserId(Long.MAX_VALUE) : buyer.user();
      batch.add(till.charges.charge(new Charge(user, new Won(1_000), Till.CEILING)));
    }
    Future.join(batch).otherwiseEmpty().await();

    assertThat(batch).filteredOn(Future::failed).hasSize(3);
    assertThat(till.balance(buyer)).isEqualTo(new Won(6_000));
  }

  @Test
  void entriesTellWhatMovedTheBalanceNewestFirstAPageAtATime() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);
    hold(buyer, 0);
    var charged = List.of(till.charge(buyer, 50_000), till.charge(buyer, 60_000));
    var bill = till.bill(buyer, 0);

    List<Entry> newest = entries(buyer, Optional.empty(), 2);
    List<Entry> older = entries(buyer, Optional.of(newest.get(1).id()), 2);

    assertThat(charged).hasSize(2);
    assertThat(newest).extracting(Entry::amount).containsExactly(-99_000L, 60_000L);
    assertThat(newest.get(0).bill()).contains(bill.id());
    assertThat(older).extracting(Entry::amount).containsExactly(50_000L);
  }

  private List<Entry> entries(Buyer buyer, Optional<Long> after, int limit) {
    return till.accounts.entries(new AskEntries(buyer.user(), after, limit)).await().entries();
  }
}
