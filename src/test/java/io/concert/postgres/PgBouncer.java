package io.concert.postgres;

import static io.concert.Patience.until;

import io.concert.postgres.server.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PgBouncer before a database, as Debian's package gives it. */
final class PgBouncer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final Process process;
  private final String url;

  private PgBouncer(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  static Optional<Path> program() {
    return Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * @param mode session or transaction
   * @param servers most connections to the database
   */
  static PgBouncer before(String databaseUrl, String mode, int servers) {
    DatabaseUrl to = DatabaseUrl.parse(databaseUrl);
    try {
      Path directory = Files.createTempDirectory("pgbouncer");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      int port = freePort();
      Path users = directory.resolve("users");
      Files.writeString(users, "\"" + to.user() + "\" \"let-me-in\"\n");
      Path settings = directory.resolve("pgbouncer.ini");
      Files.writeString(
          settings,
          """
          [databases]
          %1$s = host=%2$s port=%3$d dbname=%1$s user=%4$s password=%5$s
          [pgbouncer]
          listen_addr = 127.0.0.1
          listen_port = %6$d
          unix_socket_dir =
          auth_type = plain
          auth_file = %7$s
          pool_mode = %8$s
          default_pool_size = %9$d
          max_client_conn = 200
          """
              .formatted(
                  to.database(),
                  to.servers().get(0).host(),
                  to.servers().get(0).port(),
                  to.user(),
                  to.password(),
                  port,
                  users,
                  mode,
                  servers));
      List<String> command = new ArrayList<>(List.of(program().orElseThrow().toString()));
      if (System.getProperty("user.name").equals("root")) {
        command.addAll(List.of("-u", "nobody")); // It refuses to run as root.
      }
      command.add(settings.toString());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      until("PgBouncer listens", START_LIMIT, () -> listens(port));
      return new PgBouncer(
          process,
          "postgresql://%s:let-me-in@127.0.0.1:%d/%s".formatted(to.user(), port, to.database()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** The same database through it. */
  String url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
