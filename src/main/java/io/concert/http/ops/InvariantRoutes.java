package io.concert.http.ops;

import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Times;
import io.concert.ops.Invariants;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;

/** Whether what must be true of the database is. For operators. */
public final class InvariantRoutes {
  private final Invariants invariants;
  private final InstantSource time;

  public InvariantRoutes(Invariants invariants, InstantSource time) {
    this.invariants = invariants;
    this.time = time;
  }

  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/admin/invariants", Access.VIEWER, this::check));
  }

  private Future<Answer> check(Call call) {
    String checkedAt = Times.text(time.instant());
    return invariants
        .check()
        .map(
            violations -> {
              JsonArray found = new JsonArray();
              for (Invariants.Violation violation : violations) {
                found.add(
                    new JsonObject()
                        .put("invariant", violation.invariant())
                        .put("offender", violation.offender()));
              }
              return Answer.ok(
                  new JsonObject().put("violations", found).put("checkedAt", checkedAt));
            });
  }
}
