package io.concert.http.ops;

import io.concert.catalog.Schedule;
import io.concert.http.web.Times;
import io.concert.ops.report.SaleReport;
import io.concert.ops.report.SaleReport.Counters;
import io.concert.ops.report.SaleReport.Money;
import io.concert.ops.report.SaleReport.People;
import io.concert.ops.report.SaleReport.Point;
import io.concert.ops.report.SaleReport.Spread;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A sale's report as it is told. */
final class ReportBody {
  /** What a point has, by the names that it was counted under: what there was at a step's end. */
  private static final Map<String, String> LEVELS =
      ordered(
          "free", "free",
          "held", "held",
          "sold", "sold",
          "notForSale", "not_for_sale",
          "waiting", "waiting",
          "active", "active",
          "capacity", "capacity");

  /** And what happened in it. */
  private static final Map<String, String> COUNTS =
      ordered(
          "joined", "joined",
          "admitted", "admitted",
          "seatsHeld", "seats.held",
          "seatsExpired", "seats.expired",
          "seatsGivenBack", "seats.given_back",
          "paid", "paid",
          "refunded", "refunded");

  private ReportBody() {}

  private static Map<String, String> ordered(String... namesAndKeys) {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (int i = 0; i < namesAndKeys.length; i += 2) {
      ordered.put(namesAndKeys[i], namesAndKeys[i + 1]);
    }
    return ordered;
  }

  static List<String> columns() {
    List<String> columns = new ArrayList<>();
    columns.add("at");
    columns.addAll(LEVELS.keySet());
    columns.addAll(COUNTS.keySet());
    return columns;
  }

  /** What isn't known is empty. */
  static List<String> cells(Point point) {
    List<String> cells = new ArrayList<>();
    cells.add(Times.text(point.at()));
    for (String level : LEVELS.values()) {
      Long value = point.levels().get(level);
      cells.add(value == null ? "" : Long.toString(value));
    }
    for (String count : COUNTS.values()) {
      cells.add(Long.toString(point.counts().getOrDefault(count, 0L)));
    }
    return cells;
  }

  /**
   * @param others dates that share the room
   */
  static JsonObject json(Schedule schedule, List<String> others, SaleReport report, Instant now) {
    JsonArray series = new JsonArray();
    report.points().forEach(point -> series.add(json(point)));
    return new JsonObject()
        .put("scheduleId", schedule.id().toString())
        .put("startsAt", Times.text(schedule.startsAt()))
        .put("room", report.room())
        .put("sharesRoomWith", new JsonArray(others))
        .put("from", Times.text(report.from()))
        .put("to", Times.text(report.to()))
        .put("opensAt", report.opensAt().map(Times::text).orElse(null))
        .put("stepSeconds", report.step().toSeconds())
        .put("people", json(report.people()))
        .put("waitSeconds", json(report.waits()))
        .put("insideSeconds", json(report.inside()))
        .put("holds", holds(report.counters()))
        .put("payments", payments(report.counters(), report.money()))
        .put("estimates", estimates(report.counters().estimates()))
        .put("series", series)
        .put("serverTime", Times.text(now));
  }

  private static JsonObject json(People people) {
    return new JsonObject()
        .put("joined", people.joined())
        .put("admitted", people.admitted())
        .put("abandoned", people.abandoned())
        .put("waitingAtEnd", people.waitingAtEnd())
        .put("bought", people.bought())
        .put("boughtOther", people.boughtOther())
        .put("idle", people.idle())
        .put("leftWithout", people.leftWithout())
        .put("stillInside", people.stillInside())
        .put("conversion", share(people.bought(), people.admitted()));
  }

  private static JsonObject json(Spread spread) {
    return new JsonObject()
        .put("count", spread.count())
        .put("p50", seconds(spread.p50Millis()))
        .put("p95", seconds(spread.p95Millis()))
        .put("p99", seconds(spread.p99Millis()))
        .put("mean", seconds(spread.meanMillis()));
  }

  private static JsonObject holds(Counters counters) {
    return new JsonObject()
        .put("requests", json(counters.holds()))
        .put("seatsHeld", counters.seatsHeld())
        .put("seatsExpired", counters.seatsExpired())
        .put("seatsGivenBack", counters.seatsGivenBack());
  }

  private static JsonObject payments(Counters counters, Money money) {
    return new JsonObject()
        .put("requests", json(counters.payments()))
        .put("bills", money.bills())
        .put("buyers", money.buyers())
        .put("seatsPerBuyer", new JsonArray(money.byCount()))
        .put("won", money.taken().amount())
        .put("refundedBills", money.refunded())
        .put("refundedWon", money.givenBack().amount())
        .put(
            "secondsFromHold",
            new JsonObject()
                .put("p50", seconds(money.fromHoldP50Millis()))
                .put("p90", seconds(money.fromHoldP90Millis())));
  }

  private static JsonObject estimates(Map<String, Long> outcomes) {
    long inside = outcomes.getOrDefault("inside", 0L);
    long sooner = outcomes.getOrDefault("sooner", 0L);
    long later = outcomes.getOrDefault("later", 0L);
    return new JsonObject()
        .put("inside", inside)
        .put("sooner", sooner)
        .put("later", later)
        .put("honest", share(inside, inside + sooner + later));
  }

  private static JsonObject json(Map<String, Long> counts) {
    return new JsonObject(new TreeMap<>(counts));
  }

  private static JsonObject json(Point point) {
    JsonObject json = new JsonObject().put("at", Times.text(point.at()));
    LEVELS.forEach((name, key) -> json.put(name, point.levels().get(key)));
    COUNTS.forEach((name, key) -> json.put(name, point.counts().getOrDefault(key, 0L)));
    return json;
  }

  private static @Nullable Double share(long part, long whole) {
    return whole == 0 ? null : Math.round(1_000.0 * part / whole) / 1_000.0;
  }

  private static @Nullable Double seconds(OptionalLong millis) {
    return millis.isPresent() ? millis.getAsLong() / 1_000.0 : null;
  }
}
