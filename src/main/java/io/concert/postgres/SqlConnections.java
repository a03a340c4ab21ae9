package io.concert.postgres;

import io.concert.domain.Fault;
import io.concert.postgres.server.SqlStates;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends the pool's connections. It learns how many the server allows: one that is refused as one
 * too many isn't an outage, its asker waits until another comes back. And it throws away what can't
 * be trusted any more: after a silent link or a failover every connection made before.
 *
 * <p>Usable from any thread; anyone who asks on a context is answered on it.
 */
final class SqlConnections {
  private static final Logger log = LoggerFactory.getLogger(SqlConnections.class);

  /** Anyone who waits longer had better hear 503 now than a request's own deadline later. */
  static final Duration MOST_WAIT = Duration.ofSeconds(3);

  private static final int MOST_WAITING = 1_000;

  /** If none of ours can come back, other nodes' may. */
  private static final Duration REFUSED_REST = Duration.ofMillis(50);

  /** What the server allows changes: other nodes come and go. */
  private static final Duration TRY_ONE_MORE_AFTER = Duration.ofSeconds(5);

  private static final Duration RETIRE_APART = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Pool pool;
  private final int most;
  private final boolean failsOver;
  private final Runnable doubt;
  private final Deque<Asker> waiting = new ArrayDeque<>();
  private int limit;
  private int lent;
  private long limitedNanos;
  private boolean hasRetired;
  private long retiredNanos;
  private volatile PoolMetrics metrics = PoolMetrics.unwatched();

  /** Anyone who asked for a connection; hears of one, or of the end of patience, once. */
  private record Asker(Context context, long untilNanos, Promise<SqlConnection> got) {}

  /**
   * @param most connections of this node; the server may allow fewer
   * @param failsOver whether there is another server to be found when one doesn't answer
   */
  record Limits(int most, boolean failsOver) {}

  /**
   * @param doubt told when no connection can be made
   */
  SqlConnections(Vertx vertx, Pool pool, Limits limits, Runnable doubt) {
    this.vertx = vertx;
    this.pool = pool;
    this.most = limits.most;
    this.failsOver = limits.failsOver;
    this.doubt = doubt;
    this.limit = most;
  }

  /**
   * @return to be given back by {@link #giveBack}; fails with a {@link Fault}: UNAVAILABLE
   */
  Future<SqlConnection> lend() {
    long asked = System.nanoTime();
    long until = asked + MOST_WAIT.toNanos();
    Asker asker = new Asker(vertx.getOrCreateContext(), until, Promise.promise());
    synchronized (this) {
      tryOneMore();
      if (waiting.size() >= MOST_WAITING) {
        return Future.failedFuture(
            new Fault(Fault.Kind.UNAVAILABLE, "too many wait for a database connection"));
      }
      waiting.addLast(asker);
    }
    // The pool's own timeout forgets a caller whom it meets at the very moment of being served.
    long timer = vertx.setTimer(MOST_WAIT.toMillis(), late -> giveUp(asker));
    lendToWaiting();
    return asker
        .got
        .future()
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              metrics.acquired(done.succeeded(), System.nanoTime() - asked);
            });
  }

  private void giveUp(Asker asker) {
    synchronized (this) {
      waiting.remove(asker);
    }
    asker.got.tryFail(
        new Fault(
            Fault.Kind.UNAVAILABLE,
            "no database connection within " + MOST_WAIT.toSeconds() + " s"));
  }

  Future<Void> giveBack(SqlConnection connection) {
    return connection.close().otherwiseEmpty().onComplete(closed -> returned());
  }

  /** No connection made until now is lent again; those that are lent end with their work. */
  synchronized void retireAll() {
    long now = System.nanoTime();
    if (!hasRetired || now - retiredNanos > RETIRE_APART.toNanos()) {
      hasRetired = true;
      retiredNanos = now;
    }
  }

  /** How many connections the server is thought to allow this node. */
  synchronized int limit() {
    return limit;
  }

  /** Those that are being made for somebody included. */
  synchronized int lent() {
    return lent;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  /** Tells of this pool from now on. */
  void tell(MeterRegistry registry) {
    metrics = PoolMetrics.of(this, registry);
  }

  private void lendToWaiting() {
    for (Asker next = next(); next != null; next = next()) {
      Asker asker = next;
      if (Vertx.currentContext() == asker.context) {
        connect(asker);
      } else {
        asker.context.runOnContext(on -> connect(asker));
      }
    }
  }

  /** Counted as lent already. */
  private void connect(Asker asker) {
    pool.getConnection()
        .onSuccess(connection -> connected(asker, connection))
        .onFailure(failure -> notConnected(asker, failure));
  }

  private void connected(Asker asker, SqlConnection connection) {
    if (isDead(connection)) {
      log.debug("dropping a database connection that can't be trusted any more");
      PhysicalConnection.drop(vertx, connection)
          .compose(known -> connection.close().otherwiseEmpty())
          .onComplete(dropped -> connect(asker));
    } else if (!asker.got.tryComplete(connection)) {
      var unused = giveBack(connection);
    }
  }

  private void notConnected(Asker asker, Throwable failure) {
    boolean refused = isOneTooMany(failure);
    if (!refused) {
      doubt.run();
    }
    if (!refused && !failsOver) {
      returned();
      asker.got.tryFail(
          new Fault(
              Fault.Kind.UNAVAILABLE, "no database connection: " + failure.getMessage(), failure));
      return;
    }
    if (refused) {
      learn();
    }
    vertx.setTimer(
        REFUSED_REST.toMillis(),
        rested -> {
          synchronized (this) {
            if (!asker.got.future().isComplete()) {
              waiting.addFirst(asker);
            }
          }
          lendToWaiting();
        });
    returned();
  }

  private synchronized @Nullable Asker next() {
    if (lent >= limit) {
      return null;
    }
    Asker next = waiting.pollFirst();
    if (next != null) {
      lent++;
    }
    return next;
  }

  private void returned() {
    synchronized (this) {
      lent--;
    }
    lendToWaiting();
  }

  /** Called by one that was refused and is still counted as lent. */
  private synchronized void learn() {
    int allowed = Math.max(1, lent - 1);
    if (allowed < limit) {
      if (limit == most) {
        log.warn(
            "the database server refuses further connections: this node gets {} of DATABASE_POOL"
                + " {}; commands wait for one another. All nodes' DATABASE_POOL together must stay"
                + " below the server's max_connections",
            allowed,
            most);
      }
      limit = allowed;
    }
    limitedNanos = System.nanoTime();
  }

  private void tryOneMore() {
    if (limit < most && System.nanoTime() - limitedNanos > TRY_ONE_MORE_AFTER.toNanos()) {
      limit++;
      limitedNanos = System.nanoTime();
    }
  }

  private synchronized boolean isDead(SqlConnection connection) {
    if (!PhysicalConnection.isOpen(connection)) {
      return true;
    }
    return hasRetired && PhysicalConnection.madeBefore(connection, retiredNanos);
  }

  /** PgBouncer says it without a state of its own in older versions. */
  private static boolean isOneTooMany(Throwable failure) {
    return failure instanceof PgException refused
        && (SqlStates.TOO_MANY_CONNECTIONS.equals(refused.getSqlState())
            || String.valueOf(refused.getErrorMessage()).contains("no more connections allowed"));
  }
}
