package io.concert.http.payments;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.Schedule;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.http.access.Caller;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.holds.HoldRoutes;
import io.concert.http.holds.SeatChoice;
import io.concert.http.holds.SeatRequest;
import io.concert.http.queue.AdmissionGuard;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.payment.OrderNumbers;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.BalanceTooSmall;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.KeyRefused;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.payment.PaymentMessages.PricedSeat;
import io.concert.user.Token;
import io.concert.user.User;
import io.concert.user.Users;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Paying for held seats. Whether the caller may is the ledger's to say: a seat that is paid already
 * is found whatever has become of the session.
 */
public final class PaymentRoutes {
  private static final int LONGEST = 64;

  private final Bus bus;
  private final Catalog catalog;
  private final Buyers buyers;
  private final BillBody bodies;

  public PaymentRoutes(Bus bus, Catalog catalog, Users users, OrderNumbers orders) {
    this.bodies = new BillBody(orders);
    this.bus = bus;
    this.catalog = catalog;
    this.buyers = new Buyers(users);
  }

  public List<Endpoint> endpoints() {
    String payments = "/api/v1/accounts/payments";
    return List.of(
        Endpoint.post(payments, Access.QUEUE_TOKEN, BodyRule.SEED_JSON, this::payForOne),
        Endpoint.post(payments + "/batch", Access.QUEUE_TOKEN, BodyRule.JSON, this::payForSeveral));
  }

  /** A seat and its price, as a client names them. */
  private record Asked(String seatId, Won price) {}

  private Future<Answer> payForOne(Call call) {
    Token.Queue token = Caller.queueToken(call);
    JsonFields fields = call.fields();
    SeatRequest seat = SeatRequest.take(fields);
    Won price = price(fields);
    fields.end();
    List<Asked> asked = List.of(new Asked(seat.seatId(), price));
    return pay(
        call,
        token,
        seat.scheduleId(),
        asked,
        (bills, buyer) -> bodies.receipt(bills.get(0), buyer));
  }

  private Future<Answer> payForSeveral(Call call) {
    Token.Queue token = Caller.queueToken(call);
    JsonFields fields = call.fields();
    String schedule = fields.text("scheduleId", LONGEST);
    List<Asked> asked = new ArrayList<>();
    for (JsonFields seat : fields.objects("seats", SeatChoice.MOST)) {
      asked.add(new Asked(seat.text("seatId", LONGEST), price(seat)));
      seat.end();
    }
    fields.end();
    if (asked.stream().map(Asked::seatId).collect(Collectors.toSet()).size() < asked.size()) {
      throw malformed("A seat is named twice.");
    }
    return pay(call, token, schedule, asked, this::receipts);
  }

  private JsonObject receipts(List<Bill> bills, User buyer) {
    JsonArray all = new JsonArray();
    bills.forEach(bill -> all.add(bodies.receipt(bill, buyer)));
    Won total = bills.stream().map(Bill::price).reduce(Won.ZERO, Won::plus);
    return new JsonObject().put("bills", all).put("total", total.amount());
  }

  private static Won price(JsonFields fields) {
    long amount = fields.whole("price");
    if (amount < 0) {
      throw malformed("`price` can't be negative.");
    }
    return new Won(amount);
  }

  private Future<Answer> pay(
      Call call,
      Token.Queue token,
      String scheduleId,
      List<Asked> asked,
      BiFunction<List<Bill>, User, JsonObject> write) {
    Optional<IdempotencyKey> key = IdempotencyKeys.of(call, token.user());
    ScheduleId id = ScheduleId.parse(scheduleId).orElseThrow(() -> malformed("No such schedule."));
    // The buyer first: once the seat is paid nothing may keep that from being said.
    return buyers
        .of(token.user())
        .compose(
            buyer ->
                catalog
                    .schedule(id)
                    .map(found -> found.orElseThrow(() -> malformed("No such schedule.")))
                    .map(schedule -> priced(schedule, asked))
                    .compose(
                        seats ->
                            bus.request(
                                PaymentMessages.PAY,
                                new Pay(token.room(), token.user(), id, seats, key)))
                    .map(reply -> answer(reply, bills -> write.apply(bills, buyer))));
  }

  private static List<PricedSeat> priced(Schedule schedule, List<Asked> asked) {
    String id = schedule.id().toString();
    return asked.stream()
        .map(
            seat ->
                new PricedSeat(new SeatRequest(id, seat.seatId()).seatOf(schedule), seat.price()))
        .toList();
  }

  private static Answer answer(
      PayReply reply, java.util.function.Function<List<Bill>, JsonObject> write) {
    if (reply instanceof Paid paid) {
      return IdempotencyKeys.marked(Answer.json(201, write.apply(paid.bills())), paid.replayed());
    }
    if (reply instanceof KeyRefused refused) {
      throw IdempotencyKeys.refused(refused.reason());
    }
    if (reply instanceof BalanceTooSmall poor) {
      throw Problem.of(ProblemCode.INSUFFICIENT_BALANCE, "Charge the balance; your hold stands.")
          .with("required", poor.required().amount())
          .with("available", poor.available().amount())
          .exception();
    }
    NotPaid refused = (NotPaid) reply;
    throw naming(problem(refused.reason()), refused.seats()).exception();
  }

  private static Problem naming(Problem problem, List<SeatId> seats) {
    return seats.isEmpty()
        ? problem
        : problem.with("seatId", seats.get(0).toString()).with("seatIds", HoldRoutes.ids(seats));
  }

  private static Problem problem(PayRefusal reason) {
    return switch (reason) {
      case NOT_ADMITTED ->
          Problem.of(ProblemCode.NOT_ADMITTED, "You have no session in the waiting room.");
      case PRICE_MISMATCH -> Problem.of(ProblemCode.PRICE_MISMATCH, "The seat has another price.");
      case HOLD_REQUIRED -> Problem.of(ProblemCode.HOLD_REQUIRED, "Hold the seat first.");
      case HOLD_EXPIRED -> Problem.of(ProblemCode.HOLD_EXPIRED, "Its deadline has passed.");
      case BANNED -> AdmissionGuard.banned().problem();
      // The seed knows no 409 for a payment.
      case NOT_ON_SALE ->
          Problem.of(ProblemCode.NOT_ON_SALE, "The date is cancelled.").withStatus(403);
    };
  }
}
