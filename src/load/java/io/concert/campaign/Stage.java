package io.concert.campaign;

import static io.concert.Patience.letPass;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.postgres.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a campaign: three nodes, a database, the balancer with the configuration that
 * the project ships. A node that ends by itself is counted and started again, as a supervisor
 * would.
 */
final class Stage implements AutoCloseable {
  static final int NODES = 3;
  static final String OPERATOR = "campaign-operator-token";
  private static final int BALANCER = 9_000;
  private static final int DATABASE = 9_432;
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration ASKED_EVERY = Duration.ofMillis(250);
  private static final Duration SUPERVISED_EVERY = Duration.ofMillis(500);

  private final Path directory;
  private final Network network;
  private final Map<String, String> settings;
  private final TestDatabase database = TestDatabase.create();
  private final Map<Integer, NodeProcess> nodes = new ConcurrentHashMap<>();
  private final List<NodeProcess> others = new ArrayList<>();
  private final AtomicInteger gaveUp = new AtomicInteger();
  private @Nullable NodeProcess relay;
  private final Thread supervisor = new Thread(this::supervise, "supervisor");
  private volatile boolean closing;

  /**
   * @param settings of all nodes, on top of what they need to find each other
   */
  Stage(Path directory, Network network, Map<String, String> settings) {
    this.directory = directory;
    this.network = network;
    this.settings = settings;
  }

  /**
   * Starts everything, one node after the other: three at once starve each other on a small
   * machine, which isn't what is to be tried.
   */
  void begin() {
    // A campaign that is ended by a signal leaves neither processes nor networks behind.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stage"));
    relay();
    for (int node = 1; node <= NODES; node++) {
      start(node);
      awaitStarted(node);
    }
    balance();
    supervisor.setDaemon(true);
    supervisor.start();
  }

  Network network() {
    return network;
  }

  TestDatabase database() {
    return database;
  }

  int databasePort() {
    return DATABASE;
  }

  /** Nodes that ended although nobody had ended them. */
  int gaveUp() {
    return gaveUp.get();
  }

  Asker balancer() {
    return new Asker("balancer", network.home(), BALANCER);
  }

  Asker node(int node) {
    return new Asker("node" + node, network.host(node), network.httpPort(node));
  }

  NodeProcess process(int node) {
    return Objects.requireNonNull(nodes.get(node), "not started");
  }

  boolean ready(int node) {
    return node(node).ask("GET", "/health/ready", null, null).is(200);
  }

  private boolean started(int node) {
    return node(node).ask("GET", "/health/started", null, null).is(200);
  }

  boolean allReady() {
    for (int node = 1; node <= NODES; node++) {
      if (!ready(node)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Asks four times a second.
   *
   * @return whether all nodes were ready in time
   */
  @CanIgnoreReturnValue
  boolean awaitReady(Duration atMost) {
    long until = System.nanoTime() + atMost.toNanos();
    while (!allReady()) {
      if (System.nanoTime() > until) {
        return false;
      }
      letPass(ASKED_EVERY);
    }
    return true;
  }

  private void awaitStarted(int node) {
    long until = System.nanoTime() + START_LIMIT.toNanos();
    while (!started(node) && System.nanoTime() < until) {
      if (!process(node).isAlive()) {
        start(node);
      }
      letPass(ASKED_EVERY);
    }
  }

  /** SIGKILL; it stays down until {@link #start}. */
  void kill(int node) {
    NodeProcess process = nodes.remove(node);
    if (process != null) {
      process.kill();
    }
  }

  /** SIGTERM; it stays down until {@link #start}. */
  boolean terminate(int node, int seconds) {
    NodeProcess process = nodes.remove(node);
    return process == null || process.terminate(seconds);
  }

  void start(int node) {
    List<String> members = new ArrayList<>();
    for (int other = 1; other <= NODES; other++) {
      members.add(network.host(other) + ":" + network.clusterPort(other));
    }
    Map<String, String> own = new HashMap<>();
    own.put("HTTP_HOST", network.host(node));
    own.put("HTTP_PORT", Integer.toString(network.httpPort(node)));
    own.put("CLUSTER_NAME", "campaign-" + ProcessHandle.current().pid());
    own.put("CLUSTER_HOST", network.host(node));
    own.put("CLUSTER_PORT", Integer.toString(network.clusterPort(node)));
    own.put("CLUSTER_MEMBERS", String.join(",", members));
    own.put("DATABASE_URL", databaseUrl());
    own.put("DATABASE_POOL", "16");
    own.put("DATA_DIR", directory.resolve("node" + node).toString());
    own.put("ADMIN_TOKENS", "campaign:operator:" + OPERATOR);
    own.put("RATE_LIMITS", "off");
    own.put("TRUSTED_PROXIES", network.home());
    own.putAll(settings);
    List<String> command = new ArrayList<>(network.inside(node));
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-Xmx384m");
    command.add("-jar");
    command.add(System.getProperty("service.jar", "target/concert-reservation.jar"));
    nodes.put(node, NodeProcess.start(command, own, directory.resolve("node" + node + ".log")));
  }

  private void supervise() {
    while (!closing) {
      letPass(SUPERVISED_EVERY);
      for (Map.Entry<Integer, NodeProcess> entry : nodes.entrySet()) {
        if (!closing
            && !entry.getValue().isAlive()
            && nodes.get(entry.getKey()) == entry.getValue()) {
          gaveUp.incrementAndGet();
          System.out.printf(
              "node %d ended by itself with %d%n", entry.getKey(), entry.getValue().exitCode());
          start(entry.getKey());
        }
      }
    }
  }

  /** The database listens on loopback only, which the nodes' namespaces don't see. */
  private void relay() {
    URI url = URI.create(database.url());
    String configuration =
        """
        defaults
            mode tcp
            timeout connect 5s
            timeout client 1h
            timeout server 1h
        listen database
            bind %s:%d
            server database %s:%d
        """
            .formatted(network.home(), DATABASE, url.getHost(), url.getPort());
    relay = haproxy("relay", written("relay.cfg", configuration), Map.of());
    awaitListener(DATABASE);
  }

  /**
   * As a server that is shut down looks to the nodes: its connections end, and its port refuses new
   * ones. The server itself lives on, as other tests of this JVM may share it.
   */
  void stopDatabase() {
    endRelay();
    endConnections();
  }

  /** Of the nodes; they make new ones. */
  void endConnections() {
    database.execute(
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
        """);
  }

  void startDatabase() {
    relay();
  }

  private void endRelay() {
    if (relay != null) {
      relay.kill();
      relay = null;
    }
  }

  private String databaseUrl() {
    URI url = URI.create(database.url());
    return "postgresql://%s@%s:%d%s"
        .formatted(url.getRawUserInfo(), network.home(), DATABASE, url.getRawPath());
  }

  private void balance() {
    Map<String, String> addresses = new HashMap<>();
    addresses.put("LISTEN", network.home() + ":" + BALANCER);
    for (int node = 1; node <= NODES; node++) {
      addresses.put("NODE_" + node, network.host(node) + ":" + network.httpPort(node));
    }
    Path shipped = Path.of("src/deploy/haproxy/haproxy.cfg");
    others.add(haproxy("balancer", shipped, addresses));
    awaitListener(BALANCER);
  }

  private NodeProcess haproxy(String name, Path configuration, Map<String, String> environment) {
    return NodeProcess.start(
        List.of("haproxy", "-db", "-f", configuration.toString()),
        environment,
        directory.resolve(name + ".log"));
  }

  private Path written(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitListener(int port) {
    io.concert.Patience.until(
        "a listener on " + port,
        Duration.ofSeconds(20),
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(network.home(), port), 500);
            return true;
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** Processes that do nothing but use the processors. */
  void burn(int processes) {
    for (int i = 0; i < processes; i++) {
      others.add(
          NodeProcess.start(
              List.of("sh", "-c", "while :; do :; done"), Map.of(), directory.resolve("burn.log")));
    }
  }

  @Override
  public synchronized void close() {
    if (closing) {
      return;
    }
    closing = true;
    nodes.values().forEach(NodeProcess::kill);
    others.forEach(NodeProcess::kill);
    endRelay();
    database.close();
    network.close();
  }
}
