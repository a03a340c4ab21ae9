package io.concert.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows that a dump brought into a new server say that they were changed by transactions which that
 * server hasn't come to yet. They are brought into its time, a thousand a transaction, so that
 * nobody who holds or pays waits long. Any node may do it, and twice does no harm.
 */
public final class RestoredRows {
  private static final Logger log = LoggerFactory.getLogger(RestoredRows.class);
  private static final int CHUNK = 1_000;
  private static final String BRING_INTO_TIME = "select bring_into_time($1)";

  private final Sql sql;

  public RestoredRows(Sql sql) {
    this.sql = sql;
  }

  /** All there are by now; a few look-ups if there are none. */
  public Future<Void> bringIntoTime() {
    return bringIntoTime(0)
        .onSuccess(
            rows -> {
              if (rows > 0) {
                log.warn("{} rows were restored from another server's dump", rows);
              }
            })
        .mapEmpty();
  }

  private Future<Long> bringIntoTime(long before) {
    return sql.query(BRING_INTO_TIME, Tuple.of(CHUNK))
        .compose(
            rows -> {
              int changed = rows.iterator().next().getInteger(0);
              long all = before + changed;
              return changed < CHUNK ? Future.succeededFuture(all) : bringIntoTime(all);
            });
  }
}
