package io.concert.events.delivery;

import io.concert.events.api.WebhookId;
import io.concert.events.store.Deliveries;
import io.concert.events.store.Leased;
import io.concert.postgres.Sql;
import io.concert.postgres.job.RecurringTask;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Delivers the webhooks that are this node's turn. The turn is a lease in the database: it ends by
 * itself when the node dies, and what a node notes after its turn counts for nothing.
 *
 * <p>Confined to one context.
 */
public final class Deliverer {
  private static final Duration RENEW_EVERY = Duration.ofSeconds(1);
  private static final Duration STAND_EVERY = Duration.ofSeconds(5);
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(20);
  private static final Duration FINISH_WITHIN = Duration.ofSeconds(3);
  private static final Duration FINISH_LOOK = Duration.ofMillis(20);

  private final Vertx vertx;
  private final Deliveries deliveries;
  private final DeliverySettings settings;
  private final WebhookClient client;
  private final Backoff backoff;
  private final DeliveryMetrics metrics;
  private final UUID node = UUID.randomUUID();
  private final Map<WebhookId, Courier> couriers = new HashMap<>();
  private boolean stopped;

  /**
   * @param clock for the timestamps that are signed
   * @param options of the client that delivers, such as whom to trust
   */
  public Deliverer(
      Vertx vertx,
      Sql sql,
      InstantSource clock,
      WebhookTargets targets,
      DeliverySettings settings,
      MeterRegistry registry,
      HttpClientOptions options) {
    this.vertx = vertx;
    this.deliveries = new Deliveries(sql);
    this.settings = settings;
    this.client = new WebhookClient(vertx, targets, clock, settings.timeout(), options);
    this.backoff =
        new Backoff(settings.firstPause(), settings.longestPause(), new SplittableRandom());
    this.metrics = new DeliveryMetrics(registry);
  }

  /** Call from a verticle's context, whose end ends the deliveries. */
  public void start() {
    new RecurringTask(vertx, "renew the turns of webhooks", LONGEST_ROUND, this::renew)
        .start(shorter(RENEW_EVERY, settings.lease().dividedBy(4)));
    new RecurringTask(vertx, "look for events to deliver", LONGEST_ROUND, this::look)
        .start(settings.look());
    new RecurringTask(vertx, "see how webhooks stand", LONGEST_ROUND, this::stand)
        .start(STAND_EVERY);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Future<Void> renew() {
    if (stopped) {
      return Future.succeededFuture();
    }
    long until = System.nanoTime() + settings.lease().toNanos();
    return deliveries
        .lease(node, settings.lease())
        .map(
            leased -> {
              take(leased, until);
              return null;
            });
  }

  /** What has changed in a webhook's row since is another courier's. */
  private void take(List<Leased> leased, long until) {
    Set<WebhookId> ids = leased.stream().map(Leased::id).collect(Collectors.toSet());
    couriers
        .entrySet()
        .removeIf(entry -> stopUnless(ids.contains(entry.getKey()), entry.getValue()));
    for (Leased webhook : leased) {
      Courier known = couriers.get(webhook.id());
      if (known == null || stopUnless(known.webhook().equals(webhook), known)) {
        known = new Courier(deliveries, client, backoff, settings.attempts(), metrics, webhook);
        couriers.put(webhook.id(), known);
      }
      known.mayDeliverUntil(stopped ? System.nanoTime() : until);
    }
    metrics.keepOnly(ids);
  }

  private static boolean stopUnless(boolean goesOn, Courier courier) {
    if (!goesOn) {
      courier.stop();
    }
    return !goesOn;
  }

  private Future<Void> look() {
    return Future.join(couriers.values().stream().map(Courier::look).toList()).mapEmpty();
  }

  private Future<Void> stand() {
    return Future.join(
            couriers.keySet().stream()
                .map(
                    webhook ->
                        deliveries
                            .standing(webhook)
                            .onSuccess(standing -> metrics.stands(webhook, standing))
                            .onFailure(failure -> metrics.unknown(webhook)))
                .toList())
        .mapEmpty();
  }

  /** Ends what is under way, for some seconds at most, and lets another node go on. */
  public Future<Void> stop() {
    stopped = true;
    couriers.values().forEach(Courier::stop);
    return finish(System.nanoTime() + FINISH_WITHIN.toNanos())
        .compose(done -> deliveries.release(node).otherwiseEmpty())
        .eventually(client::close);
  }

  private Future<Void> finish(long untilNanos) {
    boolean busy = couriers.values().stream().anyMatch(Courier::isBusy);
    return !busy || System.nanoTime() - untilNanos >= 0
        ? Future.succeededFuture()
        : vertx
            .timer(FINISH_LOOK.toMillis(), TimeUnit.MILLISECONDS)
            .compose(later -> finish(untilNanos));
  }
}
