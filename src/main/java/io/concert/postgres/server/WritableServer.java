package io.concert.postgres.server;

import io.concert.domain.Fault;
import io.concert.postgres.server.DatabaseUrl.Server;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of several servers takes writes. Asked for when there is reason to doubt it; all are asked
 * at once. Of two that do, one is an old primary that came back: a promotion begins a new timeline,
 * so the higher one is right, and a lower one than was ever seen is never written to.
 */
public final class WritableServer {
  private static final Logger log = LoggerFactory.getLogger(WritableServer.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

  private static final String ASK =
      """
      select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean,
        case when pg_is_in_recovery() then 0
          else ('x' || lpad(substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), 8, '0'))::bit(32)::int
        end
      """;

  private final Vertx vertx;
  private final List<Server> servers;
  private final Function<Server, PgConnectOptions> options;
  private final NetClientOptions transport;
  private @Nullable Future<Server> found;
  private int highestTimeline;

  /** What a server says of itself. */
  private record Answer(Server server, boolean writable, int timeline) {}

  public WritableServer(
      Vertx vertx,
      List<Server> servers,
      Function<Server, PgConnectOptions> options,
      NetClientOptions transport) {
    this.vertx = vertx;
    this.servers = servers;
    this.options = options;
    this.transport = transport;
  }

  /** How to reach it; fails with a {@link Fault} if there is none. */
  public Future<PgConnectOptions> get() {
    if (servers.size() == 1) {
      return Future.succeededFuture(options.apply(servers.get(0)));
    }
    return find().map(options);
  }

  /** The next caller looks again. */
  public synchronized void doubt() {
    if (found != null && found.isComplete()) {
      found = null;
    }
  }

  private synchronized Future<Server> find() {
    if (found == null) {
      List<Future<Optional<Answer>>> asked = servers.stream().map(this::ask).toList();
      found = Future.join(asked).transform(all -> choose(asked));
    }
    return found.onFailure(none -> doubt());
  }

  private synchronized Future<Server> choose(List<Future<Optional<Answer>>> asked) {
    @Nullable Answer best = null;
    for (Future<Optional<Answer>> one : asked) {
      Answer answer = one.succeeded() ? one.result().orElse(null) : null;
      if (answer != null && answer.writable && (best == null || answer.timeline > best.timeline)) {
        best = answer;
      }
    }
    if (best == null || best.timeline < highestTimeline) {
      return Future.failedFuture(
          new Fault(Fault.Kind.UNAVAILABLE, "none of " + servers + " takes writes"));
    }
    if (best.timeline > highestTimeline) {
      highestTimeline = best.timeline;
    }
    log.info("the database at {} takes writes, timeline {}", best.server, best.timeline);
    return Future.succeededFuture(best.server);
  }

  /** A pool of one, as only a pool's connections end with certainty when a server is silent. */
  private Future<Optional<Answer>> ask(Server server) {
    Pool once =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1).setConnectionTimeout(0))
            .with(transport)
            .connectingTo(options.apply(server))
            .using(vertx)
            .build();
    return once.query(ASK)
        .execute()
        .timeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return Optional.of(new Answer(server, !row.getBoolean(0), row.getInteger(1)));
            })
        .otherwise(Optional.empty())
        .onComplete(
            answered -> {
              var unused = once.close();
            });
  }
}
