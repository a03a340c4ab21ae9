package io.concert.http.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.domain.ClientNetwork;
import io.concert.http.access.RefusalCounts.Limit;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How many wrong passwords may be tried: for one account from one network, from one network, and
 * for one account from anywhere. The last alone would let anybody lock an owner out, so it doesn't
 * hold where the right password was given before. Emails nobody has are accounts like others: what
 * is refused tells nobody which there are.
 */
public final class LoginLimits {
  private static final int PROVEN_NETWORKS = 100_000;
  private static final Duration PROVEN_FOR = Duration.ofDays(30);

  private final Allowances<Pair> ofPair;
  private final Allowances<ClientNetwork> ofNetwork;
  private final Allowances<String> ofAccount;
  private final Cache<Pair, Boolean> proven =
      Caffeine.newBuilder().maximumSize(PROVEN_NETWORKS).expireAfterWrite(PROVEN_FOR).build();

  private record Pair(ClientNetwork network, String account) {}

  public LoginLimits(LongSupplier nanoTime, RefusalCounts refusals) {
    ofPair =
        new Allowances<>(
            10,
            1,
            Duration.ofSeconds(30),
            nanoTime,
            () -> refusals.refused(Limit.LOGINS_OF_ACCOUNT_AND_NETWORK));
    ofNetwork =
        new Allowances<>(
            20,
            1,
            Duration.ofSeconds(3),
            nanoTime,
            () -> refusals.refused(Limit.LOGINS_OF_NETWORK));
    ofAccount =
        new Allowances<>(
            100,
            1,
            Duration.ofSeconds(10),
            nanoTime,
            () -> refusals.refused(Limit.LOGINS_OF_ACCOUNT));
  }

  /**
   * A password that is about to be tried.
   *
   * @param attempt counted as a wrong one until it is undone
   */
  public record Guess(Attempt attempt, Runnable onRight) {
    /** The password was the account's. */
    public void wasRight() {
      attempt.undo();
      onRight.run();
    }
  }

  public Guess guess(ClientNetwork network, String email) {
    String account = email.toLowerCase(Locale.ROOT);
    Pair pair = new Pair(network, account);
    Attempt attempt =
        ofPair
            .take(pair)
            .and(() -> ofNetwork.take(network))
            .and(() -> proven.getIfPresent(pair) == null ? ofAccount.take(account) : Attempt.FREE);
    return new Guess(attempt, () -> proven.put(pair, true));
  }
}
