package io.concert.grid;

import static io.concert.Patience.letPass;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A process that is stopped still has its connections accepted, by its kernel, and answers nothing.
 */
class FrozenMemberIT {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /**
   * Else the thread that writes to it writes to no other member, and is taken for dead by those.
   */
  @Test
  void whoOwesItsFirstAnswerKeepsNoThreadBusy() throws Exception {
    CompletableFuture<Grid> grid;
    try (ServerSocket frozen = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = frozen.getLocalPort();
      grid = CompletableFuture.supplyAsync(() -> TestGrid.beside("127.0.0.1:" + port));
      try (Socket connection = frozen.accept()) {
        assertThat(connection.isConnected()).isTrue();
        letPass(Duration.ofMillis(200));
        Duration before = writing();
        letPass(Duration.ofSeconds(1));
        assertThat(writing().minus(before)).isLessThan(Duration.ofMillis(300));
      }
    }
    grid.get(60, TimeUnit.SECONDS).close();
  }

  /** The processor time of all threads that write to members. */
  private static Duration writing() {
    long nanos = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().contains(".IO.thread-out-")) {
        nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return Duration.ofNanos(nanos);
  }
}
