package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** I1 to I6, as far as clients and the dump show them. */
final class MoneyRules {
  private MoneyRules() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    found.addAll(soldOnce(evidence));
    found.addAll(whatWasAnsweredIsThere(evidence));
    found.addAll(whatIsThereWasAskedFor(evidence));
    found.addAll(booksBalance(evidence));
    found.addAll(balancesFollowFromTheHistory(evidence));
    return found;
  }

  /** I1, I4: by what people were told, and by the dump. */
  private static List<Violation> soldOnce(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    Map<String, Operation> soldTo = new HashMap<>();
    for (Operation paid : evidence.operations()) {
      if (paid.is("pay") && paid.hasStatus(201)) {
        Operation first = soldTo.putIfAbsent(String.valueOf(paid.seat()), paid);
        if (first != null && !first.user().equals(paid.user())) {
          found.add(
              Violation.of("I1 seat sold twice", paid.seat() + " to two people", first, paid));
        }
      }
    }
    Map<String, Integer> bills = new HashMap<>();
    for (JsonNode bill : evidence.rows("bill")) {
      if (!bill.path("refunded").asBoolean() && bills.merge(seat(bill), 1, Integer::sum) > 1) {
        found.add(Violation.of("I1 seat sold twice", seat(bill) + " has two bills"));
      }
    }
    for (JsonNode claim : evidence.rows("claim")) {
      boolean sold = claim.path("state").asInt() == 2;
      if (sold != bills.containsKey(seat(claim))) {
        found.add(
            Violation.of(
                "I4 sold means billed", seat(claim) + (sold ? " has no bill" : " has a bill")));
      }
    }
    return found;
  }

  /** I5. */
  private static List<Violation> whatWasAnsweredIsThere(Evidence evidence) {
    Map<String, JsonNode> bills = bills(evidence);
    List<Violation> found = new ArrayList<>();
    for (Operation paid : evidence.operations()) {
      if (!paid.is("pay") || !paid.hasStatus(201)) {
        continue;
      }
      JsonNode bill = bills.get(paid.body().path("billId").asText());
      if (bill == null) {
        found.add(Violation.of("I5 payment lost", "no bill " + paid.body().path("billId"), paid));
      } else if (!seat(bill).equals(paid.seat())
          || !bill.path("user").asText().equals(paid.user())
          || bill.path("price").asLong() != paid.amount()) {
        found.add(Violation.of("I5 payment changed", "the bill is " + bill, paid));
      }
    }
    return found;
  }

  /** I6: a bill that nobody could have made. */
  private static List<Violation> whatIsThereWasAskedFor(Evidence evidence) {
    Map<String, List<Operation>> asked = new HashMap<>();
    for (Operation pay : evidence.operations()) {
      if (pay.is("pay") && (pay.hasStatus(201) || pay.unknown())) {
        asked.computeIfAbsent(pay.user() + pay.seat(), one -> new ArrayList<>()).add(pay);
      }
    }
    List<Violation> found = new ArrayList<>();
    for (JsonNode bill : evidence.rows("bill")) {
      if (!asked.containsKey(bill.path("user").asText() + seat(bill))) {
        found.add(Violation.of("I6 refused and done", "nobody asked for bill " + bill));
      }
    }
    return found;
  }

  /** I2, I3. */
  private static List<Violation> booksBalance(Evidence evidence) {
    Map<String, Long> sums = new LinkedHashMap<>();
    Map<String, Long> postings = new LinkedHashMap<>();
    for (JsonNode entry : evidence.rows("entry")) {
      postings.merge(entry.path("posting").asText(), entry.path("amount").asLong(), Long::sum);
      if (entry.hasNonNull("user")) {
        sums.merge(entry.get("user").asText(), entry.path("amount").asLong(), Long::sum);
      }
    }
    List<Violation> found = new ArrayList<>();
    postings.forEach(
        (posting, sum) -> {
          if (sum != 0) {
            found.add(Violation.of("I3 posting", posting + " sums to " + sum));
          }
        });
    for (JsonNode account : evidence.rows("account")) {
      long balance = account.path("balance").asLong();
      long sum = sums.getOrDefault(account.path("user").asText(), 0L);
      if (balance < 0 || balance != sum) {
        found.add(
            Violation.of(
                "I2 balance",
                "%s has %d, entries sum to %d"
                    .formatted(account.path("user").asText(), balance, sum)));
      }
    }
    return found;
  }

  /**
   * What is left is what was charged less what was paid; each request of unknown outcome widens
   * what is allowed. Under a key or for one seat it counts once, however often it was repeated.
   */
  private static List<Violation> balancesFollowFromTheHistory(Evidence evidence) {
    Map<String, Long> balances = new HashMap<>();
    evidence
        .rows("account")
        .forEach(row -> balances.put(row.path("user").asText(), row.path("balance").asLong()));
    List<Violation> found = new ArrayList<>();
    evidence
        .byUser()
        .forEach(
            (user, life) -> {
              Map<String, Long> sure = new HashMap<>();
              Map<String, Long> maybe = new HashMap<>();
              for (Operation one : life) {
                long amount = one.is("pay") ? -one.amount() : one.is("charge") ? one.amount() : 0;
                // A client charges once, repeating it under its key; it pays for a seat once.
                String effect = one.what() + one.seat();
                if (amount != 0 && one.succeeded()) {
                  sure.put(effect, amount);
                } else if (amount != 0 && one.unknown()) {
                  maybe.put(effect, amount);
                }
              }
              maybe.keySet().removeAll(sure.keySet());
              long least = sure.values().stream().mapToLong(Long::longValue).sum();
              long most = least;
              for (long amount : maybe.values()) {
                least += Math.min(0, amount);
                most += Math.max(0, amount);
              }
              Long balance = balances.get(user);
              if (balance != null && (balance < least || balance > most)) {
                found.add(
                    Violation.of(
                        "I5 money",
                        "%s has %d instead of %d to %d".formatted(user, balance, least, most)));
              }
            });
    return found;
  }

  private static Map<String, JsonNode> bills(Evidence evidence) {
    Map<String, JsonNode> bills = new HashMap<>();
    evidence.rows("bill").forEach(bill -> bills.put(bill.path("id").asText(), bill));
    return bills;
  }

  private static String seat(JsonNode row) {
    return row.path("seat").asText();
  }
}
