package io.concert.node;

import io.concert.bus.Bus;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ClientNetwork;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.node.MadeUpCrowd.Counts;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.payment.PaymentMessages.PricedSeat;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Enter;
import io.concert.queue.api.QueueMessages.HasSession;
import io.concert.queue.api.QueueMessages.Leave;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.view.RoomViews;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.EndSession;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.HoldBest;
import io.concert.user.Registration;
import io.concert.user.Users;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One made-up buyer's evening: arrive, wait, choose, pay or think better of it. */
final class MadeUpBuyer {
  private static final Won CEILING = new Won(1_000_000_000);

  /** How long anyone takes part at most: a crowd ends. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final int CHOOSE_TRIES = 4;
  private static final int LEAST_CHOOSING_MILLIS = 500;
  private static final int MORE_CHOOSING_MILLIS = 3_000;
  private static final double PAYS = 0.88;

  /** Alone, two, three, four: how many go to a concert together. */
  private static final int[] PARTIES = {1, 2, 2, 2, 2, 3, 4};

  private final Services services;
  private final RoomId room;
  private final ScheduleId schedule;
  private final Layout plan;
  private final Counts counts;
  private final Random random;
  private final long bornNanos = System.nanoTime();

  private UserId user = new UserId(0);
  private Optional<Placement> place = Optional.empty();
  private boolean isWaiting;
  private boolean isInside;

  record Services(Vertx vertx, Bus bus, RoomViews views, Users users) {}

  MadeUpBuyer(
      Services services,
      RoomId room,
      ScheduleId schedule,
      Layout plan,
      Counts counts,
      Random random) {
    this.services = services;
    this.room = room;
    this.schedule = schedule;
    this.plan = plan;
    this.counts = counts;
    this.random = random;
  }

  /** Runs on from here by itself, on the calling event loop. */
  void arrive() {
    services
        .users()
        .create(Registration.GUEST, ClientNetwork.HERE)
        .compose(
            made -> {
              user = ((Users.Created) made).user().number();
              return services.bus().request(QueueMessages.ENTER, new Enter(room, user, true));
            })
        .onSuccess(
            reply -> {
              if (reply instanceof Placement placed) {
                isWaiting = true;
                counts.waiting.incrementAndGet();
                stand(placed);
              } else {
                goHome(false);
              }
            })
        .onFailure(failure -> goHome(false));
  }

  private void stand(Placement placed) {
    place = Optional.of(placed);
    if (placed.state() == PlaceState.ACTIVE) {
      isWaiting = false;
      isInside = true;
      counts.waiting.decrementAndGet();
      counts.inside.incrementAndGet();
      after(choosingMillis(), () -> choose(CHOOSE_TRIES));
    } else if (placed.state() == PlaceState.ENDED || hadEnough()) {
      leave();
    } else {
      after(Math.max(200, placed.pollAfter().toMillis()), () -> poll(placed));
    }
  }

  private void poll(Placement placed) {
    services
        .views()
        .poll(new Poll(room, user, placed.place(), placed.arrivalMillis()))
        .onSuccess(this::stand)
        // Whatever it was passes; the place is kept meanwhile.
        .onFailure(failure -> stand(placed));
  }

  private void choose(int tries) {
    int party = tries == 1 ? 1 : PARTIES[random.nextInt(PARTIES.length)];
    services
        .bus()
        .request(
            ReservationMessages.HOLD_BEST,
            new HoldBest(room, user, schedule, party, anySection(), Optional.empty()))
        .onSuccess(
            reply -> {
              if (reply instanceof Held held) {
                after(choosingMillis(), () -> decide(held.holds()));
              } else {
                chooseAgain(tries);
              }
            })
        .onFailure(failure -> chooseAgain(tries));
  }

  private void chooseAgain(int tries) {
    if (tries <= 1 || hadEnough()) {
      leave();
    } else {
      after(choosingMillis(), () -> choose(tries - 1));
    }
  }

  /** The stand of some seat, so that larger ones are chosen more often; now and then anywhere. */
  private Optional<String> anySection() {
    return plan.seats() == 0 || random.nextInt(5) == 0
        ? Optional.empty()
        : Optional.of(plan.section(random.nextInt(plan.seats())).name());
  }

  private void decide(List<HeldSeat> holds) {
    if (random.nextDouble() > PAYS) {
      leave();
      return;
    }
    Won total = new Won(holds.stream().mapToLong(hold -> hold.price().amount()).sum());
    services
        .bus()
        .request(PaymentMessages.CHARGE, new Charge(user, total, CEILING))
        .compose(
            charged ->
                services
                    .bus()
                    .request(
                        PaymentMessages.PAY,
                        new Pay(
                            room,
                            user,
                            schedule,
                            holds.stream()
                                .map(hold -> new PricedSeat(hold.seat(), hold.price()))
                                .toList(),
                            Optional.empty())))
        .onSuccess(
            reply -> {
              if (reply instanceof Paid) {
                goHome(true);
              } else {
                leave();
              }
            })
        .onFailure(failure -> leave());
  }

  /** Gives up place, session and holds. What can't be told now ends by its deadlines. */
  private void leave() {
    place.ifPresentOrElse(
        placed ->
            services
                .bus()
                .request(QueueMessages.LEAVE, new Leave(room, user, placed.place()))
                .compose(
                    reply ->
                        reply instanceof HasSession admitted
                            ? services
                                .bus()
                                .request(
                                    ReservationMessages.END_SESSION,
                                    new EndSession(room, user, admitted.session()))
                                .<Void>mapEmpty()
                            : Future.<Void>succeededFuture())
                .onComplete(left -> goHome(false)),
        () -> goHome(false));
  }

  private void goHome(boolean withTickets) {
    if (isWaiting) {
      counts.waiting.decrementAndGet();
    }
    if (isInside) {
      counts.inside.decrementAndGet();
    }
    (withTickets ? counts.bought : counts.gone).incrementAndGet();
  }

  private boolean hadEnough() {
    return System.nanoTime() - bornNanos > PATIENCE.toNanos();
  }

  private long choosingMillis() {
    return (long) LEAST_CHOOSING_MILLIS + random.nextInt(MORE_CHOOSING_MILLIS);
  }

  private void after(long millis, Runnable next) {
    services.vertx().setTimer(millis, timer -> next.run());
  }
}
