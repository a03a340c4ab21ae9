package io.concert.http.catalog;

import io.concert.catalog.Catalog;
import io.concert.catalog.Concert;
import io.concert.catalog.SaleState;
import io.concert.catalog.Schedule;
import io.concert.domain.ConcertId;
import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import io.concert.http.seats.SeatLooks;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.PageRequest;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.http.web.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is on sale, for everyone to see. */
public final class CatalogRoutes {
  /** With what an answer itself may be old, the two seconds that {@code free} may be. */
  private static final Duration COUNTS_AGE = Duration.ofMillis(1_800);

  private final Catalog catalog;
  private final SeatLooks looks;
  private final InstantSource time;

  public CatalogRoutes(Catalog catalog, SeatLooks looks, InstantSource time) {
    this.catalog = catalog;
    this.looks = looks;
    this.time = time;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/concerts", Access.PUBLIC, this::concerts),
        Endpoint.get("/api/v1/concerts/{id}", Access.PUBLIC, this::concert));
  }

  private Future<Answer> concerts(Call call) {
    PageRequest page = PageRequest.of(call);
    long after = page.cursor(ConcertId::parse).map(ConcertId::number).orElse(0L);
    return catalog
        .concerts()
        .compose(
            all -> {
              List<Concert> found =
                  all.stream()
                      .filter(concert -> concert.id().number() > after)
                      .limit(page.limit() + 1L)
                      .toList();
              return free(found.subList(0, Math.min(page.limit(), found.size())))
                  .map(
                      free ->
                          page.answer(
                              found,
                              concert -> body(concert, free),
                              concert -> concert.id().toString()));
            })
        .map(Answer::ok);
  }

  private Future<Answer> concert(Call call) {
    ConcertId id = ConcertId.parse(call.path("id")).orElseThrow(CatalogRoutes::notFound);
    return catalog
        .concert(id)
        .map(found -> found.orElseThrow(CatalogRoutes::notFound))
        .compose(concert -> free(List.of(concert)).map(free -> Answer.ok(body(concert, free))));
  }

  private static ProblemException notFound() {
    return Problem.of(ProblemCode.NOT_FOUND, "No such concert.").exception();
  }

  /** Counts of the dates that can be counted now; what is on sale is told without them, too. */
  private Future<Map<ScheduleId, Integer>> free(List<Concert> concerts) {
    Map<ScheduleId, Future<Integer>> counts = new HashMap<>();
    for (Concert concert : concerts) {
      for (Schedule schedule : concert.schedules()) {
        if (schedule.seats() > 0 && schedule.state(time.instant()) != SaleState.CANCELLED) {
          counts.put(schedule.id(), looks.free(schedule.id(), COUNTS_AGE));
        }
      }
    }
    return Future.join(List.copyOf(counts.values()))
        .transform(
            counted -> {
              Map<ScheduleId, Integer> free = new HashMap<>();
              counts.forEach(
                  (id, count) -> {
                    if (count.succeeded()) {
                      free.put(id, count.result());
                    }
                  });
              return Future.succeededFuture(free);
            });
  }

  private JsonObject body(Concert concert, Map<ScheduleId, Integer> free) {
    Instant now = time.instant();
    JsonArray schedules = new JsonArray();
    for (Schedule schedule : concert.schedules()) {
      schedules.add(
          new JsonObject()
              .put("id", schedule.id().toString())
              .put("startsAt", Times.text(schedule.startsAt()))
              .put("opensAt", schedule.opensAt().map(Times::text).orElse(null))
              .put("closesAt", schedule.closesAt().map(Times::text).orElse(null))
              .put("refundUntil", schedule.refundUntil().map(Times::text).orElse(null))
              .put("state", schedule.state(now).name())
              .put("seats", schedule.seats())
              .put("layoutVersion", schedule.layoutVersion().orElse(null))
              .put("free", freeOf(schedule, free, now))
              .put("priceFrom", schedule.priceFrom().map(Won::amount).orElse(null)));
    }
    return new JsonObject()
        .put("id", concert.id().toString())
        .put("title", concert.title())
        .put("venue", concert.venue())
        .put("room", concert.room().name())
        .put("currency", "KRW")
        .put("timeZone", concert.timeZone().getId())
        .put("holdLimit", concert.holdLimit())
        .put("schedules", schedules)
        .put("serverTime", Times.text(now));
  }

  private static @org.jspecify.annotations.Nullable Integer freeOf(
      Schedule schedule, Map<ScheduleId, Integer> free, Instant now) {
    boolean nothingToSell = schedule.seats() == 0 || schedule.state(now) == SaleState.CANCELLED;
    return nothingToSell ? Integer.valueOf(0) : free.get(schedule.id());
  }
}
