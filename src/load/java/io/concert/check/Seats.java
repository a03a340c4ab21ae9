package io.concert.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was asked of each seat, and what may have ended what somebody had of it. */
final class Seats {
  private final Map<String, List<Operation>> bySeat = new LinkedHashMap<>();
  private final Map<String, List<Operation>> leaves = new LinkedHashMap<>();
  private final Map<String, Long> prolongedTo = new LinkedHashMap<>();
  private final Map<String, List<Operation>> refunds = new LinkedHashMap<>();
  private final Map<String, List<Operation>> ofDates = new LinkedHashMap<>();
  private final List<Operation> bans = new ArrayList<>();

  Seats(Evidence evidence) {
    for (Operation one : evidence.operations()) {
      if (one.seat() != null) {
        into(bySeat, one.seat(), one);
      }
      switch (one.what()) {
        case "leave" -> into(leaves, one.user(), one);
        case "refund" -> into(refunds, String.valueOf(one.bill()), one);
        case "cancel", "close" -> into(ofDates, one.date(), one);
        case "ban" -> bans.add(one);
        case "extend" ->
            one.time("holdDeadline")
                .ifPresent(
                    to -> prolongedTo.merge(one.body().path("holdId").asText(), to, Math::max));
        default -> {}
      }
    }
  }

  private static void into(Map<String, List<Operation>> map, String name, Operation one) {
    map.computeIfAbsent(name, key -> new ArrayList<>()).add(one);
  }

  Map<String, List<Operation>> bySeat() {
    return bySeat;
  }

  List<Operation> of(String seat, String what) {
    return bySeat.getOrDefault(seat, List.of()).stream().filter(one -> one.is(what)).toList();
  }

  /** The first answer of each hold that was given of a seat. */
  List<Operation> holds(String seat) {
    Map<String, Operation> first = new LinkedHashMap<>();
    for (Operation one : of(seat, "hold")) {
      if (one.isHeld()) {
        first.putIfAbsent(one.user() + one.body().path("holdId").asText(), one);
      }
    }
    return List.copyOf(first.values());
  }

  /** The first answer of each bill that was written of a seat. */
  List<Operation> sales(String seat) {
    Map<String, Operation> first = new LinkedHashMap<>();
    for (Operation one : of(seat, "pay")) {
      if (one.hasStatus(201)) {
        first.putIfAbsent(one.body().path("billId").asText(), one);
      }
    }
    return List.copyOf(first.values());
  }

  /** By the service's clock. */
  long deadline(Operation hold) {
    long first = hold.time("holdDeadline").orElse(Long.MIN_VALUE);
    return Math.max(
        first, prolongedTo.getOrDefault(hold.body().path("holdId").asText(), Long.MIN_VALUE));
  }

  /** How long a hold lasts, in milliseconds. */
  long lasts(Operation hold) {
    return deadline(hold) - hold.time("reservedAt").orElse(0);
  }

  /** What may have ended a person's holds of a seat before their deadline, whatever came of it. */
  List<Operation> endings(String user, String seat) {
    List<Operation> endings = new ArrayList<>(leaves.getOrDefault(user, List.of()));
    of(seat, "release").stream().filter(one -> one.user().equals(user)).forEach(endings::add);
    endings.addAll(of(seat, "end"));
    endings.addAll(endingsOfDate(seat));
    bans.stream().filter(one -> user.equals(one.content())).forEach(endings::add);
    return endings;
  }

  /** What may have taken back a sale. */
  List<Operation> refunds(Operation sale) {
    List<Operation> found =
        new ArrayList<>(refunds.getOrDefault(sale.body().path("billId").asText(), List.of()));
    found.addAll(endingsOfDate(String.valueOf(sale.seat())));
    return found;
  }

  private List<Operation> endingsOfDate(String seat) {
    return cancels(seat.contains("-") ? seat.substring(0, seat.lastIndexOf('-')) : "");
  }

  List<Operation> cancels(String date) {
    return ofDates.getOrDefault(date, List.of()).stream().filter(one -> one.is("cancel")).toList();
  }

  List<Operation> closings(String date) {
    return ofDates.getOrDefault(date, List.of()).stream().filter(Operation::succeeded).toList();
  }

  List<Operation> bans() {
    return bans;
  }

  /** Whether any of these may have had its effect after one and before another was over. */
  static boolean mayLieBetween(List<Operation> endings, Operation after, Operation before) {
    return endings.stream()
        .anyMatch(
            one ->
                one.mayHaveHappened() && one.end() >= after.asked() && one.asked() <= before.end());
  }
}
