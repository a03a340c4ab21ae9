package io.concert.queue.view;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.SaleTally;
import io.concert.queue.api.QueueMessages.WaitEstimate;
import io.concert.queue.room.SessionRow;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/**
 * Remembers the first estimate of a wait that a place was given on this node, for a sample of
 * places, and counts how the real waits turned out.
 */
final class WaitPromises {
  private static final int SAMPLE = 10_000;

  private final Cache<Key, Promise> open =
      Caffeine.newBuilder().maximumSize(SAMPLE).expireAfterWrite(Duration.ofDays(1)).build();
  private final Counter inside;
  private final Counter sooner;
  private final Counter later;
  private final SaleTally tally;

  private record Key(RoomId room, Place place) {}

  private record Promise(WaitEstimate estimate, long madeMillis) {}

  WaitPromises(MeterRegistry registry, SaleTally tally) {
    this.tally = tally;
    inside = counter(registry, "inside");
    sooner = counter(registry, "sooner");
    later = counter(registry, "later");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder("queue_wait_estimates")
        .description("First estimates of a wait, by whether the real wait fell inside the range")
        .tag("outcome", outcome)
        .register(registry);
  }

  void made(RoomId room, Place place, WaitEstimate estimate, long nowMillis) {
    Key key = new Key(room, place);
    // Most are remembered already, and to look is cheaper than to write; once full nobody is added.
    if (open.estimatedSize() < SAMPLE && !open.asMap().containsKey(key)) {
      open.asMap().putIfAbsent(key, new Promise(estimate, nowMillis));
    }
  }

  /** Anyone who has been let in doesn't wait any more. */
  void kept(RoomId room, RoomView view, long nowMillis) {
    for (SessionRow session : view.latest()) {
      Promise promise = open.asMap().remove(new Key(room, session.place()));
      if (promise != null) {
        count(room, promise.estimate(), nowMillis - promise.madeMillis());
      }
    }
  }

  private void count(RoomId room, WaitEstimate promised, long waitedMillis) {
    if (waitedMillis < promised.low().toMillis()) {
      sooner.increment();
      tally.count(room, "estimates.sooner", 1);
    } else if (waitedMillis > promised.high().toMillis()) {
      later.increment();
      tally.count(room, "estimates.later", 1);
    } else {
      inside.increment();
      tally.count(room, "estimates.inside", 1);
    }
  }
}
