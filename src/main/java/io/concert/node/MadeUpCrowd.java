package io.concert.node;

import io.concert.bus.Bus;
import io.concert.catalog.Catalog;
import io.concert.catalog.Concert;
import io.concert.catalog.SaleState;
import io.concert.catalog.Schedule;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ScheduleId;
import io.concert.http.ops.DemoCrowd;
import io.concert.queue.view.RoomViews;
import io.concert.user.Users;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets made-up buyers come by the same messages that real ones send. They queue like everybody and
 * take nobody's place; what they buy stays bought.
 */
final class MadeUpCrowd implements DemoCrowd {
  /** A crowd comes in a rush that thins out. */
  private static final double ARRIVE_WITHIN_MILLIS = 30_000;

  private final Vertx vertx;
  private final MadeUpBuyer.Services services;
  private final Catalog catalog;
  private final InstantSource time;
  private final Random random = new Random();

  private volatile Counts counts = new Counts(0);

  /** One crowd's; those of the one before count on in theirs. */
  static final class Counts {
    final int coming;
    final AtomicInteger waiting = new AtomicInteger();
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger bought = new AtomicInteger();
    final AtomicInteger gone = new AtomicInteger();

    Counts(int coming) {
      this.coming = coming;
    }
  }

  MadeUpCrowd(
      Vertx vertx, Bus bus, RoomViews views, Users users, Catalog catalog, InstantSource time) {
    this.vertx = vertx;
    this.services = new MadeUpBuyer.Services(vertx, bus, views, users);
    this.catalog = catalog;
    this.time = time;
  }

  @Override
  public synchronized Future<Boolean> come(Concert concert, int people) {
    List<ScheduleId> dates =
        concert.schedules().stream()
            .filter(date -> date.seats() > 0 && date.state(time.instant()) == SaleState.ON_SALE)
            .map(Schedule::id)
            .toList();
    if (figures().underWay() || dates.isEmpty()) {
      return Future.succeededFuture(false);
    }
    Counts mine = new Counts(people);
    counts = mine;
    return plans(dates)
        .map(
            plans -> {
              for (int i = 0; i < people; i++) {
                ScheduleId date = dates.get(random.nextInt(dates.size()));
                MadeUpBuyer buyer =
                    new MadeUpBuyer(
                        services,
                        concert.room(),
                        date,
                        plans.getOrDefault(date, Layout.EMPTY),
                        mine,
                        new Random(random.nextLong()));
                double share = random.nextDouble();
                long millis = 1 + (long) (ARRIVE_WITHIN_MILLIS * share * share);
                vertx.setTimer(millis, timer -> buyer.arrive());
              }
              return true;
            })
        .onFailure(failure -> counts = new Counts(0));
  }

  private Future<Map<ScheduleId, Layout>> plans(List<ScheduleId> dates) {
    Map<ScheduleId, Layout> plans = new HashMap<>();
    Future<Void> read = Future.succeededFuture();
    for (ScheduleId date : dates) {
      read =
          read.compose(before -> catalog.layout(date))
              .map(
                  plan -> {
                    plans.put(date, plan);
                    return null;
                  });
    }
    return read.map(plans);
  }

  @Override
  public Figures figures() {
    Counts now = counts;
    return new Figures(
        now.coming, now.waiting.get(), now.inside.get(), now.bought.get(), now.gone.get());
  }
}
