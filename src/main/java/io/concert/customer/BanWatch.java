package io.concert.customer;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Keeps a node's {@link Bans} up to date. */
public final class BanWatch extends VerticleBase {
  private final Bans bans;

  public BanWatch(Bans bans) {
    this.bans = bans;
  }

  @Override
  public Future<?> start() {
    bans.start(vertx);
    return Future.succeededFuture();
  }
}
