package io.concert.http.queue;

import io.concert.customer.Bans;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.view.RoomViews;
import io.concert.user.Token;
import io.vertx.core.Future;

/** Keeps out of a concert's seats everyone who isn't let in, and those whom operators banned. */
public final class AdmissionGuard {
  private final RoomViews views;
  private final Bans bans;

  public AdmissionGuard(RoomViews views, Bans bans) {
    this.views = views;
    this.bans = bans;
  }

  /**
   * Throws BANNED for a user whom this node knows to be banned. It says sooner, and why, what the
   * database would say of seats and money.
   */
  public void requireNotBanned(UserId user) {
    if (bans.has(user)) {
      throw banned();
    }
  }

  /**
   * Fails with NOT_ADMITTED unless the token is of this room, which has let the caller in, and with
   * BANNED for a user whom this node knows to be banned.
   */
  public Future<Void> pass(Token.Queue token, RoomId room) {
    if (bans.has(token.user())) {
      return Future.failedFuture(banned());
    }
    if (!token.room().equals(room)) {
      return Future.failedFuture(
          notAdmitted("This concert is entered through the waiting room " + room + "."));
    }
    return views
        .checkAdmission(room, token.user(), token.place())
        .map(
            admission -> {
              if (admission.state() != AdmissionState.ACTIVE) {
                throw notAdmitted("Ask for your place; you may enter once its state is ACTIVE.");
              }
              return null;
            });
  }

  /** Whether this is what {@link #pass} fails with for somebody who isn't let in. */
  public static boolean refused(Throwable failure) {
    return failure instanceof ProblemException refusal
        && (refusal.problem().code() == ProblemCode.NOT_ADMITTED
            || refusal.problem().code() == ProblemCode.BANNED);
  }

  /** Why isn't said: it is for operators. */
  public static ProblemException banned() {
    return Problem.of(ProblemCode.BANNED, "You can still see your tickets and give them back.")
        .exception();
  }

  public static ProblemException notAdmitted(String detail) {
    return Problem.of(ProblemCode.NOT_ADMITTED, detail).exception();
  }
}
