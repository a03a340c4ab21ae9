package io.concert.http.queue;

import io.concert.bus.Bus;
import io.concert.domain.Fault;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.http.access.Attempt;
import io.concert.http.access.RefusalCounts;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Enter;
import io.concert.queue.api.QueueMessages.EnterReply;
import io.concert.queue.api.QueueMessages.NoPlace;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.TooManyJoins;
import io.concert.queue.view.RoomViews;
import io.vertx.core.Future;

/** Gives places in waiting rooms to those who may have one. */
public final class JoinService {
  private final Bus bus;
  private final RoomViews views;
  private final RefusalCounts refusals;

  public JoinService(Bus bus, RoomViews views, RefusalCounts refusals) {
    this.bus = bus;
    this.views = views;
    this.refusals = refusals;
  }

  /**
   * The user's live place, or a new one. Who has a place keeps it with whatever balance: that is
   * asked for only by a room that wants one and of somebody who has none yet. Nor is it a join.
   *
   * @param join counts if a place was made or may have been
   * @return fails with INSUFFICIENT_BALANCE or RATE_LIMITED, too
   */
  Future<Placement> enter(RoomId room, UserId user, Attempt join) {
    if (!join.isAllowed()) {
      return ask(room, user, false)
          .map(
              reply -> {
                if (reply instanceof NoPlace) {
                  throw join.refusal("Too many people join from your address.");
                }
                return placement(reply);
              });
    }
    return enter(room, user)
        .onSuccess(
            placed -> {
              if (!placed.created()) {
                join.undo();
              }
            })
        .onFailure(
            failure -> {
              if (failure instanceof ProblemException
                  || Fault.of(failure).kind() != Fault.Kind.OUTCOME_UNKNOWN) {
                join.undo();
              }
            });
  }

  private Future<Placement> enter(RoomId room, UserId user) {
    return views
        .status(room)
        .map(status -> status.orElseThrow().settings().minimumBalance())
        .compose(
            minimum ->
                minimum.amount() == 0
                    ? ask(room, user, true)
                    : ask(room, user, false)
                        .compose(
                            reply ->
                                reply instanceof NoPlace
                                    ? requireBalance(user, minimum)
                                        .compose(enough -> ask(room, user, true))
                                    : Future.succeededFuture(reply)))
        .map(this::placement);
  }

  private Future<EnterReply> ask(RoomId room, UserId user, boolean mayCreate) {
    return bus.request(QueueMessages.ENTER, new Enter(room, user, mayCreate));
  }

  private Future<Void> requireBalance(UserId user, Won minimum) {
    return bus.request(PaymentMessages.ASK_BALANCE, new AskBalance(user))
        .map(
            balance -> {
              if (balance.amount().amount() < minimum.amount()) {
                throw Problem.of(
                        ProblemCode.INSUFFICIENT_BALANCE, "Charge the balance before you enter.")
                    .with("required", minimum.amount())
                    .with("available", balance.amount().amount())
                    .exception();
              }
              return null;
            });
  }

  private Placement placement(EnterReply reply) {
    if (reply instanceof Placement placed) {
      return placed;
    }
    if (reply instanceof TooManyJoins tooMany) {
      refusals.refused(RefusalCounts.Limit.JOINS_OF_ROOM);
      throw Problem.rateLimited("Too many people join this waiting room.", tooMany.retryAfter())
          .exception();
    }
    throw new IllegalStateException("a place could be given and was not");
  }
}
