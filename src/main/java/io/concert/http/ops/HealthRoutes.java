package io.concert.http.ops;

import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Endpoint;
import io.concert.ops.Health;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What machines ask before they send people here. */
public final class HealthRoutes {
  private final Health health;

  public HealthRoutes(Health health) {
    this.health = health;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/health/live", Access.PUBLIC, call -> answer("live", () -> true)),
        Endpoint.get("/health/ready", Access.PUBLIC, call -> answer("ready", health::ready)),
        Endpoint.get("/health/started", Access.PUBLIC, call -> answer("started", health::started)));
  }

  /** Degraded is still 200: a node without its database answers polls and lists, and says 503. */
  private Future<Answer> answer(String wanted, BooleanSupplier holds) {
    boolean yes = holds.getAsBoolean();
    JsonObject body = new JsonObject().put("status", yes ? wanted : "not " + wanted);
    health.degraded().ifPresent(what -> body.put("degraded", what));
    Answer answer = Answer.json(yes ? 200 : 503, body);
    return Future.succeededFuture(yes ? answer : answer.with("Retry-After", "1"));
  }
}
