package io.concert.postgres;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.postgres.server.DatabaseUrl;
import io.concert.postgres.server.EmbeddedServer;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers in DATABASE_URL, of which one takes writes, and later the other. */
class FailoverIT {
  private static final Duration FOLLOWED = Duration.ofSeconds(30);
  private static final String WRITE = "update installation set probed_at = clock_timestamp()";

  @TempDir private Path first;
  @TempDir private Path second;

  @Test
  void followsThePromotedServerAndNeverGoesBackToTheOldPrimary() throws Exception {
    EmbeddedServer primary = EmbeddedServer.start(first);
    Database.open(settings(url(primary))).close();
    primary.close();
    copy(first, second);
    Files.createFile(second.resolve("postgres/standby.signal"));
    primary = EmbeddedServer.start(first);
    Vertx vertx = Vertx.vertx();
    try (EmbeddedServer standby = EmbeddedServer.start(second)) {
      // Also named first: the order says nothing.
      Sql sql = Database.open(settings(both(standby, primary))).sql(vertx);
      sql.query(WRITE, Tuple.tuple()).await();
      assertThat(port(sql)).isEqualTo(primary.url().servers().get(0).port());

      primary.close();
      assertThat(TestDatabase.number(url(standby), "select pg_promote()::int")).isOne();
      until("the promoted server is written to", FOLLOWED, () -> writes(sql));
      assertThat(port(sql)).isEqualTo(standby.url().servers().get(0).port());

      primary = EmbeddedServer.start(first);
      Sql afresh = Database.open(settings(both(primary, standby))).sql(vertx);
      for (int i = 0; i < 5; i++) {
        afresh.query(WRITE, Tuple.tuple()).await();
        assertThat(port(afresh)).isEqualTo(standby.url().servers().get(0).port());
      }
    } finally {
      vertx.close().await();
      primary.close();
    }
  }

  private static boolean writes(Sql sql) {
    return sql.query(WRITE, Tuple.tuple()).map(true).otherwise(false).await();
  }

  private static int port(Sql sql) {
    return sql.query("select inet_server_port()", Tuple.tuple())
        .await()
        .iterator()
        .next()
        .getInteger(0);
  }

  private static DatabaseSettings settings(String url) {
    return new DatabaseSettings(Optional.of(DatabaseUrl.parse(url)), 4, Path.of("unused"));
  }

  private static String url(EmbeddedServer server) {
    return TestDatabase.withPassword(server.url());
  }

  private static String both(EmbeddedServer one, EmbeddedServer other) {
    return "postgresql://postgres:%s@%s,%s/postgres"
        .formatted(one.url().password(), one.url().servers().get(0), other.url().servers().get(0));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(
          file -> {
            Path target = to.resolve(from.relativize(file));
            try {
              if (!Files.exists(target)) {
                Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
