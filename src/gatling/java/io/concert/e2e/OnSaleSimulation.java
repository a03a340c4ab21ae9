package io.concert.e2e;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An on-sale as a crowd makes it, whatever the service can take: a burst when the sale opens and an
 * exponential decay, orders of one to four seats (30, 44, 11 and 15 in a hundred), payments of
 * which 58 % come within four minutes, 82 % within ten and some never (published figures of concert
 * and train sales). A minute is a second here. Who finds nothing leaves.
 */
public final class OnSaleSimulation extends Simulation {
  private static final int PEOPLE = Integer.getInteger("onsale.people");
  private static final int UNPAID_PERCENT = 20;
  private static final int BURST_SECONDS = 60;

  /** The share of arrivals that still are to come falls to a third in this time. */
  private static final double DECAY_SECONDS = 15;

  private static final String SCHEDULE = System.getProperty("onsale.schedule");
  private static final long PRICE = Long.getLong("onsale.price");

  private final HttpProtocolBuilder service =
      http.baseUrl("http://127.0.0.1:" + System.getProperty("onsale.port"))
          .acceptEncodingHeader("gzip")
          .contentTypeHeader("application/json")
          .shareConnections();

  private final ChainBuilder register =
      exec(
          http("register")
              .post("/api/v1/users")
              .body(StringBody("{}"))
              .check(status().is(201), jsonPath("$.uuid").saveAs("uuid")));

  private final ChainBuilder enter =
      exec(http("enter")
              .post("/api/v1/users/queueEntity")
              .body(StringBody("{\"uuid\":\"#{uuid}\"}"))
              .check(
                  status().is(201),
                  jsonPath("$.jwt").saveAs("jwt"),
                  jsonPath("$.state").saveAs("state"),
                  jsonPath("$.pollAfterMillis").ofInt().saveAs("pace")))
          .asLongAs(session -> "WAITING".equals(session.getString("state")))
          .on(
              pause(session -> Duration.ofMillis(session.getInt("pace"))),
              exec(
                  http("poll")
                      .post("/api/v1/users/queueEntity")
                      .header("Authorization", "Bearer #{jwt}")
                      .check(
                          status().is(202),
                          jsonPath("$.state").saveAs("state"),
                          jsonPath("$.pollAfterMillis").ofInt().saveAs("pace"))));

  private final ChainBuilder look =
      exec(
          http("seats")
              .get("/api/v1/reservations/seats/" + SCHEDULE)
              .header("Authorization", "Bearer #{jwt}")
              .check(status().is(200)));

  private final ChainBuilder hold =
      exec(session -> session.set("count", orderSize()).set("held", false))
          .exec(
              http("hold best")
                  .post("/api/v1/reservations/holds")
                  .header("Authorization", "Bearer #{jwt}")
                  .header("Idempotency-Key", "#{uuid}")
                  .body(StringBody("{\"scheduleId\":\"" + SCHEDULE + "\",\"count\":#{count}}"))
                  .check(
                      status().in(201, 409).saveAs("answer"),
                      jsonPath("$.holds[*].seatId").findAll().optional().saveAs("seats")))
          .exec(session -> session.set("held", session.getInt("answer") == 201));

  private final ChainBuilder buy =
      exec(http("charge")
              .patch("/api/v1/accounts/balances")
              .header("Authorization", "Bearer #{jwt}")
              .header("Idempotency-Key", "#{uuid}")
              .body(
                  StringBody(
                      session ->
                          "{\"userId\":\"%s\",\"balanceAdjustment\":%d}"
                              .formatted(
                                  session.getString("uuid"), PRICE * session.getInt("count"))))
              .check(status().is(200)))
          .pause(session -> paysAfter())
          .exec(
              http("pay")
                  .post("/api/v1/accounts/payments/batch")
                  .header("Authorization", "Bearer #{jwt}")
                  .header("Idempotency-Key", "#{uuid}")
                  .body(StringBody(OnSaleSimulation::order))
                  // Too late is an answer, too.
                  .check(status().in(201, 403)));

  private final ChainBuilder leave =
      exec(
          http("leave")
              .delete("/api/v1/users/queueEntity")
              .header("Authorization", "Bearer #{jwt}")
              .check(status().is(204)));

  private final ScenarioBuilder buyers =
      scenario("buyers")
          .exec(register)
          .exitHereIfFailed()
          .exec(enter)
          .exitHereIfFailed()
          .exec(look, hold)
          .doIfOrElse(session -> session.getBoolean("held"))
          .then(doIf(session -> !isUnpaid()).then(buy))
          .orElse(leave);

  {
    setUp(buyers.injectOpen(burst()))
        .protocols(service)
        .assertions(global().failedRequests().count().is(0L));
  }

  private static List<OpenInjectionStep> burst() {
    List<OpenInjectionStep> steps = new ArrayList<>();
    double all = 1 - Math.exp(-BURST_SECONDS / DECAY_SECONDS);
    for (int second = 0; second < BURST_SECONDS; second++) {
      double share = Math.exp(-second / DECAY_SECONDS) - Math.exp(-(second + 1) / DECAY_SECONDS);
      steps.add(constantUsersPerSec(PEOPLE * share / all).during(Duration.ofSeconds(1)));
    }
    return steps;
  }

  private static int orderSize() {
    int dice = ThreadLocalRandom.current().nextInt(100);
    return dice < 30 ? 1 : dice < 74 ? 2 : dice < 85 ? 3 : 4;
  }

  private static Duration paysAfter() {
    int dice = ThreadLocalRandom.current().nextInt(100);
    int from = dice < 58 ? 500 : dice < 82 ? 4_000 : 10_000;
    int to = dice < 58 ? 4_000 : dice < 82 ? 10_000 : 20_000;
    return Duration.ofMillis(ThreadLocalRandom.current().nextInt(from, to));
  }

  private static boolean isUnpaid() {
    return ThreadLocalRandom.current().nextInt(100) < UNPAID_PERCENT;
  }

  private static String order(Session session) {
    StringBuilder seats = new StringBuilder();
    for (Object seat : session.getList("seats")) {
      seats.append(seats.length() == 0 ? "" : ",");
      seats.append("{\"seatId\":\"").append(seat).append("\",\"price\":").append(PRICE).append('}');
    }
    return "{\"scheduleId\":\"%s\",\"seats\":[%s]}".formatted(SCHEDULE, seats);
  }
}
