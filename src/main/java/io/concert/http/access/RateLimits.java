package io.concert.http.access;

import io.concert.domain.ClientNetwork;
import io.concert.http.access.RefusalCounts.Limit;
import io.concert.http.web.Call;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps one client address from filling a waiting room, from making users without end and from
 * guessing passwords.
 */
public final class RateLimits {
  /** How many seconds' worth may come at once: an office, a school or a mobile network. */
  private static final int BURST_SECONDS = 10;

  private final boolean on;
  private final ClientAddresses addresses;
  private final Allowances<ClientNetwork> joins;
  private final Allowances<ClientNetwork> newUsers;
  private final LoginLimits logins;

  public RateLimits(JoinLimits limits, LongSupplier nanoTime, RefusalCounts refusals) {
    this.on = limits.on();
    this.addresses = new ClientAddresses(new TrustedProxies(limits.trustedProxies()));
    this.joins =
        perSecond(limits.perSecond(), nanoTime, () -> refusals.refused(Limit.JOINS_OF_NETWORK));
    this.newUsers =
        perSecond(limits.perSecond(), nanoTime, () -> refusals.refused(Limit.USERS_OF_NETWORK));
    this.logins = new LoginLimits(nanoTime, refusals);
  }

  private static Allowances<ClientNetwork> perSecond(
      int perSecond, LongSupplier nanoTime, Runnable onRefusal) {
    return new Allowances<>(
        BURST_SECONDS * perSecond, perSecond, Duration.ofSeconds(1), nanoTime, onRefusal);
  }

  /** Where a call comes from. */
  public ClientNetwork network(Call call) {
    return ClientNetwork.of(addresses.of(call));
  }

  /** Counts somebody who may be about to get a new place. Anyone who had one already is no join. */
  public Attempt join(Call call) {
    return on ? join(addresses.of(call)) : Attempt.FREE;
  }

  Attempt join(InetAddress address) {
    return joins.take(ClientNetwork.of(address));
  }

  /** Counts a registration: anyone who wants to be a user may be about to join. */
  public Attempt newUser(Call call) {
    return on ? newUsers.take(network(call)) : Attempt.FREE;
  }

  /** Counts a password that is about to be tried. */
  public LoginLimits.Guess login(Call call, String email) {
    return on ? logins.guess(network(call), email) : new LoginLimits.Guess(Attempt.FREE, () -> {});
  }
}
