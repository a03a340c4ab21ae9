package io.concert.node;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program as seen from the shell: arguments, exit codes, signals. */
public final class Program {
  /** Not an exit code: the node runs until a signal ends it. */
  public static final int RUNNING = -1;

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  /** Past this, after its time to drain, a node that can't come to an end is ended. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

  private Program() {}

  /**
   * @return {@link #RUNNING} if a node was started, else an exit code
   */
  public static int run(List<String> arguments, Map<String, String> environment) {
    PrintStream out = System.out;
    if (arguments.contains("--help") || arguments.contains("-h")) {
      out.print(Settings.help());
      return OK;
    }
    if (!arguments.isEmpty()) {
      System.err.println("Unknown argument " + arguments.get(0) + "; see --help.");
      return WRONG_USAGE;
    }
    Logging.configure(environment);
    Settings settings;
    try {
      settings = Settings.read(environment);
    } catch (WrongSettings wrong) {
      wrong.lines().forEach(System.err::println);
      System.err.println("See --help. Nothing was started.");
      return WRONG_USAGE;
    }
    return start(settings, out);
  }

  private static int start(Settings settings, PrintStream out) {
    Logger log = LoggerFactory.getLogger(Program.class);
    long began = System.nanoTime();
    try {
      Ports.check(settings);
      Node node = Node.start(settings);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node, log), "stop"));
      out.print(Welcome.text(node, Duration.ofNanos(System.nanoTime() - began)));
      out.flush();
      return RUNNING;
    } catch (Exception e) {
      log.debug("start failed", e);
      System.err.println("The node can't start: " + reason(e));
      return FAILED;
    }
  }

  private static String reason(Exception failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  /**
   * Runs on SIGTERM and Ctrl-C. A clean end is exit code 0, which a JVM ended by a signal wouldn't
   * give by itself.
   */
  private static void stop(Node node, Logger log) {
    Thread watchdog =
        new Thread(
            () -> {
              try {
                Thread.sleep(node.drain().plus(STOP_LIMIT).toMillis());
              } catch (InterruptedException e) {
                return; // Nobody does; then the end is near anyway.
              }
              Runtime.getRuntime().halt(FAILED);
            });
    watchdog.setDaemon(true);
    watchdog.start();
    boolean clean = node.stop();
    log.info(clean ? "stopped" : "stopped, not cleanly");
    Runtime.getRuntime().halt(clean ? OK : FAILED);
  }
}
