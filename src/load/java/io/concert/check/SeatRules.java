package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** I8 and I9: who had a seat when, by what people were told and when they asked. */
final class SeatRules {
  /** A claim whose node has died keeps others out for two seconds; the rest is the way. */
  private static final long FREED_WITHIN_MILLIS = 2_500;

  /** Clocks are read a moment after what they tell of. */
  private static final long GRAIN_MILLIS = 50;

  private final Evidence evidence;
  private final Seats seats;
  private final List<Violation> found = new ArrayList<>();

  private SeatRules(Evidence evidence) {
    this.evidence = evidence;
    this.seats = new Seats(evidence);
  }

  static List<Violation> check(Evidence evidence) {
    SeatRules rules = new SeatRules(evidence);
    for (String seat : rules.seats.bySeat().keySet()) {
      rules.heldByTwo(seat);
      rules.heldThoughSold(seat);
      rules.refusedForNothing(seat);
      rules.heldAndNotPayable(seat);
      rules.paidWithoutAHold(seat);
      rules.heldOrSoldOfWhatIsNotForSale(seat);
    }
    rules.paidTooLate();
    rules.moreThanTheLimit();
    rules.prolongedTwice();
    return rules.found;
  }

  private void found(String rule, String what, Operation... shownBy) {
    found.add(Violation.of(rule, what, shownBy));
  }

  private void heldByTwo(String seat) {
    List<Operation> holds =
        seats.holds(seat).stream()
            .sorted(Comparator.comparingLong(one -> one.time("reservedAt").orElse(0)))
            .toList();
    for (int i = 0; i < holds.size(); i++) {
      Operation first = holds.get(i);
      for (Operation other : holds.subList(i + 1, holds.size())) {
        if (!other.user().equals(first.user())
            && other.time("reservedAt").orElse(0) < seats.deadline(first)
            && !Seats.mayLieBetween(seats.endings(first.user(), seat), first, other)
            && seats.sales(seat).stream()
                .noneMatch(sale -> Seats.mayLieBetween(seats.refunds(sale), sale, other))) {
          found("I9 seat held twice", seat + " by two people at once", first, other);
        }
      }
    }
  }

  private void heldThoughSold(String seat) {
    for (Operation sale : seats.sales(seat)) {
      for (Operation hold : seats.holds(seat)) {
        if (hold.asked() > sale.end()
            && !hold.user().equals(sale.user())
            && !Seats.mayLieBetween(seats.refunds(sale), sale, hold)) {
          found("I9 sold seat held", seat + " was paid for before", sale, hold);
        }
      }
    }
  }

  /** Where nobody has the seat, nor is about to. */
  private void refusedForNothing(String seat) {
    for (Operation refused : seats.of(seat, "hold")) {
      if ("SEAT_TAKEN".equals(refused.body().path("reason").asText())
          && evidence.calm(refused.asked())
          && seats.bySeat().getOrDefault(seat, List.of()).stream()
              .noneMatch(one -> mayBlock(one, refused))) {
        found("I9 refused for nothing", "nobody had " + seat, refused);
      }
    }
  }

  private boolean mayBlock(Operation one, Operation refused) {
    if (one.asked() > refused.end() || one.equals(refused)) {
      return false;
    }
    String seat = String.valueOf(refused.seat());
    if (one.is("pay") && one.mayHaveHappened()) {
      return refused.asked() <= over(seats.refunds(one), one, Long.MAX_VALUE);
    }
    if (!one.is("hold") || one.user().equals(refused.user())) {
      return false;
    }
    if (one.isHeld()) {
      return refused.asked()
          <= over(seats.endings(one.user(), seat), one, one.end() + seats.lasts(one));
    }
    return one.unknown() || refused.asked() <= plus(one.end());
  }

  /** When something had ended for sure and everybody knew. */
  private static long over(List<Operation> endings, Operation begun, long byItself) {
    return plus(
        endings.stream()
            .filter(one -> one.succeeded() && one.asked() >= begun.end())
            .mapToLong(Operation::end)
            .reduce(byItself, Math::min));
  }

  private static long plus(long millis) {
    return millis > Long.MAX_VALUE - FREED_WITHIN_MILLIS
        ? Long.MAX_VALUE
        : millis + FREED_WITHIN_MILLIS;
  }

  /** A hold lasts as long as it was promised; it began when it was asked for, at the earliest. */
  private void heldAndNotPayable(String seat) {
    for (Operation pay : seats.of(seat, "pay")) {
      if (!pay.hasStatus(403)
          || !(pay.code().equals("HOLD_REQUIRED") || pay.code().equals("HOLD_EXPIRED"))) {
        continue;
      }
      for (Operation hold : seats.holds(seat)) {
        if (hold.user().equals(pay.user())
            && hold.end() <= pay.asked()
            && pay.end() + GRAIN_MILLIS < hold.asked() + seats.lasts(hold)
            && !Seats.mayLieBetween(seats.endings(pay.user(), seat), hold, pay)
            && seats.of(seat, "pay").stream()
                .noneMatch(one -> one.mayHaveHappened() && one.asked() <= pay.end())) {
          found("I9 hold lost", "hears " + pay.code() + " before its deadline", hold, pay);
        }
      }
    }
  }

  private void paidWithoutAHold(String seat) {
    for (Operation sale : seats.sales(seat)) {
      boolean held = false;
      for (Operation hold : seats.of(seat, "hold")) {
        held |=
            hold.user().equals(sale.user())
                && (hold.isHeld() || hold.unknown())
                && hold.asked() <= sale.end()
                && !wasOver(seats.endings(sale.user(), seat), hold, sale);
      }
      if (!held) {
        found("I8 paid without a hold", sale.user() + " had no hold of " + seat, sale);
      }
    }
  }

  private static boolean wasOver(List<Operation> endings, Operation hold, Operation sale) {
    return endings.stream()
        .anyMatch(one -> one.succeeded() && one.asked() >= hold.end() && one.end() <= sale.asked());
  }

  private void heldOrSoldOfWhatIsNotForSale(String seat) {
    List<Operation> given = new ArrayList<>(seats.holds(seat));
    given.addAll(seats.sales(seat));
    for (Operation one : given) {
      String date = one.date();
      seats.closings(date).stream()
          .filter(over -> over.end() < one.asked() && (over.is("cancel") || one.is("hold")))
          .forEach(
              over ->
                  found(
                      over.is("cancel") ? "cancelled date sold" : "closed date sold",
                      seat,
                      over,
                      one));
      for (Operation block : seats.of(seat, "block")) {
        if (block.succeeded()
            && block.end() < one.asked()
            && !Seats.mayLieBetween(seats.of(seat, "release-blocks"), block, one)) {
          found("blocked seat sold", seat, block, one);
        }
      }
      for (Operation ban : seats.bans()) {
        if (ban.succeeded() && one.user().equals(ban.content()) && ban.end() < one.asked()) {
          found("banned person buys", one.user() + " got " + seat, ban, one);
        }
      }
    }
  }

  /** By the database's time, which the bill and the answer to the hold both have. */
  private void paidTooLate() {
    Map<String, Operation> holds = new HashMap<>();
    for (String seat : seats.bySeat().keySet()) {
      seats.holds(seat).forEach(one -> holds.put(one.body().path("holdId").asText(), one));
    }
    for (JsonNode bill : evidence.rows("bill")) {
      Operation hold = holds.get(bill.path("hold").asText());
      if (hold != null && bill.path("createdMicros").asLong() / 1_000 > seats.deadline(hold)) {
        found(
            "I8 paid too late",
            "bill %s was written after its hold's deadline".formatted(bill.path("id").asText()),
            hold);
      }
      if (hold != null && !hold.user().equals(bill.path("user").asText())) {
        found("I8 paid without a hold", "the hold was another's: " + bill.path("id"), hold);
      }
    }
  }

  /** A person's holds that surely stood at once, and what they had bought. */
  private void moreThanTheLimit() {
    Map<String, Integer> limits = new HashMap<>();
    evidence
        .rows("schedule")
        .forEach(row -> limits.put(row.path("id").asText(), row.path("holdLimit").asInt(0)));
    Map<String, List<Operation>> had = new HashMap<>();
    for (String seat : seats.bySeat().keySet()) {
      for (Operation hold : seats.holds(seat)) {
        if (seats.endings(hold.user(), seat).stream().noneMatch(Operation::mayHaveHappened)) {
          had.computeIfAbsent(hold.user() + " " + hold.date(), one -> new ArrayList<>()).add(hold);
        }
      }
    }
    for (List<Operation> holds : had.values()) {
      Integer limit = limits.get(holds.get(0).date());
      for (Operation last : holds) {
        long at = last.time("reservedAt").orElse(0);
        List<Operation> standing =
            holds.stream()
                .filter(one -> one.time("reservedAt").orElse(0) <= at && at < seats.deadline(one))
                .toList();
        if (limit != null && standing.size() > limit) {
          found(
              "hold limit",
              "%s has %d of %d".formatted(last.user(), standing.size(), limit),
              standing.toArray(Operation[]::new));
          break;
        }
      }
    }
  }

  private void prolongedTwice() {
    Map<String, Operation> first = new HashMap<>();
    for (Operation one : evidence.operations()) {
      if (one.is("extend") && one.succeeded()) {
        Optional.ofNullable(first.putIfAbsent(one.body().path("holdId").asText(), one))
            .filter(before -> !before.time("holdDeadline").equals(one.time("holdDeadline")))
            .ifPresent(before -> found("hold prolonged twice", one.user(), before, one));
      }
    }
  }
}
