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
 * <p>A sample is off by half its round trip at most; of the recent ones the one with the shortest
 * round trip counts. Without a database the last offset goes on, drifting as quartz does (some
 * milliseconds an hour).
 */
public final class DatabaseClock implements InstantSource {
  private static final long WORTH_REPLACING_NANOS = 60_000_000_000L;
  private static final String READ_CLOCK =
      """
      select (extract(epoch from clock_timestamp()) * 1000000)::bigint
      """;

  private final Sql sql;
  private final LongSupplier nanoTime;
  private volatile Sample best;

  /**
   * @param offsetMicros database time minus monotonic time
   * @param roundTripNanos twice the largest error
   * @param takenNanos monotonic time of the sample
   */
  private record Sample(long offsetMicros, long roundTripNanos, long takenNanos) {}

  private DatabaseClock(Sql sql, LongSupplier nanoTime, Sample first) {
    this.sql = sql;
    this.nanoTime = nanoTime;
    this.best = first;
  }

  /**
   * @param nanoTime the node's monotonic clock, {@link System#nanoTime} outside tests
   * @return a clock that has been read once
   */
  public static Future<DatabaseClock> start(Sql sql, LongSupplier nanoTime) {
    return sample(sql, nanoTime).map(first -> new DatabaseClock(sql, nanoTime, first));
  }

  /** Takes another sample; call every few seconds. Fails, harmlessly, without a database. */
  public Future<Void> resample() {
    return sample(sql, nanoTime)
        .map(
            next -> {
              Sample old = best;
              boolean stale = next.takenNanos - old.takenNanos > WORTH_REPLACING_NANOS;
              if (stale || next.roundTripNanos <= old.roundTripNanos) {
                best = next;
              }
              return null;
            });
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
    return nanoTime.getAsLong() / 1000 + best.offsetMicros;
  }

  private static Future<Sample> sample(Sql sql, LongSupplier nanoTime) {
    long asked = nanoTime.getAsLong();
    return sql.query(READ_CLOCK, Tuple.tuple())
        .map(
            rows -> {
              long answered = nanoTime.getAsLong();
              long micros = rows.iterator().next().getLong(0);
              long middle = asked + (answered - asked) / 2;
              return new Sample(micros - middle / 1000, answered - asked, answered);
            });
  }
}
