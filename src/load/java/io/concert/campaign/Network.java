package io.concert.campaign;

import java.util.List;

/** Where the nodes stand and which links between them can be cut. */
interface Network extends AutoCloseable {
  /** Where people, balancer and database are, as a node reaches them. */
  String home();

  /** A node's address, from 1. */
  String host(int node);

  /** Of the node's HTTP listener. */
  int httpPort(int node);

  int clusterPort(int node);

  /** What a node's command begins with. */
  List<String> inside(int node);

  /** Whether {@link #cut} works. */
  boolean canCut();

  /**
   * Drops everything between the node and all other nodes, both ways; people and balancer still
   * reach it.
   *
   * @param database also what is between it and the database
   */
  void cut(int node, boolean database, int databasePort);

  void heal(int node);

  @Override
  void close();
}
