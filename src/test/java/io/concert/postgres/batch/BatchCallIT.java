package io.concert.postgres.batch;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Fault;
import io.concert.postgres.CuttingProxy;
import io.concert.postgres.CuttingProxy.Cut;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever moment a connection is cut at, the caller learns what came of its batch. */
class BatchCallIT {
  private static Vertx vertx;
  private static TestDatabase database;

  private CuttingProxy proxy;
  private Sql sql;
  private BatchCall call;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    database = TestDatabase.create();
    database.execute(
        """
        create table note (batch text, word text not null);
        create type noted as (command int, word text, at timestamptz);
        create function take_notes(p_batch text, p_words text[], p_seconds float)
        returns setof noted language plpgsql as $$
        begin
          insert into note select p_batch, unnest(p_words);
          perform pg_sleep(p_seconds);
          return query select n::int - 1, w, clock_timestamp()
            from unnest(p_words) with ordinality as words (w, n);
        end $$
        """);
    // Between the batch's last statement and its commit.
    database.execute(
        """
        create function dawdle() returns trigger language plpgsql as $$
        begin
          if new.verdicts::text like '%slow commit%' then perform pg_sleep(0.6); end if;
          return null;
        end $$;
        create constraint trigger dawdle after insert on command_batch
          deferrable initially deferred for each row execute function dawdle()
        """);
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
    database.close();
  }

  @BeforeEach
  void connect() {
    proxy = CuttingProxy.before(vertx, database.url());
    sql = database.sql(vertx, proxy.url(), 2);
    call = new BatchCall(vertx, sql, "take_notes", 3, "noted");
    assertThat(words(run("warm", 0, "up").await())).isEqualTo("up");
  }

  @AfterEach
  void disconnect() {
    proxy.close();
    database.execute("delete from note");
  }

  @Test
  void verdictsComeInTheOrderOfTheCommands() {
    assertThat(words(run("all well", 0, "c", "a", "b").await())).isEqualTo("c a b");
    assertThat(notes("all well")).isEqualTo(3);
  }

  /** The function is called with it, and the connection is left as it was. */
  @Test
  void batchWaitsForLocksAsLongAsItIsTold() {
    database.execute(
        """
        create type setting as (command int, value text);
        create function lock_wait(p_any int) returns setof setting language plpgsql as $$
        begin
          return query select 0, current_setting('lock_timeout');
        end $$
        """);
    var reading = new BatchCall(vertx, sql, "lock_wait", 1, "setting");
    for (int i = 0; i < 8; i++) {
      for (LockWait wait : LockWait.values()) {
        assertThat(reading.run(Tuple.of(i), wait).await().iterator().next().getString("value"))
            .isEqualTo(wait == LockWait.USUAL ? "1s" : "100ms");
      }
    }
    var after = sql.query("select current_setting('lock_timeout') as value", Tuple.tuple()).await();
    assertThat(after.iterator().next().getString("value")).isEqualTo("3s");
  }

  @Test
  void batchThatNeverArrivedIsKnownToHaveDoneNothing() {
    proxy.cutOnce(Cut.BEFORE_REQUEST);

    assertUnavailable(run("lost", 0, "a"));
    assertThat(notes("lost")).isZero();
  }

  /** Its backend works on, unheard. */
  @Test
  void batchWhoseIdWasTakenCanNeverCommit() {
    proxy.cutOnce(Cut.AFTER_REQUEST);

    assertUnavailable(run("overtaken", 0.8, "a"));
    awaitIdleServer();
    assertThat(notes("overtaken")).isZero();
  }

  /** Who wants to know waits until the commit is over. */
  @Test
  void batchThatIsCommittingIsWaitedFor() {
    Future<RowSet<Row>> running = run("committing", 0, "slow commit");
    String sleeping = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
    until(() -> database.number(sleeping) > 0);
    proxy.cutAll();

    assertThat(words(running.await())).isEqualTo("slow commit");
    assertThat(notes("committing")).isEqualTo(1);
  }

  @Test
  void verdictsOfACommitWhoseReplyWasLostAreReadAsTheyWere() {
    proxy.cutOnce(Cut.BEFORE_REPLY);

    Row row = run("unheard", 0, "a").await().iterator().next();

    assertThat(row.getString("word")).isEqualTo("a");
    assertThat(row.getOffsetDateTime("at")).isNotNull();
    assertThat(notes("unheard")).isEqualTo(1);
  }

  @Test
  void silentLinkIsGivenUpInTimeToLookElsewhere() {
    proxy.cutOnce(Cut.SILENT_BEFORE_REPLY);

    assertThat(words(run("silence", 0, "a").await())).isEqualTo("a");
    assertThat(notes("silence")).isEqualTo(1);
  }

  @Test
  void terminatedBackendHasDoneNothing() {
    Future<RowSet<Row>> running = run("terminated", 3, "a");
    String terminated =
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            + " where wait_event = 'PgSleep' and datname = current_database()";
    until(() -> database.number(terminated) > 0);

    assertUnavailable(running);
    assertThat(notes("terminated")).isZero();
  }

  @Test
  void serversRefusalIsPassedOnAsItIs() {
    assertThatThrownBy(() -> run("bad", 0, new String[] {null}).await())
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.INTERNAL));
  }

  /** Cuts at moments that nobody chose: nothing may stay unknown, and nothing be told wrongly. */
  @Test
  void everyOutcomeIsFoundOutWheneverTheLinkIsCut() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    int done = 0;
    for (int i = 0; i < 60; i++) {
      String batch = "batch " + i;
      Future<RowSet<Row>> running = run(batch, random.nextInt(4) / 1000.0, "a", "b");
      long cutAfterNanos = random.nextInt(8_000_000);
      long from = System.nanoTime();
      while (System.nanoTime() - from < cutAfterNanos) {
        Thread.onSpinWait();
      }
      proxy.cutAll();
      boolean known = awaited(running);
      done += known ? 1 : 0;
      awaitIdleServer();
      assertThat(notes(batch)).as("seed %d, %s", seed, batch).isEqualTo(known ? 2 : 0);
    }
    assertThat(done).as("seed %d", seed).isBetween(1, 59);
  }

  private static boolean awaited(Future<RowSet<Row>> running) {
    try {
      assertThat(words(running.await())).isEqualTo("a b");
      return true;
    } catch (Fault fault) {
      assertThat(fault.kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
      return false;
    }
  }

  private Future<RowSet<Row>> run(String batch, double seconds, String... words) {
    return call.run(Tuple.of(batch, words, seconds), LockWait.USUAL);
  }

  private static void assertUnavailable(Future<RowSet<Row>> running) {
    assertThatThrownBy(running::await)
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.UNAVAILABLE));
  }

  private static void awaitIdleServer() {
    String working =
        "select count(*) from pg_stat_activity where datname = current_database()"
            + " and state <> 'idle' and query like '%take_notes%' and pid <> pg_backend_pid()";
    until(() -> database.number(working) == 0);
  }

  private static long notes(String batch) {
    return database.number("select count(*) from note where batch = '" + batch + "'");
  }

  private static String words(RowSet<Row> rows) {
    return String.join(
        " ",
        StreamSupport.stream(rows.spliterator(), false).map(row -> row.getString("word")).toList());
  }
}
