package io.concert.postgres.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server of this node's own, its data kept in a directory between starts.
 *
 * <p>One node a directory: a file lock says so. If the node that started the server was killed, the
 * server lives on; anyone who holds the lock next takes it over as it stands, because another node
 * may be working with it. If the server is killed, its node starts it again, at the same port.
 */
public final class EmbeddedServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedServer.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** What a killed server leaves behind ends as soon as it notices. */
  private static final Duration LEFT_BEHIND = Duration.ofSeconds(20);

  private final ServerFiles files;
  private final int port;
  private final FileLock lock;
  private final Thread supervisor;
  private RunningServer running;
  private boolean closing;

  private EmbeddedServer(ServerFiles files, RunningServer running, FileLock lock) {
    this.files = files;
    this.running = running;
    this.port = running.port();
    this.lock = lock;
    this.supervisor = new Thread(this::supervise, "database-supervisor");
    supervisor.setDaemon(true);
  }

  /**
   * @param dataDirectory made if missing; the server's files are in {@code postgres} below it
   * @throws IllegalStateException if another node uses the directory or the server doesn't start
   */
  public static EmbeddedServer start(Path dataDirectory) {
    try {
      Files.createDirectories(dataDirectory);
      FileLock lock = lock(dataDirectory);
      try {
        ServerFiles files = ServerFiles.in(dataDirectory);
        RunningServer orphan = files.running().orElse(null);
        if (orphan != null) {
          log.info(
              "taking over the database server that a killed node left running, pid {} port {}",
              orphan.pid(),
              orphan.port());
        }
        RunningServer running =
            orphan == null ? files.launch(PortFile.in(dataDirectory).choose()) : orphan;
        files.requirePasswords(running.port());
        EmbeddedServer server = new EmbeddedServer(files, running, lock);
        server.supervisor.start();
        return server;
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

  /** With the way to the password and not the password itself. */
  public DatabaseUrl url() {
    return files.url(port);
  }

  private void supervise() {
    List<ProcessHandle> children = List.of();
    while (!isClosing()) {
      RunningServer server = current();
      if (server.isAlive()) {
        children = server.children();
        rest();
      } else if (!isClosing()) {
        log.error("the database server, pid {}, is gone; starting it again", server.pid());
        awaitEnd(children);
        restart();
      }
    }
  }

  /** They hold the memory without which a new server doesn't start. */
  private void awaitEnd(List<ProcessHandle> children) {
    long until = System.nanoTime() + LEFT_BEHIND.toNanos();
    while (children.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < until) {
      rest();
    }
  }

  /** The checks of the first start; the port stays, as pools and other nodes know it. */
  private void restart() {
    try {
      RunningServer found = files.running().orElse(null);
      RunningServer server = found == null ? files.launch(port) : found;
      if (server.port() != port) {
        throw new IOException("another server serves these files at port " + server.port());
      }
      files.requirePasswords(port);
      synchronized (this) {
        running = server;
      }
      log.info("the database server runs again, pid {} port {}", server.pid(), port);
    } catch (IOException | RuntimeException e) {
      log.error("the database server doesn't start, will go on trying: {}", e.getMessage());
      rest();
    }
  }

  private synchronized RunningServer current() {
    return running;
  }

  private synchronized boolean isClosing() {
    return closing;
  }

  private static void rest() {
    try {
      Thread.sleep(LOOK_EVERY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closing = true;
    }
    try {
      supervisor.interrupt();
      supervisor.join(LEFT_BEHIND.toMillis());
      current().close();
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
