package io.concert.http;

import io.concert.http.web.Problems;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/** Refuses what an event loop comes to too late before anything is done for it. */
final class OverloadGuard implements Handler<HttpServerRequest> {
  private final Overload overload;
  private final Handler<HttpServerRequest> next;

  OverloadGuard(Overload overload, Handler<HttpServerRequest> next) {
    this.overload = overload;
    this.next = next;
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (overload.isLate() && Overload.mayRefuse(request.path())) {
      overload.refused();
      Problems.answerOverloaded(request, Overload.RETRY_AFTER);
    } else {
      next.handle(request);
    }
  }
}
