package io.concert.http.access;

import io.concert.http.web.Problem;
import io.concert.http.web.ProblemException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Something that was counted before it was known whether it had to be: many who try at once can't
 * all find the last one that is allowed.
 *
 * @param retryAfter when one more is allowed; zero: this one is
 * @param giveBack undoes the counting; to be run once at most
 * @param onRefusal counts that somebody was refused for it
 */
public record Attempt(Duration retryAfter, Runnable giveBack, Runnable onRefusal) {
  /** Where nothing is limited. */
  public static final Attempt FREE = allowed(() -> {});

  static Attempt allowed(Runnable giveBack) {
    return new Attempt(Duration.ZERO, giveBack, () -> {});
  }

  static Attempt refused(Duration retryAfter, Runnable onRefusal) {
    return new Attempt(retryAfter, () -> {}, onRefusal);
  }

  /** This and another: both count, or neither does. */
  public Attempt and(Supplier<Attempt> other) {
    if (!isAllowed()) {
      return this;
    }
    Attempt next = other.get();
    if (!next.isAllowed()) {
      undo();
      return next;
    }
    return allowed(
        () -> {
          undo();
          next.undo();
        });
  }

  public boolean isAllowed() {
    return retryAfter.isZero();
  }

  /** It is as if nobody had tried. */
  public void undo() {
    giveBack.run();
  }

  /**
   * @throws ProblemException RATE_LIMITED
   */
  public void require(String detail) {
    if (!isAllowed()) {
      throw refusal(detail);
    }
  }

  /** For a request that is refused for this, and isn't answered in another way all the same. */
  public ProblemException refusal(String detail) {
    onRefusal.run();
    return Problem.rateLimited(detail, retryAfter).exception();
  }
}
