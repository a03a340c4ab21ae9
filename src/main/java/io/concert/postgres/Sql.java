package io.concert.postgres;

import io.concert.domain.Fault;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.function.Function;

/** Runs SQL and says of every failure what may be concluded from it. */
public final class Sql {
  private final Pool pool;

  public Sql(Pool pool) {
    this.pool = pool;
  }

  /**
   * One statement, committed by itself.
   *
   * @return fails with a {@link Fault}: UNAVAILABLE if nothing was sent or the database rolled it
   *     back for a passing reason, OUTCOME_UNKNOWN if the connection broke after it was sent
   */
  public Future<RowSet<Row>> query(String sql, Tuple arguments) {
    return connection()
        .compose(
            connection -> execute(connection, sql, arguments).eventually(() -> connection.close()));
  }

  /**
   * Several statements in one transaction.
   *
   * @param work gets the connection; its failure rolls back
   */
  public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
    return connection()
        .compose(
            connection ->
                connection
                    .begin()
                    .recover(failure -> Future.failedFuture(fault(failure)))
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
                                            .compose(done -> Future.failedFuture(fault(failure)))))
                    .eventually(() -> connection.close()));
  }

  /** One statement on a connection of one's own; the same faults as {@link #query}. */
  public static Future<RowSet<Row>> execute(SqlClient client, String sql, Tuple arguments) {
    return client
        .preparedQuery(sql)
        .execute(arguments)
        .recover(failure -> Future.failedFuture(fault(failure)));
  }

  private Future<SqlConnection> connection() {
    return pool.getConnection()
        .recover(
            failure ->
                Future.failedFuture(
                    new Fault(Fault.Kind.UNAVAILABLE, "no database connection", failure)));
  }

  /**
   * An SQLSTATE means that the server answered, so the transaction is over and rolled back, except
   * that a server told to stop (57P0x) or a broken link (08xxx) may have committed just before.
   */
  private static Fault fault(Throwable failure) {
    if (failure instanceof Fault fault) {
      return fault;
    }
    if (!(failure instanceof PgException refused)) {
      return new Fault(Fault.Kind.OUTCOME_UNKNOWN, "database connection lost", failure);
    }
    String state = String.valueOf(refused.getSqlState());
    if (state.startsWith("57P") || state.startsWith("08")) {
      return new Fault(Fault.Kind.OUTCOME_UNKNOWN, "database stopping, SQLSTATE " + state, refused);
    }
    boolean passing =
        state.startsWith("40")
            || state.startsWith("53")
            || state.startsWith("55")
            || state.startsWith("57");
    return new Fault(
        passing ? Fault.Kind.UNAVAILABLE : Fault.Kind.INTERNAL, "SQLSTATE " + state, refused);
  }
}
