package io.concert.postgres;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolMetricsIT {
  private final Vertx vertx = Vertx.vertx();
  private final TestDatabase database = TestDatabase.create();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void stop() {
    vertx.close().await();
    database.close();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private long acquired(String outcome) {
    return registry.get("database_pool_acquire").tag("outcome", outcome).timer().count();
  }

  @Test
  void tellsWhoHasAConnectionAndWhoWaitsForOne() {
    Sql sql = database.sql(vertx, database.url(), 1);
    sql.tell(registry);
    // On a busy machine the first connection may take longer than anybody waits for one.
    until("a connection", Duration.ofSeconds(60), () -> isAnswered(sql));
    long before = acquired("lent");
    Promise<Void> work = Promise.promise();

    Future<Void> first = sql.transaction(connection -> work.future());
    until(() -> acquired("lent") == before + 1);
    var second = sql.query("select 1", Tuple.tuple());

    assertThat(gauge("database_pool_limit")).isOne();
    assertThat(gauge("database_pool_in_use")).isOne();
    assertThat(gauge("database_pool_waiting")).isOne();
    work.complete();
    first.await();
    second.await();
    until(() -> gauge("database_pool_in_use") == 0);
    assertThat(gauge("database_pool_waiting")).isZero();
    assertThat(acquired("lent")).isEqualTo(before + 2);
  }

  private static boolean isAnswered(Sql sql) {
    return sql.query("select 1", Tuple.tuple()).map(true).otherwise(false).await();
  }

  @Test
  void aConnectionThatCannotBeHadIsCountedAsFailed() {
    Sql sql = database.sql(vertx, "postgresql://nobody@127.0.0.1:1/none", 1);
    sql.tell(registry);

    assertThat(isAnswered(sql)).isFalse();

    until(() -> acquired("failed") == 1);
    until(() -> gauge("database_pool_in_use") == 0);
    assertThat(acquired("lent")).isZero();
  }
}
