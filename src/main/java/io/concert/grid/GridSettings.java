package io.concert.grid;

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
}
