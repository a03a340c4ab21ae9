package io.concert.campaign;

import java.util.List;

/** All on this machine's loopback interface: no links to cut. */
final class Loopback implements Network {
  private static final int HTTP = 18_080;
  private static final int CLUSTER = 15_700;

  @Override
  public String home() {
    return "127.0.0.1";
  }

  @Override
  public String host(int node) {
    return "127.0.0.1";
  }

  @Override
  public int httpPort(int node) {
    return HTTP + node;
  }

  @Override
  public int clusterPort(int node) {
    return CLUSTER + node;
  }

  @Override
  public List<String> inside(int node) {
    return List.of();
  }

  @Override
  public boolean canCut() {
    return false;
  }

  @Override
  public void cut(int node, boolean database, int databasePort) {
    throw new IllegalStateException("links can be cut in network namespaces only, which want root");
  }

  @Override
  public void heal(int node) {}

  @Override
  public void close() {}
}
