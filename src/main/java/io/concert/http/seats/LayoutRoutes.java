package io.concert.http.seats;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.catalog.Catalog;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ScheduleId;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.http.web.cached.CachedRepresentation;
import io.concert.http.web.cached.SharedFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Seat plans, for everyone to see: written once each, off the event loops, and cached for good. */
public final class LayoutRoutes {
  private static final String FOR_GOOD = "public, max-age=31536000, immutable";

  /** A plan without a version in its address may be replaced until the first seat is held. */
  private static final String FOR_A_MOMENT = "public, max-age=10";

  /** Seats in all plans kept together: some 40 MB, compressed ones included. */
  private static final long MOST_SEATS = 500_000;

  private final Vertx vertx;
  private final Catalog catalog;
  private final Cache<Key, CompletableFuture<CachedRepresentation>> plans =
      Caffeine.newBuilder()
          .maximumWeight(MOST_SEATS)
          .weigher((Key key, CompletableFuture<CachedRepresentation> plan) -> key.seats + 1)
          .build();

  private record Key(ScheduleId schedule, String version, int seats) {}

  public LayoutRoutes(Vertx vertx, Catalog catalog) {
    this.vertx = vertx;
    this.catalog = catalog;
  }

  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/schedules/{id}/layout", Access.PUBLIC, this::layout));
  }

  private Future<Answer> layout(Call call) {
    ScheduleId id = ScheduleId.parse(call.path("id")).orElseThrow(LayoutRoutes::notFound);
    return catalog
        .layout(id)
        .compose(
            layout -> {
              if (layout.seats() == 0) {
                throw notFound();
              }
              boolean named = call.query("v").map(layout.version()::equals).orElse(false);
              Future<Answer> answer = plan(id, layout).compose(plan -> plan.answer(vertx, call));
              return named ? answer : answer.map(plan -> plan.with("Cache-Control", FOR_A_MOMENT));
            });
  }

  private static ProblemException notFound() {
    return Problem.of(ProblemCode.NOT_FOUND, "No such date, or it has no seats yet.").exception();
  }

  private Future<CachedRepresentation> plan(ScheduleId id, Layout layout) {
    Key key = new Key(id, layout.version(), layout.seats());
    return SharedFuture.onCallers(plans.get(key, missing -> begin(key, layout)), vertx);
  }

  /** A plan that couldn't be written is forgotten, so that the next one who asks tries again. */
  private CompletableFuture<CachedRepresentation> begin(Key key, Layout layout) {
    CompletableFuture<CachedRepresentation> plan = new CompletableFuture<>();
    vertx
        .executeBlocking(() -> write(key.schedule, layout), false)
        .onFailure(failure -> plans.invalidate(key))
        .onComplete(plan::complete, plan::completeExceptionally);
    return plan;
  }

  private static CachedRepresentation write(ScheduleId id, Layout layout) {
    String tag = id + "-" + layout.version();
    byte[] json = LayoutBody.json(id, layout);
    return new CachedRepresentation(tag, Answer.JSON, json, "Accept-Encoding", FOR_GOOD);
  }
}
