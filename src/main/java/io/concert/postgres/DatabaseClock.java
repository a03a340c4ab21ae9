package io.concert.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The database's time as this node knows it: an offset from the monotonic clock to PostgreSQL's,
 * sampled now and then. The wall clock of the node plays no part, so moving it moves no deadline.
 *
 * <p>A sample is off by half its round trip at most; the best one counts. Without a database it
 * goes on, drifting as quartz does (some milliseconds an hour).
 */
public final class DatabaseClock implements InstantSource {
  /** With an error of half of that nobody minds. */
  private static final long GOOD_NANOS = 20_000_000;

  /** The first look makes connections and plans, or meets a machine that is just starting. */
  private static final int MOST_FIRST_LOOKS = 5;

  private static final String READ_CLOCK =
      """
      select (extract(epoch from clock_timestamp()) * 1000000)::bigint
      """;

  private final Sql sql;
  private final LongSupplier nanoTime;
  private volatile ClockSample best;
  private volatile boolean forgotten;

  private DatabaseClock(Sql sql, LongSupplier nanoTime, ClockSample first) {
    this.sql = sql;
    this.nanoTime = nanoTime;
    this.best = first;
  }

  /**
   * @param nanoTime the node's monotonic clock, {@link System#nanoTime} outside tests
   * @return a clock that has been read, some times if that took long
   */
  public static Future<DatabaseClock> start(Sql sql, LongSupplier nanoTime) {
    return sample(sql, nanoTime)
        .compose(first -> better(sql, nanoTime, first, MOST_FIRST_LOOKS - 1))
        .map(first -> new DatabaseClock(sql, nanoTime, first));
  }

  private static Future<ClockSample> better(
      Sql sql, LongSupplier nanoTime, ClockSample known, int looksLeft) {
    return known.roundTripNanos() <= GOOD_NANOS || looksLeft == 0
        ? Future.succeededFuture(known)
        : sample(sql, nanoTime)
            .compose(next -> better(sql, nanoTime, known.or(next), looksLeft - 1));
  }

  /** Takes another sample; call every few seconds. Fails, harmlessly, without a database. */
  public Future<Void> resample() {
    return sample(sql, nanoTime)
        .map(
            next -> {
              best = forgotten ? next : best.or(next);
              forgotten = false;
              return null;
            });
  }

  /** Another server may have another clock: the next sample counts, whatever was known. */
  public void forget() {
    forgotten = true;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plus(micros(), ChronoUnit.MICROS);
  }

  @Override
  public long millis() {
    return Math.floorDiv(micros(), 1000L);
  }

  private long micros() {
    return nanoTime.getAsLong() / 1000 + best.offsetMicros();
  }

  private static Future<ClockSample> sample(Sql sql, LongSupplier nanoTime) {
    long asked = nanoTime.getAsLong();
    return sql.query(READ_CLOCK, Tuple.tuple())
        .map(
            rows -> {
              long answered = nanoTime.getAsLong();
              long micros = rows.iterator().next().getLong(0);
              long middle = asked + (answered - asked) / 2;
              return new ClockSample(micros - middle / 1000, answered - asked, answered);
            });
  }
}
