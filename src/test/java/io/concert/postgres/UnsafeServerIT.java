package io.concert.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.postgres.DatabaseSettings.Commit;
import io.concert.postgres.DatabaseSettings.Pooler;
import io.concert.postgres.server.DatabaseUrl;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A given server that would lose what it has committed. */
class UnsafeServerIT {
  @TempDir private Path directory;

  @Test
  void isRefusedAtTheStartAndByEveryConnectionUnlessAccepted() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory)
            .setCleanDataDirectory(false)
            .setPGStartupWait(Duration.ofSeconds(60))
            .setServerConfig("fsync", "on")
            .start()) {
      String url = "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres";
      Database safe = Database.open(settings(url, false));
      TestDatabase.execute(url, "alter system set full_page_writes = off");
      TestDatabase.execute(url, "select pg_reload_conf()");
      io.concert.Patience.until(
          () ->
              TestDatabase.number(url, "select (current_setting('full_page_writes') = 'off')::int")
                  == 1);

      assertThatThrownBy(() -> Database.open(settings(url, false)))
          .hasMessageContaining("full_page_writes off")
          .hasMessageContaining("DATABASE_UNSAFE=true");
      // A failover may lead to such a server while the node runs.
      assertThatThrownBy(() -> safe.sql(vertx).query("select 1", Tuple.tuple()).await())
          .hasMessageContaining("no database connection");
      assertThat(
              Database.open(settings(url, true))
                  .sql(vertx)
                  .query("show synchronous_commit", Tuple.tuple())
                  .await()
                  .iterator()
                  .next()
                  .getString(0))
          .isEqualTo("remote_apply");
    } finally {
      vertx.close().await();
    }
  }

  private static DatabaseSettings settings(String url, boolean unsafe) {
    return new DatabaseSettings(
        Optional.of(DatabaseUrl.parse(url)),
        4,
        Path.of("unused"),
        Commit.REMOTE_APPLY,
        Pooler.AUTO,
        unsafe);
  }
}
