package io.concert.reservation;

import io.concert.load.Feed;
import io.concert.load.LedgerRows;
import io.concert.load.Pgbench;
import io.concert.load.Spread;
import io.concert.load.Verdicts;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.SeatClaims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a second that the database judges for the service, without the seat map before it, beside
 * what pgbench reaches with the same batches.
 *
 * <p>{@code mvn -q -DskipTests test-compile exec:java@run -Drun=holds}
 */
public final class HoldBench {
  private static final int PEOPLE = 48_000;
  private static final int WARM_UPS = 3;
  private static final int ROUNDS = 3;
  private static final int BATCHES_AT_ONCE = 2;
  private static final String HOLD =
      LedgerRows.batch("hold_seats(null, null, room, users, schedule, command, seat, 300000)");

  private HoldBench() {}

  public static void main(String[] arguments) {
    System.exit(bench());
  }

  private static int bench() {
    Vertx vertx = Vertx.vertx();
    try (TestDatabase database = TestDatabase.create()) {
      LedgerRows rows = new LedgerRows(database, PEOPLE);
      Pgbench pgbench = new Pgbench(database.url());
      SeatClaims claims =
          new SeatClaims(
              vertx,
              database.sql(vertx),
              new HoldSettings(Duration.ofMinutes(5)),
              new SimpleMeterRegistry());
      List<Double> own = new ArrayList<>();
      List<Double> limit = new ArrayList<>();
      for (int i = 0; i < WARM_UPS + ROUNDS; i++) {
        rows.nextRoundOfHolds();
        own.add(Feed.rate(rows.holds(), claims::hold, judged -> judged.reply() instanceof Held));
        rows.nextRoundOfHolds();
        limit.add(LedgerRows.BATCH * pgbench.run(HOLD, BATCHES_AT_ONCE, rows.batches()));
        System.out.printf(
            "round %d: service %,.0f/s, pgbench %,.0f/s%n", i, own.get(i), limit.get(i));
      }
      Spread mine = Spread.of(own.subList(WARM_UPS, own.size()));
      Spread most = Spread.of(limit.subList(WARM_UPS, limit.size()));
      Verdicts verdicts = new Verdicts();
      verdicts.given("holds, service", mine, "/s");
      verdicts.given("holds, the same batches by pgbench", most, "/s");
      verdicts.given("holds, service of pgbench", mine.percentOf(most), "%");
      return verdicts.publish(
          "%,d commands a round, batches of %d, medians of %d rounds"
              .formatted(PEOPLE, LedgerRows.BATCH, ROUNDS));
    } finally {
      vertx.close().await();
    }
  }
}
