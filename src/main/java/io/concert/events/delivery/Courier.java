package io.concert.events.delivery;

import io.concert.events.api.Event;
import io.concert.events.store.Deliveries;
import io.concert.events.store.Deliveries.Head;
import io.concert.events.store.Leased;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Delivers to one webhook while this node's turn lasts: several lanes at once, each in order, and a
 * lane goes on only when what it has sent is noted. A node that dies in between leaves it to
 * another to send it again.
 *
 * <p>Confined to one context.
 */
final class Courier {
  private static final int LANES_AT_ONCE = 4;
  private static final int EVENTS_AT_ONCE = 50;

  /** Until others have their turn: a lane may have something new as long as a sale goes on. */
  private static final int REQUESTS_IN_A_ROW = 20;

  /** Of dead letters; no lane has that name. */
  private static final String DEAD_LETTERS = "";

  private final Deliveries deliveries;
  private final WebhookClient client;
  private final Backoff backoff;
  private final int mostAttempts;
  private final DeliveryMetrics metrics;
  private final Leased webhook;
  private final Set<String> busy = new HashSet<>();
  private boolean looking;
  private long untilNanos;

  Courier(
      Deliveries deliveries,
      WebhookClient client,
      Backoff backoff,
      int mostAttempts,
      DeliveryMetrics metrics,
      Leased webhook) {
    this.deliveries = deliveries;
    this.client = client;
    this.backoff = backoff;
    this.mostAttempts = mostAttempts;
    this.metrics = metrics;
    this.webhook = webhook;
  }

  Leased webhook() {
    return webhook;
  }

  /** Nothing is sent from then on, unless this is called again. */
  void mayDeliverUntil(long nanos) {
    untilNanos = nanos;
  }

  void stop() {
    untilNanos = System.nanoTime();
  }

  private boolean isOver() {
    return System.nanoTime() - untilNanos >= 0;
  }

  /** Whether something is under way. */
  boolean isBusy() {
    return !busy.isEmpty();
  }

  /**
   * Begins with what is due.
   *
   * @return when it has been looked for; fails as the database does
   */
  Future<Void> look() {
    if (looking || isOver()) {
      return Future.succeededFuture();
    }
    looking = true;
    return lookForLanes()
        .compose(done -> lookForDeadLetters())
        .eventually(
            () -> {
              looking = false;
              return Future.succeededFuture();
            });
  }

  private Future<Void> lookForLanes() {
    int free = LANES_AT_ONCE - busy.size();
    if (free <= 0) {
      return Future.succeededFuture();
    }
    return deliveries
        .dueLanes(webhook, busy, free)
        .map(
            lanes -> {
              lanes.forEach(lane -> begin(lane, deliver(lane, REQUESTS_IN_A_ROW)));
              return null;
            });
  }

  private Future<Void> lookForDeadLetters() {
    if (!busy.add(DEAD_LETTERS)) {
      return Future.succeededFuture();
    }
    return deliveries
        .wantedDeadLetter(webhook)
        .onComplete(
            found -> {
              busy.remove(DEAD_LETTERS);
              Optional<Event> wanted = found.succeeded() ? found.result() : Optional.empty();
              wanted.ifPresent(event -> begin(DEAD_LETTERS, tryOnce(event)));
            })
        .mapEmpty();
  }

  /** A failure is the database's; the next look begins again where its rows say. */
  private void begin(String lane, Future<Void> work) {
    busy.add(lane);
    var unused = work.onComplete(done -> busy.remove(lane));
  }

  private Future<Void> deliver(String lane, int requests) {
    if (requests == 0 || isOver()) {
      return Future.succeededFuture();
    }
    return deliveries
        .head(webhook, lane, EVENTS_AT_ONCE)
        .compose(
            head ->
                head.events().isEmpty()
                    ? Future.succeededFuture()
                    : deliver(lane, head, requests - 1));
  }

  /** One request, and then what comes after it. */
  private Future<Void> deliver(String lane, Head head, int further) {
    Event last = head.events().get(head.events().size() - 1);
    List<Event> wanted =
        head.events().stream().filter(event -> webhook.kinds().contains(event.kind())).toList();
    if (wanted.isEmpty()) {
      return deliveries.noteDelivered(webhook, lane, last).compose(noted -> deliver(lane, further));
    }
    if (isOver()) {
      return Future.succeededFuture();
    }
    return client
        .send(webhook, wanted)
        .compose(
            error ->
                error.isEmpty()
                    ? delivered(lane, last, wanted.size()).compose(noted -> deliver(lane, further))
                    : failed(lane, wanted.get(0), head.attempts() + 1, error.get()));
  }

  private Future<Void> delivered(String lane, Event last, int events) {
    metrics.delivered(webhook.id(), events);
    return deliveries.noteDelivered(webhook, lane, last);
  }

  private Future<Void> failed(String lane, Event first, int attempts, String error) {
    metrics.failed(webhook.id());
    return deliveries
        .noteFailed(webhook, lane, first, error, backoff.after(attempts), mostAttempts)
        .mapEmpty();
  }

  private Future<Void> tryOnce(Event event) {
    return client
        .send(webhook, List.of(event))
        .compose(
            error -> {
              if (error.isEmpty()) {
                metrics.delivered(webhook.id(), 1);
              } else {
                metrics.failed(webhook.id());
              }
              return deliveries.noteDeadLetter(webhook, event, error);
            });
  }
}
