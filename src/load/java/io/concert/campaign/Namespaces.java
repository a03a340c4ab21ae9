package io.concert.campaign;

import java.util.List;

/**
 * A network namespace a node, each with one link to a bridge where people, balancer and database
 * are. Cuts are rules inside the node's namespace that drop without a word, as a broken network
 * does.
 */
final class Namespaces implements Network {
  private static final int HTTP = 8_080;
  private static final int CLUSTER = 5_701;

  private final int nodes;
  private final String name;
  private final String net;

  private Namespaces(int nodes, String name, String net) {
    this.nodes = nodes;
    this.name = name;
    this.net = net;
  }

  static boolean possible() {
    return Shell.works("[ $(id -u) = 0 ] && command -v ip nft && ip netns list");
  }

  static Namespaces make(int nodes) {
    long pid = ProcessHandle.current().pid();
    String net = "10.%d.%d".formatted(200 + pid % 50, pid / 50 % 250);
    Namespaces made = new Namespaces(nodes, "c" + pid, net);
    Shell.run(
        "ip link add %1$s type bridge && ip addr add %2$s.1/24 dev %1$s && ip link set %1$s up"
            .formatted(made.name, net));
    for (int node = 1; node <= nodes; node++) {
      Shell.run(
          """
          ip netns add %1$sn%3$d &&
          ip link add %1$sv%3$d type veth peer name eth0 netns %1$sn%3$d &&
          ip link set %1$sv%3$d master %1$s up &&
          ip netns exec %1$sn%3$d ip addr add %2$s.1%3$d/24 dev eth0 &&
          ip netns exec %1$sn%3$d ip link set eth0 up &&
          ip netns exec %1$sn%3$d ip link set lo up
          """
              .formatted(made.name, net, node));
    }
    return made;
  }

  @Override
  public String home() {
    return net + ".1";
  }

  @Override
  public String host(int node) {
    return net + ".1" + node;
  }

  @Override
  public int httpPort(int node) {
    return HTTP;
  }

  @Override
  public int clusterPort(int node) {
    return CLUSTER;
  }

  @Override
  public List<String> inside(int node) {
    return List.of("ip", "netns", "exec", name + "n" + node);
  }

  @Override
  public boolean canCut() {
    return true;
  }

  @Override
  public void cut(int node, boolean database, int databasePort) {
    StringBuilder rules = new StringBuilder();
    for (int other = 1; other <= nodes; other++) {
      if (other != node) {
        rules.append("add rule inet cut in ip saddr ").append(host(other)).append(" drop; ");
        rules.append("add rule inet cut out ip daddr ").append(host(other)).append(" drop; ");
      }
    }
    if (database) {
      rules.append("add rule inet cut in tcp sport ").append(databasePort).append(" drop; ");
      rules.append("add rule inet cut out tcp dport ").append(databasePort).append(" drop; ");
    }
    String chains =
        "add table inet cut; "
            + "add chain inet cut in { type filter hook input priority 0 ; }; "
            + "add chain inet cut out { type filter hook output priority 0 ; }; ";
    Shell.run("ip netns exec %sn%d nft '%s'".formatted(name, node, chains + rules));
  }

  @Override
  public void heal(int node) {
    Shell.run("ip netns exec %sn%d nft delete table inet cut".formatted(name, node));
  }

  @Override
  public void close() {
    for (int node = 1; node <= nodes; node++) {
      Shell.run("ip netns del %sn%d".formatted(name, node));
    }
    Shell.run("ip link del " + name);
  }
}
