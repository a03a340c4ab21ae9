package io.concert.http.ops;

import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.ops.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The node's figures, for Prometheus. However many ask at once, they are gathered once. */
public final class MetricsRoutes {
  private static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Vertx vertx;
  private final Metrics metrics;
  private CompletableFuture<Buffer> latest = CompletableFuture.completedFuture(Buffer.buffer());

  public MetricsRoutes(Vertx vertx, Metrics metrics) {
    this.vertx = vertx;
    this.metrics = metrics;
  }

  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/metrics", Access.PUBLIC, this::scrape));
  }

  private Future<Answer> scrape(Call call) {
    return Future.fromCompletionStage(text(), vertx.getOrCreateContext())
        .map(text -> new Answer(200, Map.of(), MEDIA_TYPE, text));
  }

  private synchronized CompletableFuture<Buffer> text() {
    if (latest.isDone()) {
      CompletableFuture<Buffer> mine = new CompletableFuture<>();
      latest = mine;
      vertx
          .executeBlocking(() -> Buffer.buffer(metrics.scrape()), false)
          .onComplete(mine::complete, mine::completeExceptionally);
    }
    return latest;
  }
}
