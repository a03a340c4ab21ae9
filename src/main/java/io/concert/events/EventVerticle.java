package io.concert.events;

import io.concert.events.delivery.Deliverer;
import io.concert.events.delivery.WebhookTargets;
import io.concert.events.store.EventLog;
import io.concert.postgres.Sql;
import io.concert.postgres.job.RecurringTask;
import io.concert.postgres.job.Turns;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClientOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Publishes events, delivers them to webhooks and deletes old ones. One instance a node. */
public final class EventVerticle extends VerticleBase {
  private static final Duration PUBLISH_EVERY = Duration.ofMillis(200);
  private static final Duration DELETE_EVERY = Duration.ofMinutes(1);
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(1);

  private final Sql sql;
  private final Turns turns;
  private final InstantSource clock;
  private final EventSettings settings;
  private final MeterRegistry registry;
  private Optional<Deliverer> deliverer = Optional.empty();

  public EventVerticle(
      Sql sql, Turns turns, InstantSource clock, EventSettings settings, MeterRegistry registry) {
    this.sql = sql;
    this.turns = turns;
    this.clock = clock;
    this.settings = settings;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    var log = new EventLog(sql);
    // On every node: the database lets one do it, and nobody has to notice that another died.
    new RecurringTask(vertx, "publish events", LONGEST_ROUND, log::publish).start(PUBLISH_EVERY);
    RecurringTask.onOneNode(
            vertx, "delete old events", turns, () -> log.deleteOlderThan(settings.keepDays()))
        .start(DELETE_EVERY);
    var delivery =
        new Deliverer(
            vertx,
            sql,
            clock,
            new WebhookTargets(vertx, settings.hosts()),
            settings.delivery(),
            registry,
            new HttpClientOptions());
    delivery.start();
    deliverer = Optional.of(delivery);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    return deliverer.map(Deliverer::stop).orElseGet(Future::succeededFuture);
  }
}
