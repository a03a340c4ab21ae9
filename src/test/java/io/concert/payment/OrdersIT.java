package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.IdempotencyKey;
import io.concert.domain.OrderId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.AskOrder;
import io.concert.payment.PaymentMessages.AskOrders;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Order;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.reservation.SaleFixture.Buyer;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was paid at once is one order. */
class OrdersIT extends LedgerFixture {
  private List<Bill> paid(Buyer buyer, int... seats) {
    return ((Paid) till.pay(buyer, seats)).bills();
  }

  private Optional<Order> order(OrderId id, Buyer buyer) {
    return till.accounts.order(new AskOrder(id, Optional.of(buyer.user()))).await().order();
  }

  @Test
  void billsOfOnePaymentAreOneOrder() throws SQLException {
    Buyer buyer = holder(1_000_000, 5, 2, 9, 7);
    List<Bill> three = paid(buyer, 5, 2, 9);
    Bill alone = till.bill(buyer, 7);

    OrderId id = three.get(0).order();
    assertThat(three).extracting(Bill::order).containsOnly(id);
    assertThat(alone.order()).isNotEqualTo(id);
    assertThat(order(id, buyer).orElseThrow().bills()).hasSameElementsAs(three);
    assertThat(order(alone.order(), buyer)).contains(new Order(alone.order(), List.of(alone)));
  }

  @Test
  void isShownToItsBuyerAndOperatorsOnly() throws SQLException {
    Buyer buyer = holder(1_000_000, 0, 1);
    List<Bill> bills = paid(buyer, 0, 1);
    OrderId id = bills.get(0).order();
    Buyer other = holder(1_000_000, 2);
    var unused = till.bill(other, 2);

    assertThat(order(id, other)).isEmpty();
    assertThat(till.accounts.order(new AskOrder(id, Optional.empty())).await().order())
        .contains(new Order(id, bills));
    assertThat(order(new OrderId(bills.get(1).id().number()), buyer))
        .as("an order is named after its first bill only")
        .isEmpty();
    assertThat(order(new OrderId(1_000_000_000L), buyer)).isEmpty();
  }

  /** What was paid before keeps its order; what is paid now has one of its own. */
  @Test
  void seatsThatWerePaidBeforeStayInTheirOrder() throws SQLException {
    till = new Till(vertx, sql, sale, false);
    Buyer buyer = holder(1_000_000, 0, 1, 2);
    Bill first = till.bill(buyer, 1);
    List<Bill> all = paid(buyer, 0, 1, 2);

    assertThat(all.get(1)).isEqualTo(first);
    assertThat(all.get(0).order()).isEqualTo(all.get(2).order()).isNotEqualTo(first.order());
    assertThat(paid(buyer, 0, 1, 2)).isEqualTo(all);
  }

  @Test
  void staysTheSameWhenAPaymentIsSentAgainOrRefunded() throws SQLException {
    Buyer buyer = holder(1_000_000, 0, 1);
    IdempotencyKey key = Till.key();
    List<Bill> bills = ((Paid) till.pay(key, buyer, 0, 1)).bills();
    assertThat(((Paid) till.pay(key, buyer, 0, 1)).bills()).isEqualTo(bills);

    Bill second = bills.get(1);
    Refunded refunded = (Refunded) till.refund(buyer.user(), second.id());
    assertThat(refunded.bill().order()).isEqualTo(second.order());
    assertThat(((Refunded) till.refund(buyer.user(), second.id())).bill().order())
        .isEqualTo(second.order());
    assertThat(order(second.order(), buyer).orElseThrow().bills()).hasSize(2);
  }

  /** An answer that was kept before there were orders names none. */
  @Test
  void replayOfAnAnswerFromBeforeFindsTheOrder() throws SQLException {
    Buyer buyer = holder(1_000_000, 0, 1);
    IdempotencyKey key = Till.key();
    List<Bill> bills = ((Paid) till.pay(key, buyer, 0, 1)).bills();
    database.execute(
        "update idempotency_key set answer ="
            + " (select jsonb_agg(a - 'order_id') from jsonb_array_elements(answer) a)");
    assertThat(((Paid) till.pay(key, buyer, 0, 1)).bills()).isEqualTo(bills);
  }

  @Test
  void pagesThroughABuyersOrders() throws SQLException {
    till = new Till(vertx, sql, sale, false);
    Buyer buyer = holder(1_000_000, 0, 1, 2, 3);
    OrderId first = paid(buyer, 0, 1).get(0).order();
    OrderId second = paid(buyer, 2).get(0).order();
    OrderId third = paid(buyer, 3).get(0).order();

    assertThat(orders(buyer, Optional.empty())).containsExactly(third, second);
    assertThat(orders(buyer, Optional.of(second))).containsExactly(first);
    assertThat(
            till.accounts
                .orders(new AskOrders(buyer.user(), Optional.of(second), 2))
                .await()
                .orders()
                .get(0)
                .bills())
        .hasSize(2);
  }

  private List<OrderId> orders(Buyer buyer, Optional<OrderId> after) {
    return till.accounts.orders(new AskOrders(buyer.user(), after, 2)).await().orders().stream()
        .map(Order::id)
        .toList();
  }

  /** Their bills' numbers are drawn by several batches at once. */
  @Test
  void crowdThatPaysAtOnceHasAnOrderEach() throws SQLException {
    List<Buyer> buyers = sale.buyers(10, new Won(1_000_000));
    for (int i = 0; i < buyers.size(); i++) {
      hold(buyers.get(i), 2 * i, 2 * i + 1);
    }
    List<Till> nodes = List.of(till, new Till(vertx, sql, sale, true));
    var paid =
        IntStream.range(0, buyers.size())
            .mapToObj(
                i -> nodes.get(i % 2).payments.pay(till.command(buyers.get(i), 2 * i + 1, 2 * i)))
            .toList();
    Future.all(paid).await();
    var orders = paid.stream().map(done -> ((Paid) done.result().reply()).bills()).toList();

    assertThat(orders)
        .allSatisfy(bills -> assertThat(bills.get(0).order()).isEqualTo(bills.get(1).order()));
    assertThat(orders.stream().map(bills -> bills.get(0).order())).doesNotHaveDuplicates();
  }
}
