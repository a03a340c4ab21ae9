package io.concert.postgres;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The server, the database or the role may allow fewer connections than the pool wants. */
class ServerLimitIT {
  private static final int ALLOWED = 6;

  @Test
  void burstOnAServerThatAllowsFewConnectionsIsServedAndNotRefused() {
    Vertx vertx = Vertx.vertx();
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(
          """
          create role few_%1$s login password 'few' connection limit %2$d
          """
              .formatted(database.name(), ALLOWED));
      Sql sql = database.sql(vertx, database.urlAs("few_" + database.name(), "few"), 32);
      try {
        // Again if the machine is so busy that somebody waits for seconds.
        until("a burst without one refusal", Duration.ofSeconds(30), () -> burst(sql));
        assertThat(sql.connectionLimit()).isBetween(1, ALLOWED + 1);
      } finally {
        vertx.close().await();
        database.execute("drop role few_" + database.name());
      }
    }
  }

  private static boolean burst(Sql sql) {
    var asked =
        IntStream.range(0, 150)
            .mapToObj(i -> sql.query("select pg_sleep(0.01)", Tuple.tuple()))
            .toList();
    return Future.join(asked).map(true).otherwise(false).await();
  }
}
