package io.concert.postgres;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Fault;
import io.concert.postgres.CuttingProxy.Cut;
import io.concert.postgres.job.RecurringTask;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links that die without a word: a firewall that forgot them, a cable, a frozen proxy. */
class SilentLinkIT {
  private static final int POOL = 8;

  /** A statement's deadline, once for all connections of the pool, and what a busy machine adds. */
  private static final Duration RECOVERED = Duration.ofSeconds(20);

  private static Vertx vertx;
  private static TestDatabase database;

  private CuttingProxy proxy;
  private Sql sql;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    database = TestDatabase.create();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
    database.close();
  }

  @BeforeEach
  void connect() {
    proxy = CuttingProxy.before(vertx, database.url());
    sql = database.sql(vertx, proxy.url(), POOL);
  }

  @AfterEach
  void disconnect() {
    proxy.close();
  }

  @Test
  void statementWithoutAnAnswerIsAnUnknownOutcome() {
    fillThePool();
    proxy.silenceAll();

    assertThatThrownBy(() -> one().await())
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.OUTCOME_UNKNOWN));
  }

  @Test
  void oneSilentConnectionFoundOutIsEnoughToLeaveAllOfThem() {
    fillThePool();
    proxy.silenceAll();
    assertThat(one().otherwiseEmpty().await()).isNull();

    // One after the other: each would meet another of the silent ones and fail after seconds.
    for (int i = 0; i < 2 * POOL; i++) {
      assertThat(one().await().size()).isEqualTo(1);
    }
  }

  @Test
  void allConnectionsComeBackToThePool() {
    fillThePool();
    proxy.silenceAll();
    assertThat(Future.join(many(3 * POOL)).otherwiseEmpty().await()).isNull();

    until("all of the pool works", RECOVERED, this::wholePoolWorks);
  }

  @Test
  void transactionWithoutAnAnswerHasDoneNothingAndEnds() {
    fillThePool();
    var begun =
        sql.transaction(
            Duration.ofSeconds(2),
            connection -> {
              proxy.silenceAll();
              return Sql.execute(connection, "select 1", Tuple.tuple());
            });

    assertThatThrownBy(begun::await)
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.UNAVAILABLE));
    until("all of the pool works", RECOVERED, this::wholePoolWorks);
  }

  @Test
  void serverThatAcceptsAndSaysNothingBlocksThePoolOnlyWhileItDoes() {
    fillThePool();
    proxy.silenceNew(true);
    proxy.silenceAll();
    assertThat(Future.join(many(3 * POOL)).otherwiseEmpty().await()).isNull();

    proxy.silenceNew(false);

    until("the pool works again", RECOVERED, () -> one().otherwiseEmpty().await() != null);
    until("all of it", RECOVERED, this::wholePoolWorks);
  }

  @Test
  void jobWhoseStatementGetsNoAnswerRunsAgain() {
    fillThePool();
    AtomicInteger done = new AtomicInteger();
    AtomicInteger begun = new AtomicInteger();
    vertx.runOnContext(
        on ->
            new RecurringTask(
                    vertx,
                    "free due holds",
                    Duration.ofSeconds(30),
                    () -> {
                      begun.incrementAndGet();
                      return one().onSuccess(rows -> done.incrementAndGet()).mapEmpty();
                    })
                .start(Duration.ofMillis(50)));
    until(() -> done.get() > 0);

    proxy.cutOnce(Cut.SILENT_BEFORE_REPLY);
    until("the link went silent under the job", RECOVERED, () -> proxy.cuts() > 0);
    int before = done.get();

    until("the job runs again", RECOVERED, () -> done.get() > before + 2);
    assertThat(begun.get()).isGreaterThan(done.get());
  }

  @Test
  void idleConnectionsAreKept() {
    fillThePool();
    int made = proxy.links();

    io.concert.Patience.letPass(Duration.ofSeconds(6));
    fillThePool();

    assertThat(proxy.links()).isEqualTo(made);
  }

  private Future<RowSet<Row>> one() {
    return sql.query("select 1", Tuple.tuple());
  }

  private List<Future<RowSet<Row>>> many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> sql.query("select pg_sleep(0.1)", Tuple.tuple()))
        .toList();
  }

  /** As many at a time as the pool has connections. */
  private boolean wholePoolWorks() {
    return Future.join(many(POOL)).map(true).otherwise(false).await();
  }

  private void fillThePool() {
    until("the pool is filled", RECOVERED, this::wholePoolWorks);
  }
}
