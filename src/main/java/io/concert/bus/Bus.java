package io.concert.bus;

import io.vertx.core.Future;
import java.util.function.Function;

/** Request and reply between verticles, in this node or on another one. */
public interface Bus {
  /**
   * Asks the node that serves the address; this node itself if it does.
   *
   * @return the reply; fails with a {@link io.concert.domain.Fault}: UNAVAILABLE when nobody serves
   *     the address, OUTCOME_UNKNOWN after the address's timeout, else the kind the server met
   */
  <Q, R> Future<R> request(Address<Q, R> address, Q request);

  /**
   * Serves an address until the verticle is undeployed. Call from the verticle's own context.
   *
   * @return completes when the whole cluster knows
   */
  <Q, R> Future<Void> serve(Address<Q, R> address, Function<Q, Future<R>> service);
}
