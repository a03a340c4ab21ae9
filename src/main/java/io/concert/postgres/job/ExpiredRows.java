package io.concert.postgres.job;

import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/**
 * Deletes what nobody asks for any more: batches' verdicts after an hour, when no backend can still
 * be at work on one whose id was taken, keys' answers after a day, and what nodes wrote that
 * haven't for a day. A thousand rows a transaction, one after the other, so that commits needn't
 * wait for it.
 */
public final class ExpiredRows {
  private static final int CHUNK = 1_000;

  private static final String BATCHES =
      """
      delete from command_batch where id in (
        select id from command_batch
        where at < (select clock_timestamp()) - interval '1 hour' order by at limit $1)
      """;

  private static final String KEYS =
      """
      delete from idempotency_key where id in (
        select id from idempotency_key
        where created_at < (select clock_timestamp()) - interval '24 hours'
        order by created_at limit $1)
      """;

  private static final String WITNESSES =
      """
      delete from witness where node in (
        select node from witness where at < (select clock_timestamp()) - interval '24 hours'
        limit $1)
      """;

  private final Sql sql;

  public ExpiredRows(Sql sql) {
    this.sql = sql;
  }

  /** All there are by now. */
  public Future<Void> delete() {
    return deleteAll(BATCHES)
        .compose(done -> deleteAll(KEYS))
        .compose(done -> deleteAll(WITNESSES));
  }

  private Future<Void> deleteAll(String chunk) {
    return sql.query(chunk, Tuple.of(CHUNK))
        .compose(
            deleted -> deleted.rowCount() < CHUNK ? Future.succeededFuture() : deleteAll(chunk));
  }
}
