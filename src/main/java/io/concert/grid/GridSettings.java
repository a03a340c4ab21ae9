package io.concert.grid;

import io.concert.settings.Environment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * @param host address that this member binds, and that others reach it at
 * @param members {@code host:port} of members to join; none: alone, joins nobody
 * @param lite a member that owns nothing (an edge node)
 * @param minimumSize below this many members rooms and seats refuse changes; 1 turns that off
 */
public record GridSettings(
    String clusterName,
    String host,
    int port,
    List<String> members,
    boolean lite,
    int minimumSize) {
  public GridSettings {
    members = List.copyOf(members);
  }

  /** From the environment. */
  public static GridSettings read(Environment env, boolean lite) {
    return new GridSettings(
        env.text("CLUSTER_NAME", "concert", "Only nodes of one name join each other."),
        env.parse(
            "CLUSTER_HOST",
            "127.0.0.1",
            "Address of this node for the other nodes; a private one: its ports trust anyone who"
                + " reaches them.",
            GridSettings::address),
        env.number(
            "CLUSTER_PORT",
            5701,
            1,
            Environment.MOST_PORT,
            "Port of this node's grid; its event bus takes another, any free one."),
        env.list(
            "CLUSTER_MEMBERS",
            "Comma-separated host:port of the nodes of this cluster; unset: this one is alone.",
            GridSettings::requireMember),
        lite,
        env.number(
            "CLUSTER_MIN_SIZE",
            1,
            1,
            1000,
            "Nodes that must see each other for queue and seats to change; set it to the"
                + " majority of the cluster."));
  }

  private static String address(String text) {
    try {
      return InetAddress.getByName(text).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("must be an address of this machine");
    }
  }

  private static void requireMember(String text) {
    if (!text.matches("[A-Za-z0-9._-]+:[0-9]{1,5}")) {
      throw new IllegalArgumentException("must be host:port,host:port,…");
    }
  }
}
