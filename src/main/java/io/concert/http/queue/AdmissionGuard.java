package io.concert.http.queue;

import io.concert.domain.RoomId;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.view.RoomViews;
import io.concert.user.Token;
import io.vertx.core.Future;

/** Keeps everyone whom the waiting room hasn't let in out of a concert's seats. */
public final class AdmissionGuard {
  private final RoomViews views;

  public AdmissionGuard(RoomViews views) {
    this.views = views;
  }

  /** Fails with NOT_ADMITTED unless the token is of this room, which has let the caller in. */
  public Future<Void> pass(Token.Queue token, RoomId room) {
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
        && refusal.problem().code() == ProblemCode.NOT_ADMITTED;
  }

  public static ProblemException notAdmitted(String detail) {
    return Problem.of(ProblemCode.NOT_ADMITTED, detail).exception();
  }
}
