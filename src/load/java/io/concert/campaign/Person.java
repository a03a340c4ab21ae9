package io.concert.campaign;

import static io.concert.Patience.letPass;

import io.concert.campaign.Asker.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One person's life with the service; each request goes into the history. Not thread-safe. */
final class Person {
  private static final Duration REST = Duration.ofMillis(300);
  private static final int AMONG_SEATS = 12;
  private static final int MOST_POLL_MILLIS = 1_000;

  private final HistoryLog record;
  private final List<Asker> ways;
  private final Random random;
  private final BooleanSupplier goesOn;
  private String uuid = "";
  private @Nullable String token;
  private int way;

  /** A request that goes into the history. */
  private record Question(
      String what,
      @Nullable String seat,
      long amount,
      String method,
      String path,
      @Nullable String bearer,
      @Nullable Map<String, ?> body) {
    @Nullable String content() {
      return body == null ? null : HistoryLog.JSON.valueToTree(body).toString();
    }
  }

  /**
   * @param ways whom this person asks; the next one after an answer that didn't come
   * @param goesOn false when it is time to go home
   */
  Person(HistoryLog record, List<Asker> ways, Random random, BooleanSupplier goesOn) {
    this.record = record;
    this.ways = ways;
    this.random = random;
    this.goesOn = goesOn;
  }

  /**
   * @return whether this person is known to the service
   */
  boolean registers() {
    while (goesOn.getAsBoolean()) {
      // Not in the history: nobody has promised anything yet.
      Reply reply = way().ask("POST", "/api/v1/users", null, Map.of());
      if (reply.is(201)) {
        uuid = reply.text("uuid");
        return true;
      }
      next();
    }
    return false;
  }

  boolean isInLine() {
    return token != null;
  }

  /**
   * Enters the line and goes on until it knows its place.
   *
   * @param concert whose line; none is the default room's
   */
  boolean joins(@Nullable String concert) {
    Map<String, String> body = new HashMap<>(Map.of("uuid", uuid));
    if (concert != null) {
      body.put("concertId", concert);
    }
    while (goesOn.getAsBoolean()) {
      Reply reply =
          told(new Question("join", null, 0, "POST", "/api/v1/users/queueEntity", null, body));
      if (reply.is(201) || reply.is(202)) {
        token = reply.text("jwt");
        return true;
      }
      next();
    }
    return false;
  }

  /** Asks for the place once; a tenth as the seed's clients do, without the token. */
  Reply polls() {
    return random.nextInt(10) == 0 && token != null && way().name().equals("balancer")
        ? told(
            new Question(
                "poll", null, 0, "POST", "/api/v1/users/queueEntity", token, Map.of("uuid", uuid)))
        : told(new Question("poll", null, 0, "POST", "/api/v1/users/queueEntity", token, null));
  }

  /** Polls at the pace that is asked for, though not slower than once a second. */
  boolean waitsForTheTurn() {
    while (goesOn.getAsBoolean()) {
      Reply reply = polls();
      if (reply.text("state").equals("ACTIVE")) {
        return true;
      }
      if (!reply.is(202) || reply.text("state").equals("ENDED")) {
        next();
      }
      int pace = reply.body().path("pollAfterMillis").asInt(MOST_POLL_MILLIS);
      letPass(Duration.ofMillis(Math.min(pace, MOST_POLL_MILLIS)));
    }
    return false;
  }

  /** As much as a seat costs, under a key until it is certain. */
  boolean charges(long amount) {
    Map<String, ?> body = Map.of("userId", uuid, "balanceAdjustment", amount);
    return repeats(
        new Question("charge", null, amount, "PATCH", "/api/v1/accounts/balances", null, body));
  }

  /** Tries to get one of the seats that everybody tries to get. */
  Optional<String> holds(Sale sale) {
    while (goesOn.getAsBoolean()) {
      int index = sale.frontier().get() + random.nextInt(AMONG_SEATS);
      if (index >= sale.seats().size()) {
        return Optional.empty();
      }
      String seat = sale.seats().get(index);
      Reply reply =
          told(
              new Question(
                  "hold",
                  seat,
                  0,
                  "POST",
                  "/api/v1/reservations/seats",
                  token,
                  Map.of("scheduleId", sale.schedule(), "seatId", seat)));
      if (reply.is(200) && reply.body().path("isReserved").asBoolean()) {
        return Optional.of(seat);
      }
      if (reply.is(403) || reply.is(401)) {
        return Optional.empty();
      }
      if (!reply.is(200)) {
        next();
      }
      letPass(Duration.ofMillis(20));
    }
    return Optional.empty();
  }

  boolean pays(Sale sale, String seat) {
    Map<String, ?> body =
        Map.of("scheduleId", sale.schedule(), "seatId", seat, "price", sale.price());
    return repeats(
        new Question("pay", seat, sale.price(), "POST", "/api/v1/accounts/payments", token, body));
  }

  void leaves() {
    var unused =
        told(new Question("leave", null, 0, "DELETE", "/api/v1/users/queueEntity", token, null));
  }

  void rests(int millis) {
    letPass(Duration.ofMillis(random.nextInt(millis) + 1L));
  }

  /** Until the answer says what happened. */
  private boolean repeats(Question question) {
    String key = UUID.randomUUID().toString();
    while (goesOn.getAsBoolean()) {
      Reply reply = told(question, key);
      if (!reply.again()) {
        return reply.status() != null && reply.status() / 100 == 2;
      }
      next();
    }
    return false;
  }

  private Reply told(Question question) {
    return told(question, null);
  }

  private Reply told(Question question, @Nullable String key) {
    Asker asker = way();
    long asked = record.millis();
    Reply reply = asker.ask(question.method, question.path, question.bearer, question.body, key);
    long answered = record.millis();
    record.operation(
        line -> {
          line.put("user", uuid)
              .put("what", question.what)
              .put("via", asker.name())
              .put("asked", asked);
          line.put("seat", question.seat).put("amount", question.amount).put("key", key);
          line.put("content", question.content());
          if (reply.status() != null) {
            line.put("answered", answered).put("status", reply.status());
            line.set("body", reply.body());
          }
        });
    return reply;
  }

  private Asker way() {
    return ways.get(way % ways.size());
  }

  private void next() {
    way++;
    letPass(REST);
  }
}
