package io.concert.http.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBills;
import io.concert.payment.PaymentMessages.Bills;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.ChargeBanned;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.user.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators look at a buyer, and keep one out. */
class UserAdminEdgeIT {
  private static final String USERS = "/api/v1/admin/users/";
  private static final JsonObject BAN =
      new JsonObject().put("banned", true).put("reason", "Sells tickets on");
  private static final JsonObject UNBAN = new JsonObject().put("banned", false);

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();
  private final String path = USERS + guest.number().number();

  private JsonObject ban() {
    return http.patch(path).bearer(DispatcherFixture.OPERATOR).json(BAN).expect(200);
  }

  @AfterEach
  void unban() {
    http.patch(path).bearer(DispatcherFixture.OPERATOR).json(UNBAN).expect(200);
  }

  @Test
  void showsABuyerWithoutTheSecret() {
    JsonObject shown = http.get(path).bearer(DispatcherFixture.VIEWER).expect(200);
    assertThat(shown.remove("createdAt")).isNotNull();
    assertThat(shown)
        .isEqualTo(
            new JsonObject()
                .put("number", guest.number().number())
                .putNull("name")
                .putNull("email")
                .put("balance", 0)
                .put("banned", false)
                .putNull("bannedAt")
                .putNull("banReason")
                .put("sessions", new JsonArray())
                .put("holds", 0)
                .put("bills", 0)
                .put("refundedBills", 0));
    assertThat(shown.encode()).doesNotContain(guest.uuid().reveal());
  }

  @Test
  void showsNameAndEmailOfWhoHasThem() {
    String email = UUID.randomUUID() + "@example.com";
    http.post("/api/v1/users")
        .json(new JsonObject().put("name", "김").put("email", email).put("password", "long enough"))
        .expect(201);
    long number =
        dispatcher.database.number("select number from app_user where email = '" + email + "'");
    JsonObject shown = http.get(USERS + number).bearer(DispatcherFixture.VIEWER).expect(200);
    assertThat(List.of(shown.getString("name"), shown.getString("email")))
        .containsExactly("김", email);
  }

  @Test
  void tellsTheBannedOneWithAnyTokenAndLetsTicketsBeSeen() {
    String place = dispatcher.queueToken(guest);
    String access = dispatcher.accessToken(guest);
    assertThat(ban())
        .isEqualTo(
            new JsonObject()
                .put("number", guest.number().number())
                .put("banned", true)
                .put("sessionsEnded", 0)
                .put("holdsReleased", 0));

    String queue = "/api/v1/users/queueEntity";
    http.post(queue)
        .json(new JsonObject().put("uuid", guest.uuid().reveal()))
        .expect(403, "BANNED");
    http.post(queue).bearer(access).body("{}", "application/json").expect(403, "BANNED");
    http.post(queue).bearer(place).expect(403, "BANNED");
    http.get(queue + "/events").bearer(place).expect(403, "BANNED");
    JsonObject seat =
        new JsonObject().put("scheduleId", dispatcher.schedule).put("seatId", dispatcher.seat);
    http.post("/api/v1/reservations/seats").bearer(place).json(seat).expect(403, "BANNED");
    http.get("/api/v1/reservations/seats/" + dispatcher.schedule)
        .bearer(place)
        .expect(403, "BANNED");
    http.post("/api/v1/reservations/holds/h7/extend").bearer(access).expect(403, "BANNED");
    assertThat(dispatcher.asked).as("nothing was asked of the services").isEmpty();

    dispatcher.script(PaymentMessages.PAY, (Pay pay) -> new NotPaid(PayRefusal.BANNED, List.of()));
    http.post("/api/v1/accounts/payments")
        .bearer(place)
        .json(seat.put("price", 99_000))
        .expect(403, "BANNED");
    dispatcher.script(PaymentMessages.CHARGE, (Charge charge) -> new ChargeBanned());
    http.patch("/api/v1/accounts/balances")
        .json(new JsonObject().put("userId", guest.uuid().reveal()).put("balanceAdjustment", 5))
        .expect(403, "BANNED");
    dispatcher.script(PaymentMessages.ASK_BILLS, (AskBills ask) -> new Bills(List.of()));
    http.get("/api/v1/accounts/bills").bearer(place).expect(200);
    http.post("/api/v1/users/login")
        .json(new JsonObject().put("uuid", guest.uuid().reveal()))
        .expect(200);

    JsonObject shown = http.get(path).bearer(DispatcherFixture.VIEWER).expect(200);
    assertThat(shown.getBoolean("banned")).isTrue();
    assertThat(shown.getString("banReason")).isEqualTo("Sells tickets on");
    assertThat(shown.getString("bannedAt")).isNotNull();
  }

  @Test
  void aKeyBansOnce() {
    String key = UUID.randomUUID().toString();
    var first =
        http.patch(path)
            .bearer(DispatcherFixture.OPERATOR)
            .header("Idempotency-Key", key)
            .json(BAN);
    assertThat(first.expect(200).getBoolean("banned")).isTrue();
    unban();
    var again =
        http.patch(path)
            .bearer(DispatcherFixture.OPERATOR)
            .header("Idempotency-Key", key)
            .json(BAN)
            .send();
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(dispatcher.bans.has(guest.number())).as("nothing was done again").isFalse();
    http.patch(path)
        .bearer(DispatcherFixture.OPERATOR)
        .header("Idempotency-Key", key)
        .json(UNBAN)
        .expect(422, "KEY_REUSED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'banned':null}",
        "{'banned':'yes'}",
        "{'banned':true}",
        "{'banned':true,'reason':''}",
        "{'banned':true,'reason':' '}",
        "{'banned':true,'reason':5}",
        "{'banned':false,'reason':'x'}",
        "{'banned':true,'reason':'x','more':1}",
      })
  void refusesWhatMakesNoSense(String body) {
    http.patch(path).bearer(DispatcherFixture.OPERATOR).quoted(body).expect(400, "MALFORMED");
    http.patch(path)
        .bearer(DispatcherFixture.OPERATOR)
        .json(new JsonObject().put("banned", true).put("reason", "x".repeat(501)))
        .expect(400, "MALFORMED");
    assertThat(dispatcher.bans.has(guest.number())).isFalse();
  }

  @Test
  void othersAreNotFound() {
    for (String unknown : List.of("999999999", "0", "-1", "x", guest.uuid().reveal())) {
      http.get(USERS + unknown).bearer(DispatcherFixture.VIEWER).expect(404, "NOT_FOUND");
      http.patch(USERS + unknown)
          .bearer(DispatcherFixture.OPERATOR)
          .json(BAN)
          .expect(404, "NOT_FOUND");
    }
    http.patch(path).bearer(DispatcherFixture.VIEWER).json(BAN).expect(403, "FORBIDDEN");
    http.patch(path).bearer(DispatcherFixture.PAYMENTS).json(BAN).expect(403, "FORBIDDEN");
  }
}
