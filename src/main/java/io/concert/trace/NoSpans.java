package io.concert.trace;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;

/** Without a collector. */
final class NoSpans implements Spans {
  @Override
  public boolean areOn() {
    return false;
  }

  @Override
  public void route(String method, String path) {}

  @Override
  public Origin here() {
    return Origin.NONE;
  }

  @Override
  public Origin origin(String text) {
    return Origin.NONE;
  }

  @Override
  public Step step(String name, Origin origin) {
    return Step.NONE;
  }

  @Override
  public Step shared(String name, List<Origin> origins) {
    return Step.NONE;
  }

  @Override
  public <T> Future<T> within(Step step, Vertx vertx, Supplier<Future<T>> work) {
    return work.get();
  }

  @Override
  public <T> Promise<T> promise(Vertx vertx) {
    return Promise.promise();
  }
}
