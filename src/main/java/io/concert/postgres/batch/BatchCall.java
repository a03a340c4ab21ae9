package io.concert.postgres.batch;

import io.concert.domain.Fault;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls a function that judges a batch of commands, so that a lost connection hides nothing: the
 * batch's id and verdicts are committed with its effects, and anyone who doesn't hear them looks
 * them up. Looking changes what can be: an id that isn't there yet is taken, and then the batch,
 * should it still be at work in a backend that nobody listens to, can never commit.
 */
public final class BatchCall {
  /** From the loss on; after that the outcome stays unknown. A message waits longer than this. */
  private static final Duration LOOK_FOR = Duration.ofSeconds(3);

  /** Longer than the server lets a statement run: past it the link is dead without saying so. */
  private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(5);

  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(100);

  /**
   * The condition has no rows to look at, so it is judged before the function is called. The whole
   * row is {@code judged.*}: a name alone would be that of a column, if there is one of that name.
   */
  private static final String CALL =
      """
      with judged as materialized (
        select * from %s(%s) where (select set_config('lock_timeout', $2, true)) is not null),
      kept as (
        insert into command_batch (id, verdicts)
        select $1, coalesce(jsonb_agg(to_jsonb(judged.*)), '[]') from judged
      )
      select * from judged order by command
      """;

  private static final String TAKE =
      """
      insert into command_batch (id) values ($1) on conflict (id) do nothing
      """;

  /** One row with a null command if the batch's id was taken before it could commit. */
  private static final String READ =
      """
      select judged.* from command_batch b
      left join lateral jsonb_populate_recordset(null::%s, b.verdicts) judged on true
      where b.id = $1 order by judged.command
      """;

  private final Vertx vertx;
  private final Sql sql;
  private final String call;
  private final String read;
  private final int arguments;

  /**
   * @param function takes {@code arguments} arguments and returns a set of {@code verdictType}
   * @param verdictType a composite type with a column {@code command}, which rises from 0
   */
  public BatchCall(Vertx vertx, Sql sql, String function, int arguments, String verdictType) {
    this.vertx = vertx;
    this.sql = sql;
    this.arguments = arguments;
    StringBuilder places = new StringBuilder();
    for (int i = 0; i < arguments; i++) {
      places.append(i == 0 ? "$" : ", $").append(i + 3);
    }
    this.call = CALL.formatted(function, places);
    this.read = READ.formatted(verdictType);
  }

  /**
   * @return the verdict rows in the commands' order; fails with a {@link Fault}: UNAVAILABLE if the
   *     batch didn't and won't commit, OUTCOME_UNKNOWN if that can't be found out in time
   */
  public Future<RowSet<Row>> run(Tuple batch, LockWait wait) {
    if (batch.size() != arguments) {
      throw new IllegalArgumentException(batch.size() + " arguments instead of " + arguments);
    }
    UUID id = UUID.randomUUID();
    Tuple all = Tuple.of(id, wait.setting());
    for (int i = 0; i < arguments; i++) {
      all.addValue(batch.getValue(i));
    }
    return sql.query(call, all)
        .timeout(GIVE_UP_AFTER.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              Fault fault = fault(failure);
              return fault.kind() == Fault.Kind.OUTCOME_UNKNOWN
                  ? find(id, fault, System.nanoTime() + LOOK_FOR.toNanos())
                  : Future.failedFuture(fault);
            })
        .onSuccess(rows -> sql.committed(id));
  }

  private static Fault fault(Throwable failure) {
    return failure instanceof TimeoutException
        ? new Fault(Fault.Kind.OUTCOME_UNKNOWN, "the database link is silent", failure)
        : Fault.of(failure);
  }

  private Future<RowSet<Row>> find(UUID id, Fault lost, long untilNanos) {
    return sql.query(TAKE, Tuple.of(id))
        .compose(
            taken ->
                taken.rowCount() == 1
                    ? Future.<RowSet<Row>>failedFuture(neverCommitted(lost))
                    : sql.query(read, Tuple.of(id)).compose(rows -> told(rows, lost)))
        .recover(
            failure -> {
              if (failure instanceof NeverCommitted never) {
                return Future.failedFuture(never.fault);
              }
              if (System.nanoTime() >= untilNanos) {
                return Future.failedFuture(lost);
              }
              return pause().compose(rested -> find(id, lost, untilNanos));
            });
  }

  private static Future<RowSet<Row>> told(RowSet<Row> rows, Fault lost) {
    boolean takenBefore = rows.iterator().next().getValue("command") == null;
    return takenBefore ? Future.failedFuture(neverCommitted(lost)) : Future.succeededFuture(rows);
  }

  private Future<Void> pause() {
    Promise<Void> rested = Promise.promise();
    vertx.setTimer(LOOK_AGAIN_AFTER.toMillis(), timer -> rested.complete());
    return rested.future();
  }

  private static NeverCommitted neverCommitted(Fault lost) {
    return new NeverCommitted(
        new Fault(Fault.Kind.UNAVAILABLE, "the batch was lost before its commit", lost));
  }

  /** Known for sure, other than what a look itself may meet. */
  private static final class NeverCommitted extends RuntimeException {
    private final Fault fault;

    NeverCommitted(Fault fault) {
      super(null, fault, false, false);
      this.fault = fault;
    }
  }
}
