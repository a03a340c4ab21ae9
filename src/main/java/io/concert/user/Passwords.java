package io.concert.user;

import io.concert.domain.Fault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hashes and checks passwords with Argon2id, away from the event loops and few at a time: each
 * takes 19 MiB and tens of milliseconds, which is the point of it and the reason for a bound.
 */
public final class Passwords {
  /** At once; a sale must go on while people log in. */
  private static final int THREADS = 2;

  /** Running and waiting together: about two seconds' worth. Beyond that, come again. */
  private static final int MOST_ACCEPTED = 64;

  private final WorkerExecutor workers;
  private final int mostAccepted;
  private final AtomicInteger accepted = new AtomicInteger();
  private final SecureRandom random = new SecureRandom();

  /** Compared against when there is no user, so that this takes the same time. */
  private final Argon2Hash nobody;

  public Passwords(Vertx vertx) {
    this(vertx, MOST_ACCEPTED);
  }

  Passwords(Vertx vertx, int mostAccepted) {
    this.workers = vertx.createSharedWorkerExecutor("passwords", THREADS);
    this.mostAccepted = mostAccepted;
    this.nobody = Argon2Hash.of("nobody's password", random);
  }

  /**
   * @return a PHC string; fails with {@link Fault} OVERLOADED
   */
  public Future<String> hash(String password) {
    return bounded(() -> Argon2Hash.of(password, random).toString());
  }

  /**
   * @param phc what {@link #hash} made; empty is never matched, in the same time
   */
  public Future<Boolean> matches(String password, Optional<String> phc) {
    return bounded(
        () -> {
          Argon2Hash kept = phc.map(Argon2Hash::parse).orElse(nobody);
          return MessageDigest.isEqual(kept.digest(), kept.digestOf(password)) && phc.isPresent();
        });
  }

  private <T> Future<T> bounded(Callable<T> work) {
    if (accepted.incrementAndGet() > mostAccepted) {
      accepted.decrementAndGet();
      return Future.failedFuture(
          new Fault(Fault.Kind.OVERLOADED, "too many passwords wait to be hashed"));
    }
    return workers
        .executeBlocking(work, false)
        .onComplete(done -> accepted.decrementAndGet())
        .recover(failure -> Future.failedFuture(Fault.of(failure)));
  }
}
