package io.concert.campaign;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One process of the service, of the balancer, or of whatever burns processors. */
final class NodeProcess {
  private final Process process;

  private NodeProcess(Process process) {
    this.process = process;
  }

  /**
   * @param log what it says is appended there
   */
  static NodeProcess start(List<String> command, Map<String, String> environment, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_TOOL"));
    builder.environment().putAll(environment);
    try {
      return new NodeProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Only when it has ended. */
  int exitCode() {
    return process.exitValue();
  }

  void signal(String name) {
    Shell.run("kill -" + name + " " + process.pid());
  }

  /** SIGKILL, and waits. */
  void kill() {
    process.destroyForcibly();
    await(10);
  }

  /** SIGTERM, and waits. */
  boolean terminate(int seconds) {
    process.destroy();
    return await(seconds);
  }

  @CanIgnoreReturnValue
  private boolean await(int seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
