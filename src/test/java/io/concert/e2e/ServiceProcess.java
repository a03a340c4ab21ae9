package io.concert.e2e;

import static io.concert.Patience.until;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The packaged program as a process of its own, as an operator runs it. */
public final class ServiceProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** Half of what a short-lived node uses of the processor is its optimizing compiler. */
  private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1");

  /** A machine with tests on it has other things to do, too. */
  private static final Map<String, String> PATIENT = Map.of("OVERLOAD_DELAY_MILLIS", "1000");

  private static final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final Process process;
  private final Path log;
  private final int port;

  private ServiceProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts a node and waits until it is ready. */
  public static ServiceProcess start(Map<String, String> settings) {
    ServiceProcess service = launch(settings);
    service.awaitReady();
    return service;
  }

  /** Starts a node to measure, with all of Java's compilers, and waits until it is ready. */
  public static ServiceProcess startToMeasure(Map<String, String> settings) {
    ServiceProcess service = launch(settings, List.of());
    service.awaitReady();
    return service;
  }

  /** Starts a node and doesn't wait. */
  public static ServiceProcess launch(Map<String, String> settings) {
    Map<String, String> patient = new HashMap<>(PATIENT);
    patient.putAll(settings);
    return launch(patient, SHORT_LIVED);
  }

  private static ServiceProcess launch(Map<String, String> settings, List<String> options) {
    try {
      int port = settings.containsKey("HTTP_PORT") ? port(settings) : freePort();
      Path log = Files.createTempFile("concert-node", ".log");
      List<String> command = new ArrayList<>();
      command.add(ProcessHandle.current().info().command().orElse("java"));
      command.add("-Xmx512m");
      command.addAll(options);
      command.add("-jar");
      command.add(System.getProperty("service.jar", "target/concert-reservation.jar"));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_TOOL"));
      builder.environment().put("HTTP_PORT", Integer.toString(port));
      builder.environment().put("CLUSTER_PORT", Integer.toString(clusterPort()));
      // The whole crowd comes from one address.
      builder.environment().put("RATE_LIMITS", "off");
      // No balancer has to notice.
      builder.environment().put("DRAIN_SECONDS", "0");
      builder.environment().putAll(settings);
      return new ServiceProcess(builder.start(), log, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(Map<String, String> settings) {
    return Integer.parseInt(settings.getOrDefault("HTTP_PORT", "8080"));
  }

  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Not one that the system gives to outgoing connections: members ask again and again for the port
   * of one that died, and once in a while such a connection has that very port and reaches itself.
   */
  public static int clusterPort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 30_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken: another.
      }
    }
  }

  private void awaitReady() {
    awaitHealth("/health/ready");
  }

  /** Ready or not. */
  public void awaitStarted() {
    awaitHealth("/health/started");
  }

  private void awaitHealth(String path) {
    until("200 at " + path, START_LIMIT, () -> !process.isAlive() || isOk(path));
    if (!process.isAlive()) {
      throw new AssertionError("the node ended at once:\n" + log());
    }
  }

  private boolean isOk(String path) {
    try {
      return get(path).status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  public Api api() {
    return new Api(client, port);
  }

  public Answer get(String path) {
    return api().get(path, null);
  }

  public long pid() {
    return process.pid();
  }

  public int port() {
    return port;
  }

  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a power cut would. */
  public void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /** SIGTERM, without waiting for the end. */
  public void askToStop() {
    process.destroy();
  }

  /** SIGTERM, and waits. */
  @CanIgnoreReturnValue
  public int terminate() {
    process.destroy();
    return exitCode();
  }

  @CanIgnoreReturnValue
  public int exitCode() {
    try {
      if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the node doesn't end:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
    }
  }

  public static String text(JsonNode node, String field) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      throw new AssertionError("no " + field + " in " + node);
    }
    return value.asText();
  }
}
