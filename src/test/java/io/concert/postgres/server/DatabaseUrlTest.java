package io.concert.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.postgres.server.DatabaseUrl.Server;
import io.vertx.pgclient.SslMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {
  @TempDir private Path directory;

  @Test
  void readsWhatLibpqReads() {
    DatabaseUrl url =
        DatabaseUrl.parse("postgresql://jo%40:p%3Aw+%2F@db1:5433,[::1]/sale?sslmode=require");

    assertThat(url.servers()).containsExactly(new Server("db1", 5433), new Server("::1", 5432));
    assertThat(url.user()).isEqualTo("jo@");
    assertThat(url.password()).isEqualTo("p:w+/");
    assertThat(url.database()).isEqualTo("sale");
    assertThat(url.sslMode()).isEqualTo(SslMode.REQUIRE);
    assertThat(url.jdbc(7))
        .startsWith("jdbc:postgresql://db1:5433,[::1]:5432/sale?")
        .contains("targetServerType=primary", "sslmode=require", "socketTimeout=7")
        .doesNotContain("p:w");
    assertThat(url.toString()).isEqualTo("postgresql://jo@@db1:5433,[::1]:5432/sale");
  }

  @Test
  void takesThePasswordOutOfAFile() throws IOException {
    Path file = directory.resolve("pass file");
    Files.writeString(
        file, "# mine\nother:*:*:jo:wrong\ndb:5432:sale:jo:a\\:b\\\\c\n*:*:*:jo:last\n");
    String parameter = "?passfile=" + DatabaseUrl.encodePath(file);

    assertThat(DatabaseUrl.parse("postgresql://jo@db/sale" + parameter).password())
        .isEqualTo("a:b\\c");
    assertThat(DatabaseUrl.parse("postgresql://jo@elsewhere/sale" + parameter).password())
        .isEqualTo("last");
    assertThat(DatabaseUrl.parse("postgresql://ann@db/sale" + parameter).password()).isEmpty();
  }

  @Test
  void rootCertificateIsThereToBeChecked() throws IOException {
    Path root = Files.writeString(directory.resolve("root.crt"), "certificate");

    assertThat(
            DatabaseUrl.parse("postgresql://jo@db/sale?sslmode=require&sslrootcert=" + root)
                .sslMode())
        .isEqualTo(SslMode.VERIFY_CA);
    var full = DatabaseUrl.parse("postgresql://jo@db/sale?sslmode=verify-full&sslrootcert=" + root);
    assertThat(
            full.options(full.servers().get(0)).getSslOptions().getHostnameVerificationAlgorithm())
        .isEqualTo("HTTPS");
  }

  @ParameterizedTest
  @CsvSource({
    "oracle://jo:secret@db/sale, begin",
    "postgresql://jo:secret@db, no database",
    "postgresql://:secret@db/sale, no user",
    "postgresql://jo:secret@/sale, no host",
    "postgresql://jo:secret@db:port/sale, port",
    "postgresql://jo:secret@db/sale?colour=red, colour",
    "postgresql://jo:secret@db/sale?sslmode=maybe, sslmode",
    "postgresql://jo:secret@db/sale?sslmode=verify-full, sslrootcert",
    "postgresql://jo:secret@db/sale?target_session_attrs=any, read-write",
    "postgresql://jo@db/sale?passfile=/nowhere/at-all, passfile"
  })
  void saysWhatIsWrongAndNeverThePassword(String url, String complaint) {
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(complaint)
        .hasMessageNotContaining("secret");
  }
}
