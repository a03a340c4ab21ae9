package io.concert.node;

import io.concert.ops.LogLevels.Level;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the node logs. */
final class Logging {
  /** For people or for collectors. */
  enum Format {
    TEXT,
    JSON
  }

  private Logging() {}

  /**
   * As the environment says, by default where it says nothing that is understood. Must run before
   * anything else: reading the settings already makes loggers (addresses are Netty's), and the
   * first one decides how all log.
   */
  static void configure(Map<String, String> environment) {
    configure(
        choice(Level.class, environment.get("LOG_LEVEL"), Level.INFO),
        choice(Format.class, environment.get("LOG_FORMAT"), Format.TEXT));
  }

  private static <E extends Enum<E>> E choice(Class<E> type, @Nullable String text, E fallback) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    return fallback;
  }

  private static void configure(Level level, Format format) {
    System.setProperty("log.level", level.name());
    System.setProperty(
        "logback.configurationFile", "logback-" + format.name().toLowerCase(Locale.ROOT) + ".xml");
    System.setProperty("hazelcast.logging.type", "slf4j");
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
  }
}
