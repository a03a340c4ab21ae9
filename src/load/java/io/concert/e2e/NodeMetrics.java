package io.concert.e2e;

/** What a node tells Prometheus. */
final class NodeMetrics {
  private NodeMetrics() {}

  /**
   * The sum of all samples of a metric.
   *
   * @param series how their lines begin: its name, or that and its first label
   */
  static double sum(ServiceProcess node, String series) {
    return node.api()
        .text("/metrics")
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
