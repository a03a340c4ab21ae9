package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.PgCatalog;
import io.concert.catalog.PgCatalogAdmin;
import io.concert.domain.BillId;
import io.concert.domain.Won;
import io.concert.events.store.EventLog;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.reservation.SaleFixture.Buyer;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** There is an event for each effect that was committed, and for nothing else. */
class OutboxIT extends LedgerFixture {
  @BeforeEach
  void write() {
    new EventLog(sql).setWritten(true).await();
    database.execute("delete from outbox");
  }

  /** The outbox of this test's date: kind, seat, user, bill, price. */
  private List<String> events() throws SQLException {
    return rows(
        """
        select concat_ws(' ', case kind when 1 then 'sold' when 2 then 'refunded'
            when 3 then 'cancelled' when 4 then 'expired' end,
          seat, user_number, bill_id, price)
        from outbox where schedule_id = %d order by kind, bill_id, id
        """);
  }

  /** What the bills and the date say that there must be; holds aside. */
  private List<String> effects() throws SQLException {
    return rows(
        """
        select concat_ws(' ', kind, seat, user_number, id, price) from (
          select 1 as nth, 'sold' as kind, seat, user_number, id, price from bill
          where schedule_id = %1$d
          union all
          select 2, 'refunded', seat, user_number, id, price from bill
          where schedule_id = %1$d and refunded_at is not null
          union all
          select 3, 'cancelled', null, null, null, null from schedule
          where id = %1$d and state = 2) effect
        order by nth, id
        """);
  }

  private List<String> rows(String select) throws SQLException {
    try (Connection looking = database.jdbc();
        Statement statement = looking.createStatement();
        ResultSet rows = statement.executeQuery(select.formatted(sale.schedule().number()))) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  @Test
  void tellsOfASaleAndItsRefund() throws SQLException {
    Buyer buyer = holder(500_000, 3);

    Bill bill = till.bill(buyer, 3);
    assertThat(till.pay(buyer, 3)).as("paid already").isInstanceOf(Paid.class);
    assertThat(till.refund(buyer.user(), bill.id())).isInstanceOf(Refunded.class);
    assertThat(till.refund(buyer.user(), bill.id())).as("again").isInstanceOf(Refunded.class);

    String rest = "3 " + buyer.user().number() + " " + bill.id().number() + " 99000";
    assertThat(events()).containsExactly("sold " + rest, "refunded " + rest);
  }

  @Test
  void tellsOfNoRefusal() throws SQLException {
    Buyer poor = holder(10, 4);
    assertThat(till.pay(poor, 4)).isNotInstanceOf(Paid.class);
    assertThat(till.pay(poor, 5)).isNotInstanceOf(Paid.class);
    assertThat(till.refund(poor.user(), new BillId(999_999))).isNotInstanceOf(Refunded.class);
    assertThat(events()).isEmpty();
  }

  @Test
  void tellsOfNothingThatWasRolledBack() throws SQLException {
    Buyer buyer = holder(500_000, 6);
    try (Connection own = database.jdbc();
        Statement statement = own.createStatement()) {
      own.setAutoCommit(false);
      try (ResultSet paid =
          statement.executeQuery(
              """
              select verdict from pay_for_seats('{0}', '{%d}', '{%s}', '{%d}', '{6}', '{99000}',
                array[null]::uuid[], array[null]::uuid[], true)
              """
                  .formatted(
                      buyer.user().number(), sale.room().name(), sale.schedule().number()))) {
        assertThat(paid.next()).isTrue();
        assertThat(paid.getInt(1)).isZero();
      }
      own.rollback();
    }
    assertThat(events()).isEmpty();
  }

  @Test
  void isLeftAloneWhileNobodyWantsEvents() throws SQLException {
    new EventLog(sql).setWritten(false).await();
    var unused = till.bill(holder(500_000, 7), 7);
    assertThat(events()).isEmpty();
  }

  @Test
  void tellsOfHoldsThatCameToTheirDeadlineHoweverTheyEnded() throws SQLException {
    Buyer swept = holder(0, 0);
    Buyer overtaken = holder(0, 1);
    Buyer gone = holder(0, 2);
    Buyer leaving = holder(0, 3);
    Buyer next = sale.buyer(new Won(0));
    sale.passDeadline(1);
    database.execute(
        "select count(*) from hold_seats(null, null, '{%s}', '{%d}', '{%d}', '{0}', '{1}', 60000)"
            .formatted(sale.room().name(), next.user().number(), sale.schedule().number()));
    sale.passDeadline(2);
    database.execute(
        "select count(*) from end_session('%s', %d, %d)"
            .formatted(sale.room().name(), gone.user().number(), gone.session().number()));
    database.execute(
        "select count(*) from end_session('%s', %d, %d)"
            .formatted(sale.room().name(), leaving.user().number(), leaving.session().number()));
    sale.passDeadline(0);
    database.execute("select count(*) from free_due_claims(100)");
    database.execute("select count(*) from free_due_claims(100)");

    assertThat(events())
        .as("given back in time it isn't expired")
        .containsExactly(
            "expired 1 " + overtaken.user().number(),
            "expired 2 " + gone.user().number(),
            "expired 0 " + swept.user().number());
    assertThat(
            database.number(
                "select count(distinct hold_id) from outbox where hold_id is not null"
                    + " and schedule_id = "
                    + sale.schedule().number()))
        .isEqualTo(3);
  }

  /** Sells, refunds, refusals and a cancelling, many at once. */
  @Test
  void tellsOfAllThatTheBillsSayAndNoMore() throws SQLException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Buyer> buyers = sale.buyers(8, new Won(2_000_000));
    List<Bill> bills = new ArrayList<>();
    for (int round = 0; round < 25; round++) {
      List<Future<?>> asked = new ArrayList<>();
      List<Future<Payments.Outcome>> payments = new ArrayList<>();
      for (Buyer buyer : buyers) {
        int seat = random.nextInt(20);
        if (sale.claim(seat).user() == 0) {
          hold(buyer, seat);
        }
        payments.add(till.payments.pay(till.command(buyer, seat)));
        if (!bills.isEmpty() && random.nextInt(3) > 0) {
          Bill bill = bills.get(random.nextInt(bills.size()));
          asked.add(
              till.refunds.refund(
                  Till.refundOf(random.nextBoolean() ? bill.buyer() : buyer.user(), bill.id())));
        }
      }
      for (var payment : payments) {
        if (payment.await().reply() instanceof Paid paid) {
          bills.addAll(paid.bills());
        }
      }
      for (var refund : asked) {
        refund.await();
      }
    }
    assertThat(bills).hasSizeGreaterThan(20);
    assertThat(events()).isEqualTo(effects());

    var catalog = new PgCatalog(vertx, sql);
    new PgCatalogAdmin(vertx, sql, catalog::refresh).cancel(sale.schedule(), Till.OPERATOR).await();
    new PgCatalogAdmin(vertx, sql, catalog::refresh).cancel(sale.schedule(), Till.OPERATOR).await();
    var unused = new CancelledSchedules(sql, 3).refundNow(sale.schedule()).await();

    assertThat(events()).isEqualTo(effects()).contains("cancelled");
    assertThat(rows("select count(*) from bill where schedule_id = %d and refunded_at is null"))
        .containsExactly("0");
  }
}
