package io.concert.e2e.faults;

import static io.concert.Patience.letPass;

import com.fasterxml.jackson.databind.JsonNode;
import io.concert.e2e.Answer;
import io.concert.e2e.Api;
import io.concert.e2e.TestService.Sale;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Buyers who don't give up: whatever has no certain answer is asked again, commands under the same
 * key, until it has one. Each buys a seat of its own and ends with nothing left on the account.
 */
final class StubbornBuyers {
  private static final int MOST_TRIES = 600;
  private static final Duration REST = Duration.ofMillis(50);

  private final Api api;
  private final Sale sale;
  private final AtomicInteger nextSeat = new AtomicInteger();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final AtomicInteger unknown = new AtomicInteger();

  StubbornBuyers(Api api, Sale sale) {
    this.api = api;
    this.sale = sale;
  }

  /**
   * What a buyer was told at last.
   *
   * @param bill the payment's whole answer
   */
  record Purchase(String uuid, String jwt, JsonNode bill) {}

  /** Buys that many seats, a few at a time. */
  List<Purchase> buy(int purchases, int atOnce) throws InterruptedException, ExecutionException {
    ExecutorService buyers = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<Purchase>> running = new ArrayList<>();
      for (int i = 0; i < purchases; i++) {
        running.add(buyers.submit(this::buyOne));
      }
      List<Purchase> done = new ArrayList<>();
      for (Future<Purchase> one : running) {
        done.add(one.get());
      }
      return done;
    } finally {
      buyers.shutdownNow();
    }
  }

  private Purchase buyOne() {
    String seat = sale.seatId(nextSeat.getAndIncrement());
    // Without a key a guest may be made twice, which harms nobody.
    String uuid = again(() -> api.post("/api/v1/users", null, Map.of()), 201).text("uuid");
    Map<String, String> who = Map.of("uuid", uuid);
    String jwt =
        again(() -> api.post("/api/v1/users/queueEntity", null, who), 201, 202).text("jwt");
    awaitAdmission(jwt);
    Map<String, String> wanted = Map.of("scheduleId", sale.scheduleId(), "seatId", seat);
    once("POST", "/api/v1/reservations/seats", jwt, wanted, 200);
    once(
        "PATCH",
        "/api/v1/accounts/balances",
        jwt,
        Map.of("userId", uuid, "balanceAdjustment", sale.price()),
        200);
    Answer bill =
        once(
            "POST",
            "/api/v1/accounts/payments",
            jwt,
            Map.of("scheduleId", sale.scheduleId(), "seatId", seat, "price", sale.price()),
            201);
    return new Purchase(uuid, jwt, bill.body());
  }

  private void awaitAdmission(String jwt) {
    for (int i = 0; i < MOST_TRIES; i++) {
      Answer place =
          again(() -> api.send("POST", "/api/v1/users/queueEntity", jwt, null), 201, 202);
      if (place.text("state").equals("ACTIVE")) {
        return;
      }
      letPass(REST);
    }
    throw new AssertionError("never let in");
  }

  private Answer once(String method, String path, String jwt, Map<String, ?> body, int expected) {
    String key = UUID.randomUUID().toString();
    return again(() -> api.sendOnce(key, method, path, jwt, body), expected);
  }

  /** Asks until the answer is certain, and that must be an expected one. */
  private Answer again(Supplier<Answer> ask, int... expected) {
    for (int i = 0; i < MOST_TRIES; i++) {
      Answer answer = ask.get();
      for (int good : expected) {
        if (answer.status() == good) {
          return answer;
        }
      }
      switch (answer.status()) {
        case 503 -> unavailable.incrementAndGet();
        case 504 -> unknown.incrementAndGet();
        case 409 -> answer.mustBeProblem(409, "KEY_IN_FLIGHT");
        default -> throw new AssertionError(answer.status() + " " + answer.body());
      }
      letPass(REST);
    }
    throw new AssertionError("no certain answer in " + MOST_TRIES + " tries");
  }

  /** How often "nothing has happened" was answered. */
  int unavailable() {
    return unavailable.get();
  }

  /** How often the outcome was unknown. */
  int unknown() {
    return unknown.get();
  }
}
