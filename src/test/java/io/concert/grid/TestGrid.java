package io.concert.grid;

import io.concert.grid.api.AggregateType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Members on loopback, for tests: alone, or a cluster in one JVM. */
public final class TestGrid {
  private TestGrid() {}

  /** A member that joins nobody. */
  public static Grid alone(AggregateType<?, ?, ?, ?>... types) {
    return cluster(1, types).get(0);
  }

  /**
   * @return {@code size} members that have joined each other
   */
  public static List<Grid> cluster(int size, AggregateType<?, ?, ?, ?>... types) {
    String name = "test-" + System.nanoTime();
    List<Integer> ports = freePorts(size);
    List<String> members =
        size == 1 ? List.of() : ports.stream().map(port -> "127.0.0.1:" + port).toList();
    List<Grid> grids = new ArrayList<>();
    for (int port : ports) {
      GridSettings settings = new GridSettings(name, "127.0.0.1", port, members, false, 1);
      grids.add(Grid.start(settings, "one database", List.of(types)));
    }
    return grids;
  }

  /** A member that looks for another one there. */
  static Grid beside(String address) {
    int port = freePorts(1).get(0);
    List<String> members = List.of(address, "127.0.0.1:" + port);
    String name = "test-" + System.nanoTime();
    return Grid.start(
        new GridSettings(name, "127.0.0.1", port, members, false, 1), "one database", List.of());
  }

  /** Tries to join with another database. */
  public static Grid strangerTo(Grid grid) {
    String address = "127.0.0.1:" + grid.port();
    GridSettings settings =
        new GridSettings(
            grid.clusterName(), "127.0.0.1", freePorts(1).get(0), List.of(address), false, 1);
    return Grid.start(settings, "another database", List.of());
  }

  private static List<Integer> freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      sockets.forEach(TestGrid::close);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
