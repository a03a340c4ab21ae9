package io.concert.events.delivery;

import io.concert.events.api.WebhookId;
import io.concert.events.store.Deliveries.Standing;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What is delivered to which webhook, told by the node that delivers it; the gauges of one that
 * doesn't any more are taken away, so that no old number stands beside a new one.
 *
 * <p>Confined to one context; the gauges may be read by any thread.
 */
final class DeliveryMetrics {
  private static final Standing UNKNOWN = new Standing(Double.NaN, 0);

  private static final class Shown {
    private volatile Standing standing = UNKNOWN;
    private volatile boolean known;
    private List<Meter> gauges = List.of();
  }

  private final MeterRegistry registry;
  private final Map<WebhookId, Shown> shown = new HashMap<>();

  DeliveryMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void delivered(WebhookId webhook, int events) {
    requests(webhook, "delivered").increment();
    Counter.builder("webhook_events_delivered")
        .description("Events that a webhook has taken")
        .tag("webhook", webhook.toString())
        .register(registry)
        .increment(events);
  }

  void failed(WebhookId webhook) {
    requests(webhook, "failed").increment();
  }

  private Counter requests(WebhookId webhook, String outcome) {
    return Counter.builder("webhook_requests")
        .description("Attempts to deliver events to a webhook")
        .tag("webhook", webhook.toString())
        .tag("outcome", outcome)
        .register(registry);
  }

  void stands(WebhookId webhook, Standing standing) {
    Shown one = shown.computeIfAbsent(webhook, this::gauges);
    one.standing = standing;
    one.known = true;
  }

  /** The database doesn't say. */
  void unknown(WebhookId webhook) {
    Shown one = shown.get(webhook);
    if (one != null) {
      one.known = false;
    }
  }

  /** Others are delivered elsewhere, or not at all. */
  void keepOnly(Set<WebhookId> webhooks) {
    shown
        .entrySet()
        .removeIf(
            one -> {
              boolean gone = !webhooks.contains(one.getKey());
              if (gone) {
                one.getValue().gauges.forEach(registry::remove);
              }
              return gone;
            });
  }

  private Shown gauges(WebhookId webhook) {
    Shown one = new Shown();
    one.gauges =
        List.of(
            gauge(
                one,
                webhook,
                "webhook_oldest_undelivered_seconds",
                "Since the oldest event that a webhook is still to get was published",
                Standing::oldestSeconds),
            gauge(
                one,
                webhook,
                "webhook_dead_letters",
                "Events that a webhook was given up for",
                Standing::deadLetters));
    return one;
  }

  private Meter gauge(
      Shown one,
      WebhookId webhook,
      String name,
      String description,
      ToDoubleFunction<Standing> figure) {
    return Gauge.builder(name, one, it -> it.known ? figure.applyAsDouble(it.standing) : Double.NaN)
        .description(description)
        .tag("webhook", webhook.toString())
        .register(registry);
  }
}
