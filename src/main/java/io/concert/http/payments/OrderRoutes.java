package io.concert.http.payments;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.domain.OrderId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.http.access.Caller;
import io.concert.http.holds.SeatNames;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.PageRequest;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.payment.OrderNumbers;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskOrder;
import io.concert.payment.PaymentMessages.AskOrders;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Order;
import io.concert.user.Token;
import io.concert.user.Users;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What was paid at once, by the number that a buyer can read out: one's own, or anyone's. */
public final class OrderRoutes {
  private final Bus bus;
  private final Buyers buyers;
  private final OrderNumbers numbers;
  private final BillBody bodies;
  private final SeatNames names;

  public OrderRoutes(Bus bus, Catalog catalog, Users users, OrderNumbers numbers) {
    this.bus = bus;
    this.buyers = new Buyers(users);
    this.numbers = numbers;
    this.bodies = new BillBody(numbers);
    this.names = new SeatNames(catalog);
  }

  public List<Endpoint> endpoints() {
    String orders = "/api/v1/accounts/orders";
    return List.of(
        Endpoint.get(orders, Access.USER, this::list),
        Endpoint.get(orders + "/{id}", Access.USER, this::order),
        Endpoint.get("/api/v1/admin/orders/{id}", Access.VIEWER, this::anyones));
  }

  private Future<Answer> list(Call call) {
    Token token = Caller.token(call);
    PageRequest page = PageRequest.of(call);
    Optional<OrderId> after = page.cursor(numbers::parse);
    AskOrders question = new AskOrders(token.user(), after, page.limit() + 1);
    return buyers
        .of(token.user())
        .compose(
            buyer ->
                bus.request(PaymentMessages.ASK_ORDERS, question)
                    .compose(
                        found ->
                            names
                                .of(seats(found.orders().stream()))
                                .map(
                                    seatNos ->
                                        Answer.ok(
                                            page.answer(
                                                found.orders(),
                                                order -> bodies.own(order, buyer, seatNos),
                                                order -> numbers.text(order.id()))))));
  }

  private static List<SeatId> seats(Stream<Order> orders) {
    return orders.flatMap(order -> order.bills().stream()).map(Bill::seat).toList();
  }

  private Future<Answer> order(Call call) {
    Token token = Caller.token(call);
    OrderId id = orderInPath(call);
    return buyers
        .of(token.user())
        .compose(
            buyer ->
                find(id, Optional.of(token.user()))
                    .compose(
                        order ->
                            names
                                .of(seats(Stream.of(order)))
                                .map(seatNos -> Answer.ok(bodies.own(order, buyer, seatNos)))));
  }

  private Future<Answer> anyones(Call call) {
    return find(orderInPath(call), Optional.empty())
        .compose(
            order ->
                names
                    .of(seats(Stream.of(order)))
                    .map(seatNos -> Answer.ok(bodies.forOperator(order, seatNos))));
  }

  private Future<Order> find(OrderId id, Optional<UserId> buyer) {
    return bus.request(PaymentMessages.ASK_ORDER, new AskOrder(id, buyer))
        .map(found -> found.order().orElseThrow(OrderRoutes::noSuchOrder));
  }

  private OrderId orderInPath(Call call) {
    return numbers.parse(call.path("id")).orElseThrow(OrderRoutes::noSuchOrder);
  }

  private static ProblemException noSuchOrder() {
    return Problem.of(ProblemCode.NOT_FOUND, "No such order.").exception();
  }
}
