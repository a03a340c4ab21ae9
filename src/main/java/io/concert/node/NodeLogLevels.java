package io.concert.node;

import ch.qos.logback.classic.LoggerContext;
import io.concert.domain.Actor;
import io.concert.ops.LogLevels;
import io.concert.postgres.AuditTrail;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log levels of all nodes, by a word over the event bus that this node hears, too. */
final class NodeLogLevels implements LogLevels {
  private static final Logger log = LoggerFactory.getLogger(NodeLogLevels.class);
  private static final String CHANGED = "node.log-level.v1";

  /** What the program itself logs; libraries stay as they are. */
  private static final String PROGRAM = "io.concert";

  private final Vertx vertx;
  private final Sql sql;

  private NodeLogLevels(Vertx vertx, Sql sql) {
    this.vertx = vertx;
    this.sql = sql;
  }

  /** Follows what any node is told from now on. */
  static NodeLogLevels start(Vertx vertx, Sql sql) {
    vertx.eventBus().<String>consumer(CHANGED, news -> apply(Level.valueOf(news.body())));
    return new NodeLogLevels(vertx, sql);
  }

  @Override
  public Level current() {
    return Level.valueOf(program().getEffectiveLevel().toString());
  }

  @Override
  public Future<Void> change(Level level, Actor actor) {
    return sql.transaction(
            connection ->
                AuditTrail.write(
                    connection,
                    actor,
                    "log.level",
                    "log",
                    new JsonObject().put("level", level.name().toLowerCase(Locale.ROOT))))
        .onSuccess(
            written -> {
              apply(level);
              vertx.eventBus().publish(CHANGED, level.name());
            });
  }

  private static void apply(Level level) {
    if (!program().getEffectiveLevel().toString().equals(level.name())) {
      program().setLevel(ch.qos.logback.classic.Level.toLevel(level.name()));
      log.warn("log level is {} from now on", level);
    }
  }

  private static ch.qos.logback.classic.Logger program() {
    return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(PROGRAM);
  }
}
