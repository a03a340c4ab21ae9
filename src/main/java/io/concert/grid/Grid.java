package io.concert.grid;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.config.XmlConfigBuilder;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.map.IMap;
import io.concert.domain.Aggregate;
import io.concert.grid.api.AggregateType;
import io.concert.grid.api.ClusterLock;
import io.concert.grid.api.ReplicatedAggregate;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;

/** This node as a member of the cluster. */
public final class Grid implements AutoCloseable {
  private static final String DATABASE_ATTRIBUTE = "database";

  /** The Vert.x cluster manager finds its own name here. */
  private static final String VERTX_NODE_ATTRIBUTE = "__vertx.nodeId";

  private static final String LOCKS = "locks";

  private final HazelcastInstance hazelcast;
  private final GridTypes types;
  private History history = History.ONLY;
  private MeterRegistry registry = new CompositeMeterRegistry();
  private volatile long lastLossNanos = System.nanoTime();

  private Grid(HazelcastInstance hazelcast, GridTypes types) {
    this.hazelcast = hazelcast;
    this.types = types;
    watchLosses();
  }

  /** A member that is gone from here may go on elsewhere, with others who have lost this one. */
  private void watchLosses() {
    hazelcast
        .getCluster()
        .addMembershipListener(
            new MembershipListener() {
              @Override
              public void memberAdded(MembershipEvent added) {}

              @Override
              public void memberRemoved(MembershipEvent removed) {
                lastLossNanos = System.nanoTime();
              }
            });
    hazelcast
        .getLifecycleService()
        .addLifecycleListener(change -> lastLossNanos = System.nanoTime());
  }

  /**
   * When this member last lost another, or its own place among them, as {@code System.nanoTime}.
   */
  public long lastLossNanos() {
    return lastLossNanos;
  }

  /**
   * Starts a member and joins the cluster, if members are named. Blocks for seconds, half of one to
   * rehearse the types: also where this member is the first, as others will take rooms from it.
   *
   * @param databaseId identity of the database that this node works on
   * @param aggregates all aggregate types of this program
   * @throws IllegalStateException if the cluster works on another database
   */
  public static Grid start(
      GridSettings settings, String databaseId, List<AggregateType<?, ?, ?, ?>> aggregates) {
    aggregates.forEach(Rehearsals::goThrough);
    GridTypes types = new GridTypes(aggregates);
    Grid grid = new Grid(member(settings, config(settings, databaseId, types)), types);
    try {
      grid.refuseForeignDatabase(databaseId);
    } catch (IllegalStateException e) {
      grid.close();
      throw e;
    }
    return grid;
  }

  private static HazelcastInstance member(GridSettings settings, Config config) {
    try {
      return Hazelcast.newHazelcastInstance(config);
    } catch (HazelcastException e) {
      throw new IllegalStateException(
          "CLUSTER_PORT %d on %s can't be used: %s"
              .formatted(settings.port(), settings.host(), e.getMessage()),
          e);
    }
  }

  private static Config config(GridSettings settings, String databaseId, GridTypes types) {
    Properties placeholders = new Properties();
    placeholders.setProperty("cluster.name", settings.clusterName());
    placeholders.setProperty("cluster.port", Integer.toString(settings.port()));
    Config config;
    try (InputStream xml = Grid.class.getResourceAsStream("/cluster.xml")) {
      config =
          new XmlConfigBuilder(Objects.requireNonNull(xml, "cluster.xml isn't on the class path"))
              .setProperties(placeholders)
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
    var endpoint =
        (ServerSocketEndpointConfig)
            Objects.requireNonNull(
                network.getEndpointConfigs().get(EndpointQualifier.MEMBER),
                "cluster.xml names no port for members");
    endpoint.setPublicAddress(settings.host() + ":" + settings.port());
    endpoint.getInterfaces().setEnabled(true).addInterface(settings.host());
    // Enabled even when alone: members with different joiners refuse each other for good.
    network.getJoin().getTcpIpConfig().setEnabled(true).setMembers(joinable(settings));
    config.setLiteMember(settings.lite());
    config
        .getMemberAttributeConfig()
        .setAttribute(DATABASE_ATTRIBUTE, databaseId)
        .setAttribute(VERTX_NODE_ATTRIBUTE, UUID.randomUUID().toString());
    config.getSerializationConfig().addDataSerializableFactory(GridTypes.FACTORY, types);
    protectFromSplit(config, settings.minimumSize());
    return config;
  }

  private static List<String> joinable(GridSettings settings) {
    return settings.members().isEmpty()
        ? List.of(settings.host() + ":" + settings.port())
        : settings.members();
  }

  private static void protectFromSplit(Config config, int minimumSize) {
    if (minimumSize > 1) {
      config.addSplitBrainProtectionConfig(
          new SplitBrainProtectionConfig("majority", true, minimumSize));
      List.of("rooms", "seats")
          .forEach(map -> config.getMapConfig(map).setSplitBrainProtectionName("majority"));
    }
  }

  private void refuseForeignDatabase(String databaseId) {
    for (var member : hazelcast.getCluster().getMembers()) {
      String other = member.getAttribute(DATABASE_ATTRIBUTE);
      if (!databaseId.equals(other)) {
        throw new IllegalStateException(
            "Member %s of this cluster works on another database (%s, not %s). Nodes of one cluster must share one: set DATABASE_URL, or another CLUSTER_NAME."
                .formatted(member.getAddress(), other, databaseId));
      }
    }
  }

  /** For {@code Vertx.builder().withClusterManager}. */
  public ClusterManager clusterManager() {
    return new HazelcastClusterManager(hazelcast);
  }

  public ClusterLock lock(Vertx vertx) {
    return new HazelcastLock(vertx, hazelcast.getMap(LOCKS));
  }

  /**
   * From now on aggregates of an earlier history of the database are thrown away.
   *
   * @param history set before the first {@link #replicated}
   */
  public void follow(History history) {
    this.history = history;
  }

  String clusterName() {
    return hazelcast.getConfig().getClusterName();
  }

  int port() {
    return hazelcast.getCluster().getLocalMember().getAddress().getPort();
  }

  /** How many members this one sees, itself included. */
  public int size() {
    return hazelcast.getCluster().getMembers().size();
  }

  /** Whether all that the cluster keeps is where it belongs and has its backup. Blocks. */
  public boolean isSafe() {
    return hazelcast.getPartitionService().isClusterSafe();
  }

  /**
   * Tells of this member from now on, until {@code vertx} ends.
   *
   * @param registry set before the first {@link #replicated}, whose commands are timed there
   */
  public void tell(MeterRegistry registry, Vertx vertx) {
    this.registry = registry;
    GridMetrics.register(hazelcast, vertx, registry);
  }

  /**
   * The aggregates of one type.
   *
   * @param loader makes an aggregate that the grid doesn't have
   * @param clock the database's time
   */
  public <A extends Aggregate<C, E, R>, C, E, R> ReplicatedAggregate<A, C, E, R> replicated(
      Vertx vertx,
      ClusterLock lock,
      InstantSource clock,
      AggregateType<A, C, E, R> type,
      ReplicatedAggregate.Loader<A> loader) {
    IMap<String, ReplicaValue<A, C, E, R>> map = hazelcast.getMap(type.map());
    OwnedKeys owned = new OwnedKeys(vertx, map, hazelcast);
    OperationTimes times = new OperationTimes(registry, type.map());
    return new HazelcastAggregate<>(
        vertx, types, type, map, owned, loader, lock, clock, history, times);
  }

  /** Leaves the cluster: partitions move to the others first. Blocks. */
  @Override
  public void close() {
    hazelcast.shutdown();
  }

  /** Dies without a word, as a killed process would. For tests. */
  public void terminate() {
    hazelcast.getLifecycleService().terminate();
  }
}
