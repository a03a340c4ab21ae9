package io.concert.payment;

import io.concert.bus.Bus;
import io.concert.bus.VertxBus;
import io.concert.domain.SaleTally;
import io.concert.events.store.EventLog;
import io.concert.load.Feed;
import io.concert.load.LedgerRows;
import io.concert.load.Pgbench;
import io.concert.load.Spread;
import io.concert.load.Verdicts;
import io.concert.postgres.TestDatabase;
import io.concert.queue.api.QueueMessages;
import io.concert.reservation.api.ReservationMessages;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Payments and charges a second through the service's own path, from the bus to the verdict, beside
 * what pgbench reaches with the same batches and with one plain statement a payment. In turns on
 * one database whose disk is waited for; the last rounds wait a millisecond longer at each commit.
 * Then payments of which events are written and published, by turns with such of which none are;
 * {@code -Dbench=events} is these alone.
 *
 * <p>{@code mvn -q -DskipTests test-compile exec:java@run -Drun=ledger}
 */
public final class LedgerBench {
  private static final int PEOPLE = 48_000;
  private static final int WARM_UPS = 4;
  private static final int ROUNDS = 3;
  private static final int BATCHES_AT_ONCE = 3;
  private static final int PLAIN_CONNECTIONS = 32;

  private static final String PAY =
      LedgerRows.batch(
          "pay_for_seats(command, users, room, schedule, seat, price, key, key, true)");
  private static final String CHARGE =
      LedgerRows.batch("charge_accounts(users, price, ceiling, key, key)");

  /** Each commit waits a millisecond before it is written, as on a slower disk. */
  private static final String SLOWER_COMMITS =
      """
      do $$ begin
        execute format('alter database %I set commit_delay = 1000', current_database());
        execute format('alter database %I set commit_siblings = 0', current_database());
      end $$
      """;

  private final Vertx vertx;
  private final TestDatabase database;
  private final LedgerRows rows;
  private final Pgbench pgbench;
  private final Bus bus;
  private final Verdicts verdicts = new Verdicts();

  private LedgerBench(Vertx vertx, TestDatabase database, Bus bus) {
    this.vertx = vertx;
    this.database = database;
    this.rows = new LedgerRows(database, PEOPLE);
    this.pgbench = new Pgbench(database.url());
    this.bus = bus;
  }

  public static void main(String[] arguments) {
    System.exit(bench());
  }

  private static int bench() {
    Vertx vertx = Vertx.vertx();
    try (TestDatabase database = TestDatabase.create()) {
      Bus bus = new VertxBus(vertx);
      // Who is told of payments takes note, as in a node.
      bus.serve(
              ReservationMessages.CLAIMS_CHANGED,
              told -> Future.succeededFuture(new ReservationMessages.Noted()))
          .await();
      bus.serve(
              QueueMessages.SESSION_ENDED,
              told -> Future.succeededFuture(new QueueMessages.Noted()))
          .await();
      LedgerBench bench = new LedgerBench(vertx, database, bus);
      if (!"events".equals(System.getProperty("bench.only"))) {
        bench.measure();
      }
      bench.measureEvents();
      return bench.verdicts.publish(
          "%,d commands a round, batches of %d, medians of %d rounds"
              .formatted(PEOPLE, LedgerRows.BATCH, ROUNDS));
    } finally {
      vertx.close().await();
    }
  }

  /** With connections of its own, as what is set for a database holds for new ones. */
  private String serve() {
    return vertx
        .deployVerticle(
            new PaymentVerticle(
                bus,
                database.sql(vertx),
                (name, lease, work) -> Future.succeededFuture(false),
                new SimpleMeterRegistry(),
                new PaymentSettings(true),
                SaleTally.NONE))
        .await();
  }

  private void measure() {
    String serving = serve();
    for (int i = 0; i < WARM_UPS; i++) {
      System.out.printf("warming up: %,.0f/s%n", round(this::pay));
    }
    Spread paid = payments("");
    verdicts.atLeast("payments, service of plain statements", paid.percentOf(plain("")), 120, "%");
    Spread charged = rounds(this::charge);
    Spread least = rounds(() -> batches(CHARGE));
    verdicts.given("charges, service", charged, "/s");
    verdicts.given("charges, the same batches by pgbench", least, "/s");
    verdicts.given("charges, service of pgbench", charged.percentOf(least), "%");
    vertx.undeploy(serving).await();

    database.execute(SLOWER_COMMITS);
    String servingSlower = serve();
    Spread slow = payments(", commits 1 ms slower");
    verdicts.given("service of plain statements then", slow.percentOf(plain(", slower")), "%");
    vertx.undeploy(servingSlower).await();
  }

  private void measureEvents() {
    String serving = serve();
    EventLog log = new EventLog(database.sql(vertx));
    log.setWritten(true).await();
    for (int i = 0; i < WARM_UPS; i++) {
      System.out.printf("warming up: %,.0f/s%n", round(this::pay));
    }
    long publishing =
        vertx.setPeriodic(
            200,
            tick -> {
              var unused = log.publish();
            });
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      log.setWritten(false).await();
      double without = round(this::pay);
      log.setWritten(true).await();
      double with = round(this::pay);
      shares.add(100 * with / without);
      System.out.printf("round %d: %,.0f/s without events, %,.0f/s with%n", i + 1, without, with);
    }
    vertx.cancelTimer(publishing);
    log.publish().await();
    System.out.printf(
        "%,d events published, %,d left%n",
        database.number("select count(*) from event"),
        database.number("select count(*) from outbox"));
    verdicts.given("payments, with events of without", Spread.of(shares), "%");
    vertx.undeploy(serving).await();
  }

  private Spread plain(String when) {
    Spread plain = rounds(() -> pgbench.run(rows.plainPayment(), PLAIN_CONNECTIONS, PEOPLE));
    verdicts.given("payments, a plain statement each, pgbench" + when, plain, "/s");
    return plain;
  }

  private Spread payments(String when) {
    List<Double> own = new ArrayList<>();
    List<Double> limit = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      own.add(round(this::pay));
      limit.add(round(() -> batches(PAY)));
      System.out.printf(
          "round %d%s: service %,.0f/s, pgbench %,.0f/s%n", i + 1, when, own.get(i), limit.get(i));
    }
    Spread mine = Spread.of(own);
    Spread most = Spread.of(limit);
    verdicts.given("payments, service" + when, mine, "/s");
    verdicts.given("payments, the same batches by pgbench" + when, most, "/s");
    verdicts.atLeast("payments, service of pgbench" + when, mine.percentOf(most), 80, "%");
    return mine;
  }

  private Spread rounds(DoubleSupplier run) {
    List<Double> figures = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      figures.add(round(run));
    }
    return Spread.of(figures);
  }

  private double round(DoubleSupplier run) {
    rows.nextRound();
    return run.getAsDouble();
  }

  private double batches(String statement) {
    return LedgerRows.BATCH * pgbench.run(statement, BATCHES_AT_ONCE, rows.batches());
  }

  private double pay() {
    return Feed.rate(
        rows.payments(),
        pay -> bus.request(PaymentMessages.PAY, pay),
        PaymentMessages.Paid.class::isInstance);
  }

  private double charge() {
    return Feed.rate(
        rows.charges(),
        charge -> bus.request(PaymentMessages.CHARGE, charge),
        PaymentMessages.Charged.class::isInstance);
  }
}
