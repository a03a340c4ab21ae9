package io.concert.http.queue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.queue.api.Draw;
import io.concert.queue.api.DrawResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;

/** Orders that were drawn, computed when somebody wants to see them, off the event loops. */
public final class DrawCache {
  /** Places in all orders kept together: some 40 MB. */
  private static final long MOST_PLACES = 5_000_000;

  private final Vertx vertx;
  private final Cache<DrawResult, CompletableFuture<Draw>> drawn =
      Caffeine.newBuilder()
          .maximumWeight(MOST_PLACES)
          .weigher((DrawResult result, CompletableFuture<Draw> draw) -> size(result))
          .build();

  public DrawCache(Vertx vertx) {
    this.vertx = vertx;
  }

  Future<Draw> of(DrawResult result) {
    return Future.fromCompletionStage(drawn.get(result, this::compute), vertx.getOrCreateContext());
  }

  private CompletableFuture<Draw> compute(DrawResult result) {
    CompletableFuture<Draw> draw = new CompletableFuture<>();
    vertx
        .executeBlocking(() -> new Draw(result), false)
        .onComplete(draw::complete, draw::completeExceptionally);
    return draw;
  }

  private static int size(DrawResult result) {
    return 1 + result.sizes().stream().mapToInt(Integer::intValue).sum();
  }
}
