package io.concert.events;

import io.concert.events.delivery.DeliverySettings;
import io.concert.events.delivery.WebhookTargets;
import io.concert.settings.Environment;
import java.util.List;
import java.util.Optional;

/**
 * @param written whether events are written also without webhooks; empty leaves it as the database
 *     has it
 * @param keepDays how long they are kept
 * @param hosts that webhooks may reach by http and at addresses that aren't public
 */
public record EventSettings(
    Optional<Boolean> written, int keepDays, List<String> hosts, DeliverySettings delivery) {
  public static final int DEFAULT_KEEP_DAYS = 7;

  public EventSettings {
    hosts = List.copyOf(hosts);
  }

  /** From the environment. */
  public static EventSettings read(Environment env) {
    boolean written =
        env.flag(
            "EVENTS",
            false,
            "Whether events of the sale are written for those who read them by the API; a webhook"
                + " has them written in any case. Kept in the database: unset leaves what is"
                + " there.");
    return new EventSettings(
        env.isSet("EVENTS") ? Optional.of(written) : Optional.empty(),
        env.number(
            "EVENTS_KEEP_DAYS",
            DEFAULT_KEEP_DAYS,
            1,
            365,
            "Days that events are kept, whether they were delivered or not."),
        env.list(
            "WEBHOOK_HOSTS",
            "Comma-separated hosts that webhooks may lead to by http and at private addresses;"
                + " all others only by https and at public ones.",
            WebhookTargets::requireHost),
        DeliverySettings.usual(
            env.number(
                "WEBHOOK_ATTEMPTS",
                DeliverySettings.DEFAULT_ATTEMPTS,
                1,
                100,
                "Attempts to deliver an event until it becomes a dead letter; 15 take about four"
                    + " hours.")));
  }
}
