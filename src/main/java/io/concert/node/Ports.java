package io.concert.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Whether the ports that a node will listen on are free, asked before anything is started: else a
 * taken port is found only when the database has been set up and the cluster joined, which takes
 * seconds. Somebody else may still take one meanwhile, so whoever listens looks again.
 */
final class Ports {
  private Ports() {}

  /**
   * @throws IllegalStateException in words for the operator, if one is taken
   */
  static void check(Settings settings) {
    if (settings.roles().contains(Role.HTTP)) {
      check("HTTP_PORT", settings.http().host(), settings.http().port());
    }
    check("CLUSTER_PORT", settings.grid().host(), settings.grid().port());
  }

  /**
   * @param port 0 is any free one
   */
  private static void check(String setting, String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // A connection that ended a moment ago doesn't keep a port.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s %d on %s can't be listened on: %s".formatted(setting, port, host, e.getMessage()), e);
    }
  }
}
