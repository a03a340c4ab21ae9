package io.concert.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be said of a campaign. Nothing is called valid when too little happened.
 *
 * @param missing why the verdict can't be {@code valid} although nothing was found
 */
record Judgement(
    List<Violation> violations, List<String> missing, Recoveries recoveries, Evidence evidence) {
  /** What each rule looks into: without these it would find nothing wrong in anything. */
  private static final List<String> TABLES =
      List.of("claim", "bill", "entry", "account", "room", "session", "schedule", "now");

  /**
   * @param leastPayments fewer say nothing
   */
  static Judgement of(Evidence evidence, int leastPayments) {
    List<Violation> violations = new ArrayList<>();
    violations.addAll(PlaceRules.check(evidence));
    violations.addAll(MoneyRules.check(evidence));
    violations.addAll(SeatRules.check(evidence));
    violations.addAll(KeyRules.check(evidence));
    violations.addAll(EventRules.check(evidence));
    violations.addAll(RoomRules.check(evidence));
    violations.addAll(MapRules.check(evidence));
    Recoveries recoveries = Recoveries.of(evidence);
    violations.addAll(recoveries.tooLong());
    return new Judgement(violations, missing(evidence, leastPayments), recoveries, evidence);
  }

  private static List<String> missing(Evidence evidence, int leastPayments) {
    List<String> missing = new ArrayList<>();
    long payments =
        evidence.operations().stream().filter(one -> one.is("pay") && one.hasStatus(201)).count();
    if (payments < leastPayments) {
      missing.add("%d payments, fewer than %d".formatted(payments, leastPayments));
    }
    if (evidence.operations().stream()
        .noneMatch(
            one -> one.is("hold") && "SEAT_TAKEN".equals(one.body().path("reason").asText()))) {
      missing.add("no seat was contended");
    }
    if (evidence.operations().stream().noneMatch(one -> Place.in(one).isPresent())) {
      missing.add("no place was read");
    }
    for (String table : TABLES) {
      if (evidence.rows(table).isEmpty()) {
        missing.add("the dump has no row of " + table);
      }
    }
    if (evidence.maps().isEmpty()) {
      missing.add("no seat map was compared");
    }
    for (Disturbance fault : evidence.disturbances()) {
      boolean hit =
          evidence.operations().stream()
              .anyMatch(one -> one.asked() <= fault.from() && one.end() >= fault.from());
      if (!hit) {
        missing.add("%s of %s hit nothing in flight".formatted(fault.kind(), fault.target()));
      }
    }
    return missing;
  }

  String verdict() {
    return !violations.isEmpty() ? "violations" : missing.isEmpty() ? "valid" : "unknown";
  }

  String report() {
    StringBuilder text = new StringBuilder();
    text.append("%-28s %8s %8s %8s %8s%n".formatted("answers", "2xx", "503", "unknown", "other"));
    answers()
        .forEach(
            (what, counts) ->
                text.append(
                    "%-28s %8d %8d %8d %8d%n"
                        .formatted(what, counts[0], counts[1], counts[2], counts[3])));
    text.append(
        "%n%-28s %8s %8s %8s%n".formatted("no purchase for, ms, after", "count", "p95", "most"));
    recoveries.byKind().forEach((kind, times) -> text.append(line(kind, times)));
    text.append(line("all", recoveries.all()));
    Map<String, Integer> rules = new LinkedHashMap<>();
    violations.forEach(one -> rules.merge(one.rule(), 1, Integer::sum));
    rules.forEach((rule, count) -> text.append("%nVIOLATED %s: %d times%n".formatted(rule, count)));
    violations.stream()
        .limit(MOST_SHOWN)
        .forEach(
            one ->
                text.append("  %s: %s %s%n".formatted(one.rule(), one.what(), one.operations())));
    missing.forEach(why -> text.append("too little: ").append(why).append('\n'));
    return text.append("%nverdict: %s%n".formatted(verdict())).toString();
  }

  private static final int MOST_SHOWN = 25;

  private static String line(String kind, List<Long> times) {
    return "%-28s %8d %8d %8d%n"
        .formatted(
            kind,
            times.size(),
            Recoveries.percentile(times, 0.95),
            Recoveries.percentile(times, 1));
  }

  private Map<String, int[]> answers() {
    Map<String, int[]> counts = new LinkedHashMap<>();
    for (Operation one : evidence.operations()) {
      int column = one.succeeded() ? 0 : one.hasStatus(503) ? 1 : one.unknown() ? 2 : 3;
      counts.computeIfAbsent(one.what(), what -> new int[4])[column]++;
    }
    return counts;
  }
}
