package io.concert.postgres;

import io.concert.domain.Fault;
import io.concert.postgres.server.SqlStates;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs SQL and says of every failure what may be concluded from it. Nothing waits for ever: a link
 * that gives no answer in time is cut, which is the only way to get the connection back and to hear
 * of the statement at all.
 */
public final class Sql {
  private static final Logger log = LoggerFactory.getLogger(Sql.class);

  /** Longer than the server lets a statement run: past it the link is silent. */
  static final Duration STATEMENT = Duration.ofSeconds(5);

  /** The row of a batch that was committed is kept for an hour. */
  private static final Duration ROW_IS_KEPT = Duration.ofMinutes(30);

  private static final String WITNESS =
      "with witness_row as (insert into command_batch (id) values ($%d)) ";

  /** As long as a request may take. */
  public static final Duration TRANSACTION = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final SqlConnections connections;
  private final SessionSettings session;
  private final Runnable doubt;
  private volatile @Nullable Committed newest;

  private record Committed(UUID batch, long heardNanos) {}

  /**
   * @param most connections that the pool may have
   */
  public Sql(Vertx vertx, Pool pool, int most) {
    this(vertx, pool, new SqlConnections.Limits(most, false), SessionSettings.USUAL, () -> {});
  }

  /**
   * @param doubt told when the server may not be the one that takes writes
   */
  Sql(
      Vertx vertx,
      Pool pool,
      SqlConnections.Limits limits,
      SessionSettings session,
      Runnable doubt) {
    this.vertx = vertx;
    this.connections = new SqlConnections(vertx, pool, limits, doubt);
    this.session = session;
    this.doubt = doubt;
  }

  /**
   * One statement, committed by itself.
   *
   * @return fails with a {@link Fault}: UNAVAILABLE if nothing was sent or the database rolled it
   *     back for a passing reason, OUTCOME_UNKNOWN if the connection broke, or had to be cut, after
   *     it was sent
   */
  public Future<RowSet<Row>> query(String sql, Tuple arguments) {
    if (session.perTransaction()) {
      return transaction(STATEMENT, connection -> execute(connection, sql, arguments));
    }
    return onConnection(STATEMENT, connection -> execute(connection, sql, arguments));
  }

  /**
   * The same, and the node notices if the database loses it: a row of {@code command_batch} is
   * committed with it.
   *
   * @param sql begins with select
   */
  public Future<RowSet<Row>> witnessedQuery(String sql, Tuple arguments) {
    UUID batch = UUID.randomUUID();
    Tuple all = Tuple.tuple();
    for (int i = 0; i < arguments.size(); i++) {
      all.addValue(arguments.getValue(i));
    }
    all.addUUID(batch);
    return query(WITNESS.formatted(all.size()) + sql, all).onSuccess(rows -> committed(batch));
  }

  /** Notes that the commit of a batch was heard of. */
  public void committed(UUID batch) {
    newest = new Committed(batch, System.nanoTime());
  }

  /** It may be among what the database has lost. */
  void forgetCommitted() {
    newest = null;
  }

  /** The newest of those; null if there is none whose row is sure to be kept. */
  @Nullable UUID newestCommitted() {
    Committed known = newest;
    return known != null && System.nanoTime() - known.heardNanos() < ROW_IS_KEPT.toNanos()
        ? known.batch()
        : null;
  }

  /**
   * Several statements in one transaction that together take no longer than a request may.
   *
   * @param work gets the connection; its failure rolls back
   */
  public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
    return transaction(TRANSACTION, work);
  }

  /**
   * @param within what the whole transaction may take; then its link is taken for silent
   * @param work gets the connection; its failure rolls back
   */
  public <T> Future<T> transaction(Duration within, Function<SqlConnection, Future<T>> work) {
    return onConnection(
        within,
        connection ->
            begin(connection)
                .compose(
                    transaction ->
                        work.apply(connection)
                            .compose(
                                result ->
                                    transaction
                                        .commit()
                                        .recover(e -> Future.failedFuture(fault(e)))
                                        .map(result),
                                failure ->
                                    transaction
                                        .rollback()
                                        .otherwiseEmpty()
                                        .compose(done -> Future.failedFuture(undone(failure)))),
                    failure -> Future.failedFuture(undone(failure))));
  }

  private Future<Transaction> begin(SqlConnection connection) {
    return connection
        .begin()
        .compose(
            transaction ->
                session.perTransaction()
                    ? connection.query(session.forTransaction()).execute().map(transaction)
                    : Future.succeededFuture(transaction));
  }

  /** One statement on a connection of one's own; the same faults as {@link #query}. */
  public static Future<RowSet<Row>> execute(SqlClient client, String sql, Tuple arguments) {
    return client
        .preparedQuery(sql)
        .execute(arguments)
        .recover(failure -> Future.failedFuture(fault(failure)));
  }

  /** How many connections the server is thought to allow this node. */
  public int connectionLimit() {
    return connections.limit();
  }

  /** Tells of this pool from now on. */
  public void tell(MeterRegistry registry) {
    connections.tell(registry);
  }

  private <T> Future<T> onConnection(Duration within, Function<SqlConnection, Future<T>> work) {
    return connections
        .lend()
        .compose(
            connection -> {
              long timer = vertx.setTimer(within.toMillis(), late -> cut(connection, within));
              return work.apply(connection)
                  .eventually(
                      () -> {
                        vertx.cancelTimer(timer);
                        return connections.giveBack(connection);
                      });
            })
        .onFailure(this::learnFrom);
  }

  /** What is under way fails with the connection. Others of that time may be silent, too. */
  private void cut(SqlConnection connection, Duration within) {
    log.warn("no answer from the database within {}: cutting the connection", within);
    doubt.run();
    connections.retireAll();
    PhysicalConnection.cut(connection);
  }

  /** After a failover the old connections lead to the server that isn't the primary any more. */
  private void learnFrom(Throwable failure) {
    if (failure.getCause() instanceof PgException refused
        && SqlStates.READ_ONLY.equals(refused.getSqlState())) {
      doubt.run();
      connections.retireAll();
    }
  }

  /** A transaction that was lost before its COMMIT was sent can't be committed by anybody. */
  private static Fault undone(Throwable failure) {
    Fault fault = fault(failure);
    return fault.kind() == Fault.Kind.OUTCOME_UNKNOWN
        ? new Fault(Fault.Kind.UNAVAILABLE, "lost before its commit: " + fault.getMessage(), fault)
        : fault;
  }

  private static Fault fault(Throwable failure) {
    if (failure instanceof Fault fault) {
      return fault;
    }
    if (!(failure instanceof PgException refused)) {
      return new Fault(Fault.Kind.OUTCOME_UNKNOWN, "database connection lost", failure);
    }
    String state = String.valueOf(refused.getSqlState());
    return new Fault(SqlStates.kind(state), "SQLSTATE " + state, refused);
  }
}
