package io.concert.user;

import io.concert.domain.ClientNetwork;
import io.concert.domain.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Hashes and checks passwords with Argon2id, away from the event loops and few at a time: each
 * takes 19 MiB and tens of milliseconds, which is the point of it and the reason for bounds. Who
 * asks comes to turns by the network asked from, so that one that asks for a thousand makes nobody
 * else wait for more than one of them.
 */
public final class Passwords {
  /** Half of the processors at most: a sale must go on while people log in. */
  private static final int THREADS =
      Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));

  /** In all, a few seconds' worth; beyond that, come again. */
  private static final int MOST_WAITING = 128;

  private static final int MOST_WAITING_OF_ONE = 16;

  /**
   * On a starved machine: anyone who has waited so long is told to come again, well before 10 s.
   */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

  private final WorkerExecutor workers;
  private final int threads;
  private final FairQueue<ClientNetwork, Work<?>> waiting;
  private final SecureRandom random = new SecureRandom();
  private int running;

  /** Compared against when there is no user, so that this takes the same time. */
  private final Argon2Hash nobody;

  private record Work<T>(Callable<T> work, Promise<T> done, long askedNanos) {
    void refuse() {
      done.fail(new Fault(Fault.Kind.OVERLOADED, "too many passwords wait to be hashed"));
    }

    boolean isLate() {
      return System.nanoTime() - askedNanos > LONGEST_WAIT.toNanos();
    }
  }

  public Passwords(Vertx vertx) {
    this(vertx, THREADS, MOST_WAITING);
  }

  Passwords(Vertx vertx, int threads, int mostWaiting) {
    this.workers = vertx.createSharedWorkerExecutor("passwords", Math.max(1, threads));
    this.threads = threads;
    this.waiting = new FairQueue<>(mostWaiting, MOST_WAITING_OF_ONE);
    this.nobody = Argon2Hash.of("nobody's password", random);
  }

  /**
   * @param asker whose turn it takes
   * @return a PHC string; fails with {@link Fault} OVERLOADED
   */
  public Future<String> hash(ClientNetwork asker, String password) {
    return inTurn(asker, () -> Argon2Hash.of(password, random).toString());
  }

  /**
   * @param asker whose turn it takes
   * @param phc what {@link #hash} made; empty is never matched, in the same time
   */
  public Future<Boolean> matches(ClientNetwork asker, String password, Optional<String> phc) {
    return inTurn(
        asker,
        () -> {
          Argon2Hash kept = phc.map(Argon2Hash::parse).orElse(nobody);
          return MessageDigest.isEqual(kept.digest(), kept.digestOf(password)) && phc.isPresent();
        });
  }

  private <T> Future<T> inTurn(ClientNetwork asker, Callable<T> task) {
    Work<T> work = new Work<>(task, Promise.promise(), System.nanoTime());
    Optional<Work<?>> gaveWay;
    synchronized (waiting) {
      gaveWay = waiting.add(asker, work);
    }
    gaveWay.ifPresent(Work::refuse);
    begin();
    return work.done().future().recover(failure -> Future.failedFuture(Fault.of(failure)));
  }

  /** Begins as many as may run. */
  private void begin() {
    for (Optional<Work<?>> next = next(); next.isPresent(); next = next()) {
      run(next.get());
    }
  }

  private Optional<Work<?>> next() {
    synchronized (waiting) {
      Optional<Work<?>> next = running < threads ? waiting.next() : Optional.empty();
      running += next.isPresent() ? 1 : 0;
      return next;
    }
  }

  private <T> void run(Work<T> work) {
    if (work.isLate()) {
      work.refuse();
      ended();
      return;
    }
    workers
        .executeBlocking(work.work(), false)
        .onComplete(
            done -> {
              ended();
              begin();
            })
        .onComplete(work.done());
  }

  private void ended() {
    synchronized (waiting) {
      running--;
    }
  }
}
