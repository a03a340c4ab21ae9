package io.concert.http.net;

import io.concert.domain.ClientNetwork;
import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * This node's connections. Each takes memory and a file, and what was received of a body takes
 * memory, too: of both there is so much for one network and so much in all. Beyond that the
 * connection is closed that has kept the node waiting for the longest time: for a request, or for
 * the rest of one. One that waits for the node, or is told events, is never closed for others.
 *
 * <p>Safe to use from any event loop.
 */
public final class Connections {
  private final ConnectionLimits limits;
  private final Function<HttpConnection, Optional<ClientNetwork>> networks;
  private final Map<HttpConnection, Held> held = new HashMap<>();
  private final Map<ClientNetwork, Share> shares = new HashMap<>();
  private final Share all = new Share();

  private record Held(
      HttpConnection connection, Optional<ClientNetwork> network, Share ofNetwork, Bytes body) {}

  /** Received of the body that is being sent, and what frees it. */
  private static final class Bytes {
    private long count;
    private Runnable drop = () -> {};
  }

  /** What one network has, or all have together. */
  private static final class Share {
    private int connections;
    private long bodyBytes;

    /** Those that keep the node waiting, the longest first. */
    private final Set<Held> waiting = new LinkedHashSet<>();
  }

  /**
   * @param networks where a connection comes from; empty where it comes from many places, and only
   *     the limits for all hold
   */
  public Connections(
      ConnectionLimits limits, Function<HttpConnection, Optional<ClientNetwork>> networks) {
    this.limits = limits;
    this.networks = networks;
  }

  /** A client has connected, and may send its first request. */
  public void admit(HttpConnection connection) {
    Delivery.limitBuffer(connection);
    connection.closeHandler(closed -> forget(connection));
    close(hold(connection));
  }

  private synchronized Optional<Held> hold(HttpConnection connection) {
    Optional<ClientNetwork> network = networks.apply(connection);
    Share share =
        network.map(known -> shares.computeIfAbsent(known, n -> new Share())).orElseGet(Share::new);
    Held one = new Held(connection, network, share, new Bytes());
    held.put(connection, one);
    share.connections++;
    all.connections++;
    keepsWaiting(one);
    if (network.isPresent() && share.connections > limits.mostOfOne()) {
      return longest(share);
    }
    return all.connections > limits.most() ? longest(all) : Optional.empty();
  }

  /**
   * More of a request's body has come, and is kept. Once a connection was chosen to give way
   * nothing of it is counted any more: keep nothing either. It may go on reading for a while, as to
   * close it is its event loop's work.
   *
   * @param drop frees what is kept, from any thread
   */
  public void received(HttpConnection connection, int bytes, Runnable drop) {
    close(count(connection, bytes, drop));
  }

  private synchronized Optional<Held> count(HttpConnection connection, int bytes, Runnable drop) {
    Held one = held.get(connection);
    if (one == null) {
      drop.run();
      return Optional.empty();
    }
    one.body.drop = drop;
    one.body.count += bytes;
    one.ofNetwork.bodyBytes += bytes;
    all.bodyBytes += bytes;
    if (one.ofNetwork.bodyBytes > limits.bodyBytesOfOne()) {
      return longestWithBody(one.ofNetwork);
    }
    return all.bodyBytes > limits.bodyBytes() ? longestWithBody(all) : Optional.empty();
  }

  /** The request is whole: from now on the client waits for the node. */
  public synchronized void isOwedAnAnswer(HttpConnection connection) {
    Held one = held.get(connection);
    if (one != null) {
      one.ofNetwork.waiting.remove(one);
      all.waiting.remove(one);
    }
  }

  /** The answer is on its way: to take it and to ask again is the client's part. */
  public synchronized void isAnswered(HttpConnection connection) {
    Held one = held.get(connection);
    if (one != null) {
      forgetBody(one);
      keepsWaiting(one);
    }
  }

  /** Those that are open now. */
  public synchronized int count() {
    return all.connections;
  }

  private synchronized void forget(HttpConnection connection) {
    Held one = held.remove(connection);
    if (one == null) {
      return;
    }
    forgetBody(one);
    one.ofNetwork.waiting.remove(one);
    all.waiting.remove(one);
    all.connections--;
    if (--one.ofNetwork.connections == 0) {
      one.network.ifPresent(shares::remove);
    }
  }

  private void forgetBody(Held one) {
    one.ofNetwork.bodyBytes -= one.body.count;
    all.bodyBytes -= one.body.count;
    one.body.count = 0;
  }

  /** Behind all that wait already. */
  private void keepsWaiting(Held one) {
    one.ofNetwork.waiting.remove(one);
    one.ofNetwork.waiting.add(one);
    all.waiting.remove(one);
    all.waiting.add(one);
  }

  private static Optional<Held> longest(Share share) {
    return share.waiting.stream().findFirst();
  }

  private static Optional<Held> longestWithBody(Share share) {
    return share.waiting.stream().filter(one -> one.body.count > 0).findFirst();
  }

  /** On its own event loop; it isn't chosen twice, and doesn't count meanwhile. */
  private void close(Optional<Held> chosen) {
    chosen.ifPresent(
        one -> {
          forget(one.connection());
          one.body().drop.run();
          var unused = one.connection().close();
        });
  }
}
