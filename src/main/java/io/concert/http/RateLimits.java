package io.concert.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps one address from filling a waiting room: a token bucket for each. An IPv6 address counts by
 * the first 64 bits, as a household or a rented server has all of the others to itself.
 */
final class RateLimits {
  /** Some 20 MB. Whoever is dropped beyond that, the least active, gets a full bucket again. */
  private static final int MOST_ADDRESSES = 100_000;

  /** How many seconds' worth may come at once: an office, a school or a mobile network. */
  private static final int BURST_SECONDS = 10;

  private final JoinLimits limits;
  private final ClientAddresses addresses;
  private final TimeMeter time;

  /** A bucket that nobody took from for so long is full, and as good as none. */
  private final Cache<Source, Bucket> joins =
      Caffeine.newBuilder()
          .maximumSize(MOST_ADDRESSES)
          .expireAfterAccess(Duration.ofSeconds(BURST_SECONDS))
          .build();

  /** An address, or the part of it that counts. */
  private record Source(int family, long bits) {
    static Source of(InetAddress address) {
      byte[] bytes = address.getAddress();
      ByteBuffer bits = ByteBuffer.wrap(bytes);
      return new Source(bytes.length, bytes.length == 4 ? bits.getInt() : bits.getLong());
    }
  }

  RateLimits(JoinLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.addresses = new ClientAddresses(new TrustedProxies(limits.trustedProxies()));
    this.time = new MonotonicTime(nanoTime);
  }

  /**
   * Counts somebody who joins without a place.
   *
   * @throws ProblemException RATE_LIMITED
   */
  void join(Call call) {
    if (limits.on()) {
      join(addresses.of(call));
    }
  }

  void join(InetAddress address) {
    Bucket bucket = joins.get(Source.of(address), source -> full());
    var taken = bucket.tryConsumeAndReturnRemaining(1);
    if (!taken.isConsumed()) {
      throw Problem.rateLimited(
              "Too many people join from your address.",
              Duration.ofNanos(taken.getNanosToWaitForRefill()))
          .exception();
    }
  }

  private Bucket full() {
    int perSecond = limits.perSecond();
    return Bucket.builder()
        .withCustomTimePrecision(time)
        .addLimit(
            limit ->
                limit
                    .capacity((long) BURST_SECONDS * perSecond)
                    .refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }

  private record MonotonicTime(LongSupplier nanoTime) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return nanoTime.getAsLong();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
