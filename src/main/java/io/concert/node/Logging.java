package io.concert.node;

import java.util.Locale;

/** How the node logs. */
final class Logging {
  /** For people or for collectors. */
  enum Format {
    TEXT,
    JSON
  }

  /** What is worth a line. */
  enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  private Logging() {}

  /** Must run before the first logger is made. */
  static void configure(Level level, Format format) {
    System.setProperty("log.level", level.name());
    System.setProperty(
        "logback.configurationFile", "logback-" + format.name().toLowerCase(Locale.ROOT) + ".xml");
    System.setProperty("hazelcast.logging.type", "slf4j");
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
  }
}
