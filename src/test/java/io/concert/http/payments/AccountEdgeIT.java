package io.concert.http.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.BillId;
import io.concert.domain.OrderId;
import io.concert.domain.RoomId;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.http.HttpSettings;
import io.concert.http.access.JoinLimits;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.payment.PaymentMessages.Balance;
import io.concert.payment.PaymentMessages.BalanceTooSmall;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccountEdgeIT {
  private static final String BALANCES = "/api/v1/accounts/balances";
  private static final String PAYMENTS = "/api/v1/accounts/payments";
  private static final Won CEILING = HttpSettings.DEFAULT_CEILING;

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();

  @BeforeEach
  void script() {
    dispatcher.script(PaymentMessages.ASK_BALANCE, (AskBalance ask) -> new Balance(new Won(500)));
    dispatcher.script(
        PaymentMessages.CHARGE, (Charge charge) -> new Charged(new Won(500).plus(charge.amount())));
  }

  private static JsonObject of(User user) {
    return new JsonObject().put("userId", user.uuid().reveal());
  }

  @Test
  void asksForABalanceWithNothingNullOrZero() {
    for (JsonObject body :
        List.of(
            of(guest),
            of(guest).putNull("balanceAdjustment"),
            of(guest).put("balanceAdjustment", 0))) {
      assertThat(http.patch(BALANCES).json(body).expect(200))
          .isEqualTo(new JsonObject().put("balance", 500));
    }
    assertThat(dispatcher.asked).hasSize(3).containsOnly(new AskBalance(guest.number()));
  }

  @Test
  void charges() {
    assertThat(http.patch(BALANCES).json(of(guest).put("balanceAdjustment", 250)).expect(200))
        .isEqualTo(new JsonObject().put("balance", 750));
    assertThat(dispatcher.asked).containsExactly(new Charge(guest.number(), new Won(250), CEILING));
  }

  @Test
  void refusesAmountsThatAreNegativeOrOverTheCeiling() {
    http.patch(BALANCES).json(of(guest).put("balanceAdjustment", -1)).expect(400, "MALFORMED");
    http.patch(BALANCES)
        .json(of(guest).put("balanceAdjustment", CEILING.amount() + 1))
        .expect(400, "BALANCE_LIMIT");
    http.patch(BALANCES)
        .json(of(guest).put("balanceAdjustment", Long.MAX_VALUE))
        .expect(400, "BALANCE_LIMIT");
    assertThat(dispatcher.asked).isEmpty();

    dispatcher.script(
        PaymentMessages.CHARGE, (Charge charge) -> new OverCeiling(new Won(500), CEILING));
    JsonObject problem =
        http.patch(BALANCES)
            .json(of(guest).put("balanceAdjustment", CEILING.amount()))
            .expect(400, "BALANCE_LIMIT");
    assertThat(problem.getLong("balance")).isEqualTo(500);
  }

  @Test
  void needsTheUsersOwnTokenIfAnyAndAProtectedUsersAlways() {
    User kim = dispatcher.protectedUser(UUID.randomUUID() + "@example.com", "12345678");

    http.patch(BALANCES).json(of(kim)).expect(401, "UNAUTHORIZED");
    http.patch(BALANCES)
        .bearer(dispatcher.accessToken(guest))
        .json(of(kim))
        .expect(401, "UNAUTHORIZED");
    http.patch(BALANCES)
        .bearer(dispatcher.accessToken(kim))
        .json(of(guest))
        .expect(401, "UNAUTHORIZED");
    http.patch(BALANCES).bearer("forged").json(of(guest)).expect(401, "UNAUTHORIZED");
    http.patch(BALANCES)
        .bearer(DispatcherFixture.PAYMENTS)
        .json(of(guest))
        .expect(401, "UNAUTHORIZED");
    assertThat(dispatcher.asked).isEmpty();

    http.patch(BALANCES).bearer(dispatcher.accessToken(kim)).json(of(kim)).expect(200);
    http.patch(BALANCES).bearer(dispatcher.queueToken(kim)).json(of(kim)).expect(200);
    http.patch(BALANCES).bearer(dispatcher.queueToken(guest)).json(of(guest)).expect(200);
  }

  @Test
  void doesNotKnowUsersThatAreMalformedOrUnknown() {
    for (String userId : List.of("", "1", "1-1-1-1-1", UUID.randomUUID().toString())) {
      http.patch(BALANCES)
          .json(new JsonObject().put("userId", userId).put("balanceAdjustment", -5))
          .expect(401, "UNAUTHORIZED");
    }
  }

  @Test
  void leavesChargingToOperatorsWhereTheSettingSaysSo() {
    HttpSettings settings =
        new HttpSettings(
            "127.0.0.1",
            0,
            ChargePolicy.OPERATOR,
            CEILING,
            List.of(),
            1_000,
            4,
            JoinLimits.OFF,
            HttpSettings.DEFAULT_OVERLOAD_DELAY);
    Http strict = dispatcher.http(settings);
    JsonObject charge = of(guest).put("balanceAdjustment", 10);

    strict.patch(BALANCES).json(charge).expect(403, "FORBIDDEN");
    strict
        .patch(BALANCES)
        .bearer(dispatcher.accessToken(guest))
        .json(charge)
        .expect(403, "FORBIDDEN");
    strict.patch(BALANCES).bearer(DispatcherFixture.OPERATOR).json(charge).expect(403, "FORBIDDEN");
    strict
        .patch(BALANCES)
        .bearer(DispatcherFixture.VIEWER)
        .json(of(guest))
        .expect(403, "FORBIDDEN");
    strict.patch(BALANCES).bearer("forged").json(charge).expect(401, "UNAUTHORIZED");
    strict.patch(BALANCES).json(of(guest).put("balanceAdjustment", -10)).expect(400, "MALFORMED");
    assertThat(dispatcher.asked).isEmpty();

    strict.patch(BALANCES).json(of(guest)).expect(200);
    strict.patch(BALANCES).bearer(DispatcherFixture.PAYMENTS).json(charge).expect(200);
    User kim = dispatcher.protectedUser(UUID.randomUUID() + "@example.com", "12345678");
    strict
        .patch(BALANCES)
        .bearer(DispatcherFixture.PAYMENTS)
        .json(of(kim).put("balanceAdjustment", 10))
        .expect(200);
  }

  private JsonObject payment() {
    return new JsonObject()
        .put("scheduleId", dispatcher.schedule)
        .put("seatId", dispatcher.seat)
        .put("price", 99_000);
  }

  @Test
  void writesABill() {
    SeatId seat = SeatId.parse(dispatcher.seat).orElseThrow();
    Instant at = Instant.parse("2026-05-01T10:00:00Z");
    dispatcher.script(
        PaymentMessages.PAY,
        (Pay pay) ->
            new Paid(new Bill(new BillId(3), pay.user(), seat, pay.seats().get(0).price(), at)));

    JsonObject bill =
        http.post(PAYMENTS).bearer(dispatcher.queueToken(guest)).json(payment()).expect(201);

    assertThat(dispatcher.asked)
        .containsExactly(new Pay(RoomId.DEFAULT, guest.number(), seat, DispatcherFixture.price()));
    assertThat(bill)
        .isEqualTo(
            payment()
                .put("billId", "b3")
                .put("price", 99_000)
                .put("buyerId", guest.uuid().reveal())
                .put("createdAt", "2026-05-01T10:00:00.000Z")
                .put("orderNumber", dispatcher.orders.text(new OrderId(3))));
  }

  @Test
  void saysHowMuchIsMissing() {
    dispatcher.script(
        PaymentMessages.PAY,
        (Pay pay) -> new BalanceTooSmall(DispatcherFixture.price(), new Won(98_999)));

    JsonObject problem =
        http.post(PAYMENTS)
            .bearer(dispatcher.queueToken(guest))
            .json(payment())
            .expect(402, "INSUFFICIENT_BALANCE");

    assertThat(problem.getLong("required")).isEqualTo(99_000);
    assertThat(problem.getLong("available")).isEqualTo(98_999);
  }

  @ParameterizedTest
  @EnumSource
  void saysWhyAPaymentIsRefused(PayRefusal reason) {
    dispatcher.script(PaymentMessages.PAY, (Pay pay) -> new NotPaid(reason, List.of()));

    http.post(PAYMENTS)
        .bearer(dispatcher.queueToken(guest))
        .json(payment())
        .expect(reason == PayRefusal.PRICE_MISMATCH ? 400 : 403, reason.name());
  }

  @Test
  void takesPaymentsFromQueueTokensOnlyAndLeavesTheRoomToTheLedger() {
    http.post(PAYMENTS).json(payment()).expect(401, "UNAUTHORIZED");
    http.post(PAYMENTS)
        .bearer(dispatcher.accessToken(guest))
        .json(payment())
        .expect(401, "UNAUTHORIZED");
    assertThat(dispatcher.asked).isEmpty();
    dispatcher.script(
        PaymentMessages.PAY, (Pay pay) -> new NotPaid(PayRefusal.NOT_ADMITTED, List.of()));
    RoomId other = new RoomId("stadium");
    http.post(PAYMENTS)
        .bearer(dispatcher.queueToken(guest, other))
        .json(payment())
        .expect(403, "NOT_ADMITTED");
    assertThat(((Pay) dispatcher.asked.get(0)).room()).isEqualTo(other);
  }

  @Test
  void refusesPaymentsForSeatsThatDoNotExist() {
    for (String seat : List.of(dispatcher.schedule + "-6", dispatcher.otherSchedule + "-0", "x")) {
      http.post(PAYMENTS)
          .bearer(dispatcher.queueToken(guest))
          .json(payment().put("seatId", seat))
          .expect(400, "MALFORMED");
    }
    http.post(PAYMENTS)
        .bearer(dispatcher.queueToken(guest))
        .json(payment().put("price", -1))
        .expect(400, "MALFORMED");
    assertThat(dispatcher.asked).isEmpty();
  }
}
