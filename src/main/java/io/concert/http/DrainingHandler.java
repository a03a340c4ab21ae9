package io.concert.http;

import io.concert.ops.Health;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * Asks clients to connect anew once this node is on its way down: their next connection leads to
 * another node, and none is left to be cut when this one ends.
 */
final class DrainingHandler implements Handler<RoutingContext> {
  private final Health health;

  DrainingHandler(Health health) {
    this.health = health;
  }

  @Override
  public void handle(RoutingContext context) {
    if (health.draining()) {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    context.next();
  }
}
