package io.concert.http;

import static io.concert.http.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.Schedule;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.http.Endpoint.BodyRule;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.BalanceTooSmall;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.user.Token;
import io.concert.user.User;
import io.concert.user.Users;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Paying for a held seat. */
final class PaymentRoutes {
  private final Bus bus;
  private final Catalog catalog;
  private final Users users;
  private final Authenticator authenticator;

  PaymentRoutes(Bus bus, Catalog catalog, Users users, Authenticator authenticator) {
    this.bus = bus;
    this.catalog = catalog;
    this.users = users;
    this.authenticator = authenticator;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.post("/api/v1/accounts/payments", BodyRule.SEED_JSON, this::pay));
  }

  private Future<Answer> pay(Call call) {
    Token.Queue token = authenticator.queueToken(call);
    Fields fields = call.fields();
    SeatRequest asked = SeatRequest.take(fields);
    Won price = price(fields);
    fields.end();
    ScheduleId id =
        ScheduleId.parse(asked.scheduleId()).orElseThrow(() -> malformed("No such schedule."));
    // The buyer first: once the seat is paid nothing may keep that from being said.
    return users
        .find(token.user())
        .map(found -> found.orElseThrow(() -> Authenticator.unauthorized("No such user.")))
        .compose(
            buyer ->
                catalog
                    .schedule(id)
                    .map(found -> found.orElseThrow(() -> malformed("No such schedule.")))
                    .compose(schedule -> pay(token, schedule, asked.seatOf(schedule), price))
                    .map(reply -> answer(reply, buyer)));
  }

  private static Won price(Fields fields) {
    long amount = fields.whole("price");
    if (amount < 0) {
      throw malformed("`price` can't be negative.");
    }
    return new Won(amount);
  }

  private Future<PayReply> pay(Token.Queue token, Schedule schedule, SeatId seat, Won price) {
    Door.requireRoom(token, schedule.room());
    return bus.request(PaymentMessages.PAY, new Pay(schedule.room(), token.user(), seat, price));
  }

  private static Answer answer(PayReply reply, User buyer) {
    if (reply instanceof Paid paid) {
      return Answer.json(201, body(paid.bills().get(0), buyer));
    }
    if (reply instanceof BalanceTooSmall poor) {
      throw Problem.of(ProblemCode.INSUFFICIENT_BALANCE, "Charge the balance; your hold stands.")
          .with("required", poor.required().amount())
          .with("available", poor.available().amount())
          .exception();
    }
    throw problem(((NotPaid) reply).reason()).exception();
  }

  private static JsonObject body(Bill bill, User buyer) {
    return new JsonObject()
        .put("billId", bill.id().toString())
        .put("price", bill.price().amount())
        .put("buyerId", buyer.uuid().reveal())
        .put("scheduleId", bill.seat().schedule().toString())
        .put("seatId", bill.seat().toString())
        .put("createdAt", Times.text(bill.createdAt()));
  }

  private static Problem problem(PayRefusal reason) {
    return switch (reason) {
      case NOT_ADMITTED ->
          Problem.of(ProblemCode.NOT_ADMITTED, "You have no session in the waiting room.");
      case PRICE_MISMATCH -> Problem.of(ProblemCode.PRICE_MISMATCH, "The seat has another price.");
      case HOLD_REQUIRED -> Problem.of(ProblemCode.HOLD_REQUIRED, "Hold the seat first.");
      case HOLD_EXPIRED -> Problem.of(ProblemCode.HOLD_EXPIRED, "Its deadline has passed.");
      // The seed knows no 409 for a payment.
      case NOT_ON_SALE ->
          Problem.of(ProblemCode.NOT_ON_SALE, "The date is cancelled.").withStatus(403);
    };
  }
}
