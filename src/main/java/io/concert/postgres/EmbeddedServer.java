package io.concert.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server of this node's own, its data kept in a directory between starts.
 *
 * <p>One node a directory: a file lock says so. If the node that started the server was killed, the
 * server lives on; whoever holds the lock next takes it over as it stands, because another node may
 * be working with it.
 */
final class EmbeddedServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedServer.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final int port;
  private final FileLock lock;
  private final AutoCloseable stop;

  private EmbeddedServer(int port, FileLock lock, AutoCloseable stop) {
    this.port = port;
    this.lock = lock;
    this.stop = stop;
  }

  /**
   * @param dataDirectory made if missing; the server's files are in {@code postgres} below it
   * @throws IllegalStateException if another node uses the directory or the server doesn't start
   */
  static EmbeddedServer start(Path dataDirectory) {
    try {
      Files.createDirectories(dataDirectory);
      Path files = dataDirectory.toAbsolutePath().normalize().resolve("postgres");
      FileLock lock = lock(dataDirectory);
      try {
        RunningServer orphan = RunningServer.of(files).orElse(null);
        return orphan == null
            ? launch(files, PortFile.in(dataDirectory).choose(), lock)
            : adopt(orphan, lock);
      } catch (IOException | RuntimeException e) {
        release(lock);
        throw e;
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "The embedded database in %s doesn't start: %s".formatted(dataDirectory, e.getMessage()),
          e);
    }
  }

  private static FileLock lock(Path dataDirectory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            dataDirectory.resolve("node.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      channel.close();
      throw new IllegalStateException(
          "Another node is using DATA_DIR "
              + dataDirectory
              + ". Give this one a DATA_DIR of its own and, to share the other's database, the"
              + " DATABASE_URL which that one printed.");
    }
    return lock;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Another node in this very JVM: tests do that.
    }
  }

  private static EmbeddedServer adopt(RunningServer orphan, FileLock lock) {
    log.info(
        "taking over the database server that a killed node left running, pid {} port {}",
        orphan.pid(),
        orphan.port());
    return new EmbeddedServer(orphan.port(), lock, orphan);
  }

  private static EmbeddedServer launch(Path files, int port, FileLock lock) throws IOException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(files)
            .setCleanDataDirectory(false)
            // Our own order of going down stops it last; its hook would run beside ours.
            .setRegisterShutdownHook(false)
            .setPort(port)
            .setPGStartupWait(START_LIMIT)
            // The library's defaults are for throwaway tests and lose commits in a power cut.
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("logging_collector", "on")
            .setServerConfig("log_filename", "server-%a.log")
            .setServerConfig("log_truncate_on_rotation", "on")
            .start();
    return new EmbeddedServer(port, lock, server);
  }

  String url() {
    return "postgresql://postgres@127.0.0.1:" + port + "/postgres";
  }

  @Override
  public void close() {
    try {
      stop.close();
    } catch (Exception e) {
      log.error("the embedded database didn't stop cleanly; it will recover at the next start", e);
    } finally {
      release(lock);
    }
  }

  private static void release(FileLock lock) {
    try {
      lock.acquiredBy().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
