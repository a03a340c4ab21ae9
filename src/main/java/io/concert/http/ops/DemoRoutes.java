package io.concert.http.ops;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.catalog.Catalog;
import io.concert.domain.ConcertId;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Lets a crowd of made-up buyers come. Only where the demo's data is: elsewhere there is nothing.
 */
public final class DemoRoutes {
  private static final int LONGEST_ID = 100;

  private final Optional<DemoCrowd> crowd;
  private final Catalog catalog;

  public DemoRoutes(Optional<DemoCrowd> crowd, Catalog catalog) {
    this.crowd = crowd;
    this.catalog = catalog;
  }

  public List<Endpoint> endpoints() {
    String path = "/api/v1/admin/demo/crowd";
    return List.of(
        Endpoint.get(path, Access.VIEWER, this::look),
        Endpoint.post(path, Access.OPERATOR, BodyRule.JSON, this::come));
  }

  private DemoCrowd crowd() {
    return crowd.orElseThrow(
        () -> Problem.of(ProblemCode.NOT_FOUND, "There is no demo here.").exception());
  }

  private Future<Answer> look(Call call) {
    return Future.succeededFuture(Answer.ok(body(crowd())));
  }

  private Future<Answer> come(Call call) {
    JsonFields fields = call.fields();
    Optional<ConcertId> id = ConcertId.parse(fields.text("concertId", LONGEST_ID));
    long people = fields.optionalWhole("people").orElse(2_000);
    fields.end();
    if (people < 1 || people > DemoCrowd.MOST) {
      throw malformed("`people` must be 1 to " + DemoCrowd.MOST + ".");
    }
    DemoCrowd coming = crowd();
    return id.map(catalog::concert)
        .orElseThrow(() -> malformed("No such `concertId`."))
        .map(found -> found.orElseThrow(() -> malformed("No such `concertId`.")))
        .compose(concert -> coming.come(concert, (int) people))
        .map(come -> Answer.json(come ? 202 : 200, body(coming)));
  }

  private static JsonObject body(DemoCrowd crowd) {
    DemoCrowd.Figures figures = crowd.figures();
    return new JsonObject()
        .put("underWay", figures.underWay())
        .put("coming", figures.coming())
        .put("waiting", figures.waiting())
        .put("inside", figures.inside())
        .put("bought", figures.bought())
        .put("gone", figures.gone());
  }
}
