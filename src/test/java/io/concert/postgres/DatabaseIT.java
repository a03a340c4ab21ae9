package io.concert.postgres;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.concert.domain.Fault;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseIT {
  private static Vertx vertx;
  private static TestDatabase database;
  private static Sql sql;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    database = TestDatabase.create();
    sql = database.sql(vertx);
    // A busy machine takes its time for the first connection.
    until(() -> sql.query("select 1", Tuple.tuple()).map(true).otherwise(false).await());
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
    database.close();
  }

  @Test
  void commitsAreDurable() {
    assertThat(setting("fsync")).isEqualTo("on");
    assertThat(setting("synchronous_commit")).isEqualTo("on");
    assertThat(setting("full_page_writes")).isEqualTo("on");
  }

  @Test
  void clockFollowsTheDatabaseWhateverTheMonotonicClockSays() {
    DatabaseClock plain = DatabaseClock.start(sql, System::nanoTime).await();
    DatabaseClock elsewhere =
        DatabaseClock.start(sql, () -> System.nanoTime() - 987_654_321_000_000L).await();

    assertThat(plain.millis()).isCloseTo(elsewhere.millis(), within(200L));
    assertThat(Duration.between(plain.instant(), Instant.now()).abs())
        .isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void sessionsDontRelyOnTheServersDefaults() {
    database.execute(
        """
        alter database %1$s set synchronous_commit = off;
        alter database %1$s set default_transaction_isolation = 'repeatable read';
        alter database %1$s set statement_timeout = 0
        """
            .formatted(database.name()));

    var row =
        database
            .sql(vertx)
            .query(
                """
                select current_setting('synchronous_commit'),
                  current_setting('transaction_isolation'), current_setting('statement_timeout'),
                  current_setting('application_name')
                """,
                Tuple.tuple())
            .await()
            .iterator()
            .next();

    assertThat(row.getString(0)).isEqualTo("on");
    assertThat(row.getString(1)).isEqualTo("read committed");
    assertThat(row.getString(2)).isEqualTo("4s");
    assertThat(row.getString(3)).isEqualTo("concert-reservation");
  }

  @Test
  void databaseThatTakesNoChangesIsAnOutageAndNoDefect() {
    assertThatThrownBy(
            () ->
                sql.transaction(
                        connection ->
                            Sql.execute(connection, "set transaction read only", Tuple.tuple())
                                .compose(
                                    set ->
                                        Sql.execute(
                                            connection,
                                            "update installation set probed_at = now()",
                                            Tuple.tuple())))
                    .await())
        .isInstanceOfSatisfying(
            Fault.class,
            fault -> {
              assertThat(fault.kind()).isEqualTo(Fault.Kind.UNAVAILABLE);
              assertThat(fault).hasMessageContaining("25006");
            });
  }

  @Test
  void rolledBackStatementIsNoUnknownOutcome() {
    assertThatThrownBy(() -> sql.query("select 1 / 0", Tuple.tuple()).await())
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.INTERNAL));
  }

  @Test
  void connectionCutInMidStatementIsAnUnknownOutcome() throws Exception {
    var asleep = sql.query("select pg_sleep(3), 'cut me'", Tuple.tuple());
    String cut =
        """
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where query like '%cut me%' and pid <> pg_backend_pid() and state = 'active'
        """;
    until(() -> database.number(cut) > 0);

    assertThatThrownBy(asleep::await)
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.OUTCOME_UNKNOWN));
  }

  private static String setting(String name) {
    try (var connection = database.jdbc();
        var rows = connection.createStatement().executeQuery("show " + name)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
