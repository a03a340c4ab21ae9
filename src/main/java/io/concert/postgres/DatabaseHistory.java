package io.concert.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when the database has lost its end: a standby that was behind was promoted, a dump or a
 * copy of its files was put back. What was read from the lost end isn't true any more and wouldn't
 * correct itself, as fences and transactions count anew from an earlier value.
 *
 * <p>A server that was replaced has another system identifier or timeline. Files that were put back
 * have neither; so each node writes a number with each look, and the row that only it writes must
 * have that number at the next one, the newest batch of commands whose commit it heard of must be
 * there, and the log must be as long as it was.
 */
public final class DatabaseHistory {
  private static final Logger log = LoggerFactory.getLogger(DatabaseHistory.class);

  private static final String LOOK =
      """
      select history, lsn, reason
      from look_at_history($1, $2, $3, $4, $5, $6::text::pg_lsn, $7)
      """;

  private final Sql sql;
  private final UUID node = UUID.randomUUID();
  private final List<Runnable> whenAnother = new CopyOnWriteArrayList<>();
  private volatile long number;
  private @Nullable String seenLsn;
  private long written;
  private long tried;
  private Future<Long> latest = Future.succeededFuture(0L);

  /** The look after the one under way, for all who came too late for that. */
  private @Nullable Future<Long> next;

  private DatabaseHistory(Sql sql) {
    this.sql = sql;
  }

  /**
   * @return a history that has been looked at once
   */
  public static Future<DatabaseHistory> start(Sql sql) {
    var history = new DatabaseHistory(sql);
    return history.look().map(number -> history);
  }

  /** As of the last look; it rises with each other history. */
  public long number() {
    return number;
  }

  /** Is run after a look that found another history; it must not block. */
  public void whenAnother(Runnable told) {
    whenAnother.add(told);
  }

  /**
   * Call every few seconds, and before what was read is put where it stays. Who asks while a look
   * is under way hears of the next one: that one may have begun too early.
   *
   * @return the number as of now; fails with a {@link io.concert.domain.Fault} as the database does
   */
  public synchronized Future<Long> look() {
    if (latest.isComplete()) {
      return begin();
    }
    Future<Long> shared = next;
    if (shared == null) {
      shared = latest.transform(done -> begin());
      next = shared;
    }
    return shared;
  }

  private synchronized Future<Long> begin() {
    next = null;
    tried++;
    latest = sql.query(LOOK, arguments()).map(rows -> looked(rows.iterator().next()));
    return latest;
  }

  private Tuple arguments() {
    Long seen = number == 0 ? null : number;
    return Tuple.of(node, seen, written, tried - 1, tried, seenLsn).addUUID(sql.newestCommitted());
  }

  private long looked(Row row) {
    long before;
    synchronized (this) {
      before = number;
      written = tried;
      seenLsn = row.getString("lsn");
      number = row.getLong("history");
    }
    if (row.getString("reason") != null) {
      log.warn(
          "the database has gone back to an earlier state ({}): what is in memory is thrown away and"
              + " read again",
          row.getString("reason"));
    } else if (before != 0 && number != before) {
      log.warn(
          "another node noticed that the database has gone back to an earlier state: what is in"
              + " memory is thrown away and read again");
    }
    if (before != 0 && number != before) {
      sql.forgetCommitted();
      whenAnother.forEach(Runnable::run);
    }
    return number;
  }
}
