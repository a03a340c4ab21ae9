package io.concert.http;

import io.concert.bus.Bus;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.queue.QueueMessages;
import io.concert.queue.QueueMessages.Enter;
import io.concert.queue.QueueMessages.EnterReply;
import io.concert.queue.QueueMessages.NoPlace;
import io.concert.queue.QueueMessages.Placement;
import io.concert.queue.QueueMessages.TooManyJoins;
import io.concert.queue.RoomViews;
import io.vertx.core.Future;

/** Gives places in waiting rooms to those who may have one. */
final class Entrance {
  private final Bus bus;
  private final RoomViews views;

  Entrance(Bus bus, RoomViews views) {
    this.bus = bus;
    this.views = views;
  }

  /**
   * The user's live place, or a new one. Who has a place keeps it with whatever balance: that is
   * asked for only by a room that wants one and of somebody who has none yet.
   *
   * @return fails with INSUFFICIENT_BALANCE or RATE_LIMITED, too
   */
  Future<Placement> enter(RoomId room, UserId user) {
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
        .map(Entrance::placement);
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

  private static Placement placement(EnterReply reply) {
    if (reply instanceof Placement placed) {
      return placed;
    }
    if (reply instanceof TooManyJoins tooMany) {
      throw Problem.rateLimited("Too many people join this waiting room.", tooMany.retryAfter())
          .exception();
    }
    throw new IllegalStateException("a place could be given and was not");
  }
}
