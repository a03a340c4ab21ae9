package io.concert.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.concert.domain.Fault;
import io.concert.postgres.server.DatabaseUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pooler before the database, as many set-ups have one. Skipped where it isn't installed. */
class PgBouncerIT {
  private static final int SERVERS = 12;
  private static final int POOL = 8;

  private static final String SETTINGS =
      """
      select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' '
        || current_setting('synchronous_commit') || ' '
        || current_setting('transaction_isolation') || ' ' || $1
      """;

  @BeforeAll
  static void skipWithoutIt() {
    assumeThat(PgBouncer.program()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"session", "transaction"})
  void everySessionHasItsSettingsAndEveryStatementItsAnswer(String mode) {
    Vertx vertx = Vertx.vertx();
    try (TestDatabase test = TestDatabase.create()) {
      test.execute(
          """
          alter database %1$s set default_transaction_isolation = 'repeatable read';
          alter database %1$s set synchronous_commit = off;
          create table note (n int primary key)
          """
              .formatted(test.name()));
      try (PgBouncer pooler = PgBouncer.before(test.url(), mode, SERVERS);
          Database database =
              Database.open(
                  new DatabaseSettings(
                      Optional.of(DatabaseUrl.parse(pooler.url())), POOL, Path.of("unused")))) {
        Sql sql = database.sql(vertx);
        // Many connections of the pool, fewer sessions behind them, changing owners all the time.
        for (int round = 0; round < 5; round++) {
          var asked =
              IntStream.range(0, 40)
                  .mapToObj(i -> sql.query(SETTINGS, Tuple.of(Integer.toString(i))))
                  .toList();
          var all = Future.all(asked).await();
          for (int i = 0; i < asked.size(); i++) {
            Row row = asked.get(i).result().iterator().next();
            assertThat(row.getString(0)).isEqualTo("4s 3s on read committed " + i);
          }
          assertThat(all.succeeded()).isTrue();
        }
        assertTransactions(sql);
      }
    } finally {
      vertx.close().await();
    }
  }

  private static void assertTransactions(Sql sql) {
    String insert = "insert into note values ($1)";
    sql.query(insert, Tuple.of(1)).await();
    Fault twice = fault(sql.query(insert, Tuple.of(1)));
    assertThat(twice.kind()).isEqualTo(Fault.Kind.INTERNAL);
    var rolledBack =
        sql.transaction(
            connection ->
                Sql.execute(connection, insert, Tuple.of(2))
                    .compose(done -> Future.failedFuture(new IllegalStateException("no"))));
    assertThat(rolledBack.otherwiseEmpty().await()).isNull();
    sql.transaction(connection -> Sql.execute(connection, insert, Tuple.of(3))).await();
    long sum =
        sql.query("select sum(n)::bigint from note", Tuple.tuple())
            .await()
            .iterator()
            .next()
            .getLong(0);
    assertThat(sum).isEqualTo(4);
  }

  private static Fault fault(Future<?> failing) {
    return failing
        .map(done -> Fault.of(new AssertionError("it worked")))
        .recover(failure -> Future.succeededFuture(Fault.of(failure)))
        .await();
  }
}
