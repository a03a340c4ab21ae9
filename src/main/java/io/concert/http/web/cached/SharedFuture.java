package io.concert.http.web.cached;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;

/** Work that is done once for many who ask. */
public final class SharedFuture {
  private SharedFuture() {}

  /**
   * Its outcome for this caller, who goes on with its own context: at once if it is there, as it
   * nearly always is.
   */
  public static <T> Future<T> onCallers(CompletableFuture<T> work, Vertx vertx) {
    return work.isDone() && !work.isCompletedExceptionally()
        ? Future.succeededFuture(work.join())
        : Future.fromCompletionStage(work, vertx.getOrCreateContext());
  }
}
