package io.concert.http.ops;

import io.concert.catalog.Catalog;
import io.concert.catalog.Concert;
import io.concert.catalog.SaleState;
import io.concert.catalog.Schedule;
import io.concert.domain.RoomId;
import io.concert.http.queue.RoomRoutes;
import io.concert.http.seats.SeatLooks;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Times;
import io.concert.ops.SalesFigures;
import io.concert.ops.SalesFigures.Figures;
import io.concert.ops.SalesFigures.Sales;
import io.concert.queue.view.RoomViews;
import io.concert.queue.view.RoomViews.RoomStatus;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.api.SeatStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The whole on-sale at a glance: who waits, who is in, what is sold. For operators. */
public final class OverviewRoutes {
  /**
   * Counting a stadium's seats costs a tenth of a millisecond, so it is never the operator's look
   * that costs.
   */
  private static final Duration SEATS_AGE = Duration.ofMillis(900);

  private final Catalog catalog;
  private final RoomViews views;
  private final SeatLooks looks;
  private final SalesFigures figures;
  private final InstantSource time;

  public OverviewRoutes(
      Catalog catalog, RoomViews views, SeatLooks looks, SalesFigures figures, InstantSource time) {
    this.catalog = catalog;
    this.views = views;
    this.looks = looks;
    this.figures = figures;
    this.time = time;
  }

  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/admin/overview", Access.VIEWER, this::overview));
  }

  private Future<Answer> overview(Call call) {
    return catalog
        .concerts()
        .compose(
            concerts ->
                figures
                    .read()
                    .compose(
                        sold ->
                            rooms(concerts, sold)
                                .compose(
                                    rooms -> schedules(concerts, sold).map(s -> body(rooms, s)))));
  }

  private Answer body(JsonArray rooms, JsonArray schedules) {
    return Answer.ok(
        new JsonObject()
            .put("rooms", rooms)
            .put("schedules", schedules)
            .put("serverTime", Times.text(time.instant())));
  }

  /** Those that open a concert. */
  private Future<JsonArray> rooms(List<Concert> concerts, Figures sold) {
    List<RoomId> ids =
        concerts.stream()
            .map(Concert::room)
            .distinct()
            .sorted(java.util.Comparator.comparing(RoomId::name))
            .toList();
    List<Future<Optional<RoomStatus>>> asked = ids.stream().map(views::status).toList();
    return Future.all(asked)
        .map(
            all -> {
              JsonArray rooms = new JsonArray();
              for (int i = 0; i < ids.size(); i++) {
                RoomId id = ids.get(i);
                asked.get(i).result().ifPresent(status -> rooms.add(room(id, status, sold)));
              }
              return rooms;
            });
  }

  private static JsonObject room(RoomId id, RoomStatus status, Figures sold) {
    return new JsonObject()
        .put("id", id.name())
        .put("state", RoomRoutes.state(status))
        .put("waiting", status.waiting())
        .put("active", status.active())
        .put("capacity", status.settings().capacity())
        .put("admittedLastMinute", sold.admissions().getOrDefault(id.name(), 0L));
  }

  private Future<JsonArray> schedules(List<Concert> concerts, Figures sold) {
    JsonArray all = new JsonArray();
    Future<Void> done = Future.succeededFuture();
    Instant now = time.instant();
    for (Concert concert : concerts) {
      for (Schedule schedule : concert.schedules()) {
        done =
            done.compose(before -> counts(schedule))
                .map(
                    counts -> {
                      all.add(body(concert, schedule, counts, sold, now));
                      return null;
                    });
      }
    }
    return done.map(all);
  }

  /** Empty where seats can't be counted: none yet, or their map can't be had. */
  private Future<Optional<Map<SeatStatus, Integer>>> counts(Schedule schedule) {
    if (schedule.seats() == 0) {
      return Future.succeededFuture(Optional.empty());
    }
    return looks
        .look(schedule.id(), SEATS_AGE)
        .map(OverviewRoutes::count)
        .map(Optional::of)
        .otherwise(Optional.empty());
  }

  private static Map<SeatStatus, Integer> count(SeatStates states) {
    Map<SeatStatus, Integer> counts = new EnumMap<>(SeatStatus.class);
    for (int seat = 0; seat < states.seats(); seat++) {
      counts.merge(states.status(seat), 1, Integer::sum);
    }
    return counts;
  }

  private static JsonObject body(
      Concert concert,
      Schedule schedule,
      Optional<Map<SeatStatus, Integer>> counts,
      Figures sold,
      Instant now) {
    Sales sales = sold.sales().getOrDefault(schedule.id().number(), Sales.NONE);
    SaleState state = schedule.state(now);
    return new JsonObject()
        .put("concertId", concert.id().toString())
        .put("scheduleId", schedule.id().toString())
        .put("title", concert.title())
        .put("room", concert.room().name())
        .put("startsAt", Times.text(schedule.startsAt()))
        .put("timeZone", concert.timeZone().getId())
        .put("state", state.name())
        .put("seats", schedule.seats())
        .put("free", counted(counts, SeatStatus.FREE))
        .put("held", counted(counts, SeatStatus.HELD))
        .put("sold", counted(counts, SeatStatus.SOLD))
        .put("notForSale", counted(counts, SeatStatus.NOT_FOR_SALE))
        .put("bills", sales.bills())
        .put("billsLastMinute", sales.lately())
        .put("sales", sales.won());
  }

  private static @org.jspecify.annotations.Nullable Integer counted(
      Optional<Map<SeatStatus, Integer>> counts, SeatStatus status) {
    return counts.map(known -> known.getOrDefault(status, 0)).orElse(null);
  }
}
