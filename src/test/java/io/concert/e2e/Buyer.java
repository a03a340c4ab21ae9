package io.concert.e2e;

import static io.concert.Patience.until;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Somebody who wants seats, and the words for what they do. Not thread-safe. */
public final class Buyer {
  private final String uuid;
  private Api api;
  private @Nullable String queueToken;

  private Buyer(String uuid, Api api) {
    this.uuid = uuid;
    this.api = api;
  }

  public static Buyer guest(Api api) {
    return new Buyer(api.post("/api/v1/users", null, Map.of()).mustBe(201).text("uuid"), api);
  }

  public String uuid() {
    return uuid;
  }

  public String token() {
    if (queueToken == null) {
      throw new AssertionError("not in a queue yet");
    }
    return queueToken;
  }

  public static void all(Consumer<Buyer> does, Buyer... buyers) {
    List.of(buyers).forEach(does);
  }

  /** Goes on at another node. */
  @CanIgnoreReturnValue
  public Buyer at(Api other) {
    api = other;
    return this;
  }

  /** Enters the queue, or asks for the place without a token. */
  public Answer entersQueue() {
    Answer answer = api.post("/api/v1/users/queueEntity", null, Map.of("uuid", uuid));
    if (answer.status() == 201 || answer.status() == 202) {
      queueToken = answer.text("jwt");
    }
    return answer;
  }

  /** Asks for the place with the token. */
  public Answer polls() {
    return api.send("POST", "/api/v1/users/queueEntity", token(), null);
  }

  /** Enters and waits until let in. */
  @CanIgnoreReturnValue
  public Buyer isAdmitted() {
    entersQueue();
    until("buyer is let in", Duration.ofSeconds(30), () -> polls().text("state").equals("ACTIVE"));
    return this;
  }

  /** The same just after a fault, when one may be told to come again. */
  @CanIgnoreReturnValue
  public Buyer isAdmittedAfterAFault() {
    until("buyer has a place", Duration.ofSeconds(10), () -> entersQueue().status() != 503);
    return isAdmitted();
  }

  /** Gives up the place or the session. */
  public Answer leaves() {
    return api.send("DELETE", "/api/v1/users/queueEntity", token(), null);
  }

  public Answer dates(String concertId) {
    return api.get("/api/v1/reservations/dates/" + concertId, token());
  }

  public Answer seats(String scheduleId) {
    return api.get("/api/v1/reservations/seats/" + scheduleId, token());
  }

  public List<String> freeSeats(String scheduleId) {
    List<String> ids = new ArrayList<>();
    seats(scheduleId).mustBe(200).body().get("seatIds").forEach(id -> ids.add(id.asText()));
    return ids;
  }

  public Answer holds(String scheduleId, String seatId) {
    return api.post("/api/v1/reservations/seats", token(), seat(scheduleId, seatId));
  }

  public CompletableFuture<Answer> triesToHold(String scheduleId, String seatId) {
    return api.postAsync("/api/v1/reservations/seats", token(), seat(scheduleId, seatId));
  }

  public Answer charges(long won) {
    return api.patch(
        "/api/v1/accounts/balances", null, Map.of("userId", uuid, "balanceAdjustment", won));
  }

  public long balance() {
    return charges(0).mustBe(200).number("balance");
  }

  public Answer pays(String scheduleId, String seatId, long price) {
    return api.post("/api/v1/accounts/payments", token(), payment(scheduleId, seatId, price));
  }

  public CompletableFuture<Answer> triesToPay(String scheduleId, String seatId, long price) {
    return api.postAsync("/api/v1/accounts/payments", token(), payment(scheduleId, seatId, price));
  }

  /** Holds a seat and pays for it; both must work. */
  @CanIgnoreReturnValue
  public Answer buys(String scheduleId, String seatId) {
    Answer hold = holds(scheduleId, seatId).mustBe(200);
    if (!hold.body().get("isReserved").asBoolean()) {
      throw new AssertionError("not held: " + hold.body());
    }
    long price = hold.number("price");
    charges(price).mustBe(200);
    return pays(scheduleId, seatId, price).mustBe(201);
  }

  private static Map<String, String> seat(String scheduleId, String seatId) {
    return Map.of("scheduleId", scheduleId, "seatId", seatId);
  }

  private static Map<String, Object> payment(String scheduleId, String seatId, long price) {
    return Map.of("scheduleId", scheduleId, "seatId", seatId, "price", price);
  }
}
