package io.concert.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.BillId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.http.HttpSettings;
import io.concert.http.payments.ChargePolicy;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.Refund;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.NothingHeld;
import io.concert.reservation.api.ReservationMessages.RecallHold;
import io.concert.reservation.api.ReservationMessages.Release;
import io.concert.reservation.api.ReservationMessages.Released;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the edge makes of {@code Idempotency-Key}. */
class KeyIT {
  private static final String HOLD = "/api/v1/reservations/seats";
  private static final String PAY = "/api/v1/accounts/payments";
  private static final Instant AT = Instant.parse("2026-05-01T10:00:00Z");

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();
  private final String jwt = dispatcher.queueToken(guest);
  private volatile boolean replayed;

  @BeforeEach
  void script() {
    admit(AdmissionState.ACTIVE);
    dispatcher.script(ReservationMessages.HOLD, (Hold hold) -> held(hold.seats().get(0)));
    dispatcher.script(ReservationMessages.RELEASE, (Release release) -> new Released(replayed));
    dispatcher.script(
        PaymentMessages.PAY,
        (Pay pay) ->
            new Paid(pay.seats().stream().map(seat -> bill(pay, seat.seat())).toList(), replayed));
    dispatcher.script(
        PaymentMessages.CHARGE, (Charge charge) -> new Charged(charge.amount(), replayed));
    dispatcher.script(
        PaymentMessages.REFUND,
        (Refund refund) ->
            new Refunded(
                new Bill(
                    refund.bill(),
                    guest.number(),
                    SeatId.parse(dispatcher.seat).orElseThrow(),
                    DispatcherFixture.price(),
                    AT,
                    Optional.of(AT)),
                replayed));
  }

  private void admit(AdmissionState state) {
    dispatcher.script(
        QueueMessages.CHECK_ADMISSION,
        (CheckAdmission check) -> new Admission(state, Optional.empty()));
  }

  private Held held(SeatId seat) {
    return new Held(List.of(DispatcherFixture.held(seat, 12, AT, AT)), replayed);
  }

  private static Bill bill(Pay pay, SeatId seat) {
    return new Bill(new BillId(3), pay.user(), seat, DispatcherFixture.price(), AT);
  }

  private JsonObject seat() {
    return new JsonObject().put("scheduleId", dispatcher.schedule).put("seatId", dispatcher.seat);
  }

  private IdempotencyKey payKey(String jwt, String key, String body) {
    dispatcher.asked.clear();
    http.post(PAY).bearer(jwt).header("Idempotency-Key", key).body(body).expect(201);
    return ((Pay) dispatcher.asked.get(0)).key().orElseThrow();
  }

  @Test
  void standsForTheCallerTheRouteTheKeyAndWhatWasAsked() {
    String body = seat().put("price", 99_000).encode();
    IdempotencyKey first = payKey(jwt, "\"one\"", body);

    assertThat(payKey(jwt, "\"one\"", body)).isEqualTo(first);
    assertThat(payKey(dispatcher.queueToken(guest), "one", body)).as("bare").isEqualTo(first);
    JsonObject sorted =
        new JsonObject()
            .put("price", 99_000)
            .put("seatId", dispatcher.seat)
            .put("scheduleId", dispatcher.schedule);
    assertThat(payKey(jwt, "\"one\"", sorted.encodePrettily())).as("order").isEqualTo(first);

    Set<IdempotencyKey> others = new HashSet<>();
    others.add(first);
    others.add(payKey(jwt, "\"two\"", body));
    others.add(payKey(dispatcher.queueToken(dispatcher.guest()), "\"one\"", body));
    assertThat(others).extracting(IdempotencyKey::id).doesNotHaveDuplicates();
    IdempotencyKey dearer = payKey(jwt, "\"one\"", seat().put("price", 99_001).encode());
    assertThat(dearer.id()).isEqualTo(first.id());
    assertThat(dearer.body()).isNotEqualTo(first.body());
    http.post(HOLD).bearer(jwt).header("Idempotency-Key", "one").json(seat()).expect(200);
    Hold hold = (Hold) dispatcher.asked.get(dispatcher.asked.size() - 1);
    assertThat(hold.key().orElseThrow().id()).isNotEqualTo(first.id());
  }

  @Test
  void readsEscapesAndAllPrintableCharacters() {
    String body = seat().put("price", 99_000).encode();
    IdempotencyKey quoted = payKey(jwt, "\"a\\\"b\\\\c d\"", body);
    assertThat(payKey(jwt, "a\"b\\c d", body)).isEqualTo(quoted);
    assertThat(payKey(jwt, "x".repeat(255), body)).isNotNull();
  }

  @Test
  void refusesWhatIsNoKey() {
    for (String key :
        List.of(
            "",
            "\"\"",
            "\"",
            "\"a",
            "\"a\"b\"",
            "\"a\\x\"",
            "x".repeat(256),
            "\"" + "\\\"".repeat(2_000) + "\"")) {
      keyed(key).forEach(request -> request.expect(400, "MALFORMED"));
    }
    http.post(PAY)
        .bearer(jwt)
        .header("Idempotency-Key", "a")
        .header("Idempotency-Key", "b")
        .json(seat().put("price", 1))
        .expect(400, "MALFORMED");
    assertThat(dispatcher.asked).isEmpty();
  }

  /** One right request to each endpoint that takes a key. */
  private List<Http.Request> keyed(String key) {
    JsonObject charge =
        new JsonObject().put("userId", guest.uuid().reveal()).put("balanceAdjustment", 5);
    JsonObject several =
        new JsonObject()
            .put("scheduleId", dispatcher.schedule)
            .put("seats", List.of(new JsonObject().put("seatId", dispatcher.seat).put("price", 1)));
    JsonObject holds =
        new JsonObject()
            .put("scheduleId", dispatcher.schedule)
            .put("seatIds", List.of(dispatcher.seat));
    return List.of(
            http.post(HOLD).bearer(jwt).json(seat()),
            http.post("/api/v1/reservations/holds").bearer(jwt).json(holds),
            http.request("DELETE", HOLD + "/" + dispatcher.schedule + "/" + dispatcher.seat)
                .bearer(jwt),
            http.patch("/api/v1/accounts/balances").json(charge),
            http.post(PAY).bearer(jwt).json(seat().put("price", 1)),
            http.post(PAY + "/batch").bearer(jwt).json(several),
            http.post("/api/v1/accounts/bills/b3/refund").bearer(jwt))
        .stream()
        .map(request -> request.header("Idempotency-Key", key))
        .toList();
  }

  @Test
  void saysThatAnAnswerIsTheFirstOneAgain() {
    for (boolean again : List.of(false, true)) {
      replayed = again;
      for (Http.Request request : keyed("k")) {
        HttpResponse<byte[]> response = request.send();
        assertThat(response.statusCode()).isBetween(200, 204);
        assertThat(response.headers().firstValue("Idempotent-Replayed"))
            .isEqualTo(again ? Optional.of("true") : Optional.empty());
      }
    }
  }

  @Test
  void saysThatAKeyStandsInTheWay() {
    refuse(KeyRefusal.REUSED);
    keyed("k").forEach(request -> request.expect(422, "KEY_REUSED"));
    refuse(KeyRefusal.IN_FLIGHT);
    keyed("k").forEach(request -> request.expect(409, "KEY_IN_FLIGHT"));
  }

  private void refuse(KeyRefusal reason) {
    var ofSeats = new ReservationMessages.KeyRefused(reason);
    var ofMoney = new PaymentMessages.KeyRefused(reason);
    dispatcher.script(ReservationMessages.HOLD, (Hold hold) -> ofSeats);
    dispatcher.script(ReservationMessages.RELEASE, (Release release) -> ofSeats);
    dispatcher.script(PaymentMessages.PAY, (Pay pay) -> ofMoney);
    dispatcher.script(PaymentMessages.CHARGE, (Charge charge) -> ofMoney);
    dispatcher.script(PaymentMessages.REFUND, (Refund refund) -> ofMoney);
  }

  @Test
  void recallsAHoldForSomebodyWhoIsNotLetInAnyMore() {
    admit(AdmissionState.NONE);
    dispatcher.script(
        ReservationMessages.RECALL_HOLD,
        (RecallHold recall) -> held(SeatId.parse(dispatcher.seat).orElseThrow()));

    HttpResponse<byte[]> again =
        http.post(HOLD).bearer(jwt).header("Idempotency-Key", "k").json(seat()).send();
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(new JsonObject(Http.text(again)).getString("holdId")).isEqualTo("h12");
    String outside = dispatcher.queueToken(guest, new io.concert.domain.RoomId("stadium"));
    http.post(HOLD).bearer(outside).header("Idempotency-Key", "k").json(seat()).expect(200);
    http.post(HOLD).bearer(jwt).json(seat()).expect(403, "NOT_ADMITTED");

    dispatcher.script(ReservationMessages.RECALL_HOLD, (RecallHold recall) -> new NothingHeld());
    http.post(HOLD)
        .bearer(jwt)
        .header("Idempotency-Key", "k")
        .json(seat())
        .expect(403, "NOT_ADMITTED");
    dispatcher.script(
        ReservationMessages.RECALL_HOLD,
        (RecallHold recall) -> new ReservationMessages.KeyRefused(KeyRefusal.REUSED));
    http.post(HOLD)
        .bearer(jwt)
        .header("Idempotency-Key", "k")
        .json(seat())
        .expect(422, "KEY_REUSED");
    assertThat(dispatcher.asked).noneMatch(Hold.class::isInstance);
  }

  @Test
  void keepsAnOperatorsKeysApartFromTheUsers() {
    Http strict =
        dispatcher.http(
            new HttpSettings(
                "127.0.0.1",
                0,
                ChargePolicy.OPERATOR,
                HttpSettings.DEFAULT_CEILING,
                List.of(),
                1_000,
                4,
                JoinLimits.OFF,
                HttpSettings.DEFAULT_OVERLOAD_DELAY));
    JsonObject charge =
        new JsonObject().put("userId", guest.uuid().reveal()).put("balanceAdjustment", 5);
    for (Http server : List.of(http, strict)) {
      Http.Request request = server.patch("/api/v1/accounts/balances").json(charge);
      (server.equals(strict) ? request.bearer(DispatcherFixture.PAYMENTS) : request)
          .header("Idempotency-Key", "k")
          .expect(200);
    }
    assertThat(dispatcher.asked)
        .extracting(asked -> ((Charge) asked).key().orElseThrow().id())
        .doesNotHaveDuplicates()
        .hasSize(2);
    assertThat(((Charge) dispatcher.asked.get(0)).amount()).isEqualTo(new Won(5));
  }
}
