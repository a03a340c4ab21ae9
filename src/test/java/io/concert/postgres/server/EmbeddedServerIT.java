package io.concert.postgres.server;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerIT {
  /** Crash recovery, on a machine that does other things too. */
  private static final Duration RESTARTED = Duration.ofSeconds(90);

  @TempDir private Path directory;

  @Test
  void letsNobodyInWithoutThePasswordWhichOnlyItsOwnerCanRead() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start(directory)) {
      DatabaseUrl url = server.url();

      assertStrangersStayOutside(url);
      assertThat(url.password()).hasSizeGreaterThan(30);
      assertThat(url.toString()).doesNotContain(url.password()).contains("passfile=");
      assertThat(DatabaseUrl.parse(url.toString())).isEqualTo(url);
      Path file = url.passwordFile().orElseThrow();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(directory).isDirectoryNotContaining("glob:**.new");
      assertThat(answers(url)).isTrue();
    }
  }

  @Test
  void filesOfAVersionThatTrustedEverybodyAreClosedAtTheNextStart() throws Exception {
    EmbeddedServer.start(directory).close();
    Path access = directory.resolve("postgres/pg_hba.conf");
    Files.writeString(access, "local all all trust\nhost all all 127.0.0.1/32 trust\n");
    Files.delete(directory.resolve("postgres.passfile"));

    for (int start = 0; start < 2; start++) {
      try (EmbeddedServer server = EmbeddedServer.start(directory)) {
        assertStrangersStayOutside(server.url());
        assertThat(answers(server.url())).isTrue();
      }
    }
  }

  @Test
  void killedServerIsStartedAgainAtItsPortWithWhatItHad() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start(directory)) {
      try (Connection connection = connect(server.url(), server.url().password())) {
        connection.createStatement().execute("create table kept as select 1 as one");
      }
      long first = postmaster();

      assertThat(ProcessHandle.of(first).orElseThrow().destroyForcibly()).isTrue();

      until("another server answers", RESTARTED, () -> answers(server.url()));
      assertThat(postmaster()).isNotEqualTo(first);
      try (Connection connection = connect(server.url(), server.url().password());
          var rows = connection.createStatement().executeQuery("select one from kept")) {
        assertThat(rows.next()).isTrue();
      }
      assertStrangersStayOutside(server.url());
    }
    assertThat(directory.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  private long postmaster() throws Exception {
    return Long.parseLong(
        Files.readAllLines(directory.resolve("postgres/postmaster.pid")).get(0).strip());
  }

  private static void assertStrangersStayOutside(DatabaseUrl url) {
    for (String password : new String[] {"", "postgres"}) {
      assertThatThrownBy(() -> connect(url, password).close())
          .isInstanceOfSatisfying(
              SQLException.class,
              refused -> assertThat(StartPatience.wantsAnotherPassword(refused)).isTrue());
    }
  }

  private static boolean answers(DatabaseUrl url) {
    try (Connection connection = connect(url, url.password());
        var rows = connection.createStatement().executeQuery("select 1")) {
      return rows.next();
    } catch (SQLException e) {
      return false;
    }
  }

  private static Connection connect(DatabaseUrl url, String password) throws SQLException {
    return DriverManager.getConnection(url.jdbc(10), url.user(), password);
  }
}
