package io.concert.http.ops;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.catalog.Catalog;
import io.concert.domain.ScheduleId;
import io.concert.forecast.Crowd;
import io.concert.forecast.Forecast;
import io.concert.forecast.Outcome;
import io.concert.http.ops.ForecastBody.Asked;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.ops.report.Observed;
import io.concert.ops.report.SaleReports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * How a sale is likely to go. For operators, who may ask while another sale is on: so one forecast
 * at a time, on one thread of its own, and none for long.
 */
public final class ForecastRoutes {
  /** A million people take about one second; the request ends after ten. */
  private static final Duration LONGEST = Duration.ofSeconds(8);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final int LONGEST_ID = 64;

  private final SaleReports reports;
  private final Catalog catalog;
  private final Duration longest;
  private final WorkerExecutor worker;
  private final AtomicBoolean busy = new AtomicBoolean();

  public ForecastRoutes(Vertx vertx, SaleReports reports, Catalog catalog) {
    this(vertx, reports, catalog, LONGEST);
  }

  ForecastRoutes(Vertx vertx, SaleReports reports, Catalog catalog, Duration longest) {
    this.reports = reports;
    this.catalog = catalog;
    this.longest = longest;
    this.worker = vertx.createSharedWorkerExecutor("forecast", 1);
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("/api/v1/admin/forecasts", Access.VIEWER, BodyRule.JSON, this::forecast));
  }

  private Future<Answer> forecast(Call call) {
    JsonFields fields = call.fields();
    Optional<String> past = fields.optionalText("schedule", LONGEST_ID);
    Optional<ScheduleId> schedule = past.flatMap(ScheduleId::parse);
    if (past.isPresent() && schedule.isEmpty()) {
      throw noSuchSchedule();
    }
    if (schedule.isEmpty()) {
      return forecast(ForecastBody.read(fields, Optional.empty()));
    }
    return observed(schedule.get())
        .compose(observed -> forecast(ForecastBody.read(fields, Optional.of(observed))));
  }

  /** Of a sale that people came to. */
  private Future<Observed> observed(ScheduleId schedule) {
    return catalog
        .schedule(schedule)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.failedFuture(noSuchSchedule())
                    : reports.read(schedule, Optional.empty(), Optional.empty()))
        .map(Observed::of)
        .compose(
            observed ->
                observed.isEmpty()
                    ? Future.failedFuture(
                        malformed("Nobody has come to the sale that `schedule` names yet."))
                    : Future.succeededFuture(observed));
  }

  private static ProblemException noSuchSchedule() {
    return malformed("`schedule` names no schedule.");
  }

  private Future<Answer> forecast(Asked asked) {
    if (!busy.compareAndSet(false, true)) {
      throw Problem.rateLimited("Another forecast is being made.", RETRY_AFTER).exception();
    }
    return worker.executeBlocking(() -> answer(asked), false).onComplete(done -> busy.set(false));
  }

  private Answer answer(Asked asked) {
    long began = System.nanoTime();
    BooleanSupplier goOn = () -> System.nanoTime() - began < longest.toNanos();
    Crowd crowd = new Crowd(asked.people(), asked.seed(), asked.behaviour());
    List<Outcome> outcomes = new ArrayList<>();
    List<Integer> capacities = new ArrayList<>(asked.others());
    capacities.add(0, asked.sale().capacity());
    for (int capacity : capacities) {
      outcomes.add(
          Forecast.of(asked.sale().withCapacity(capacity), crowd, goOn)
              .orElseThrow(() -> tooLong().exception()));
    }
    return Answer.ok(ForecastBody.json(asked, outcomes));
  }

  private static Problem tooLong() {
    return Problem.of(
        ProblemCode.OVERLOADED,
        "The forecast takes too long here and now; ask for fewer people or capacities.");
  }
}
