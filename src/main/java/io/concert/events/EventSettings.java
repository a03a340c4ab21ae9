package io.concert.events;

import io.concert.events.delivery.DeliverySettings;
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
}
