package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** I1 to I6, as far as clients and the dump show them. */
final class MoneyRules {
  private static final int HELD = 1;
  private static final int CANCELLED = 2;

  private MoneyRules() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    found.addAll(soldOnce(evidence));
    found.addAll(billsArePaid(evidence));
    found.addAll(refunds(evidence));
    found.addAll(othersBills(evidence));
    found.addAll(whatWasAnsweredIsThere(evidence));
    found.addAll(whatIsThereWasAskedFor(evidence));
    found.addAll(booksBalance(evidence));
    found.addAll(balancesFollowFromTheHistory(evidence));
    return found;
  }

  /** I1, I4: by what people were told, and by the dump. */
  private static List<Violation> soldOnce(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    Seats seats = new Seats(evidence);
    for (String seat : seats.bySeat().keySet()) {
      List<Operation> sales = seats.sales(seat);
      for (int i = 1; i < sales.size(); i++) {
        Operation first = sales.get(i - 1);
        Operation paid = sales.get(i);
        if (!Seats.mayLieBetween(seats.refunds(first), first, paid)) {
          found.add(Violation.of("I1 seat sold twice", seat + " to two people", first, paid));
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

  /** I4: the catalogue's price, debited once, and given back once if it was. */
  private static List<Violation> billsArePaid(Evidence evidence) {
    Map<String, Long> prices = new HashMap<>();
    evidence.rows("claim").stream()
        .filter(claim -> claim.has("price"))
        .forEach(claim -> prices.put(seat(claim), claim.get("price").asLong()));
    Map<String, List<Long>> moved = new HashMap<>();
    for (JsonNode entry : evidence.rows("entry")) {
      if (entry.hasNonNull("bill") && entry.hasNonNull("user")) {
        moved
            .computeIfAbsent(
                entry.get("bill").asText() + entry.get("user").asText(), one -> new ArrayList<>())
            .add(entry.path("amount").asLong());
      }
    }
    List<Violation> found = new ArrayList<>();
    for (JsonNode bill : evidence.rows("bill")) {
      long price = bill.path("price").asLong();
      Long listed = prices.get(seat(bill));
      if (listed != null && listed != price) {
        found.add(Violation.of("I4 price", "%s costs %d: %s".formatted(seat(bill), listed, bill)));
      }
      List<Long> wanted =
          price == 0
              ? List.of()
              : bill.path("refunded").asBoolean() ? List.of(-price, price) : List.of(-price);
      List<Long> entries =
          moved.getOrDefault(bill.path("id").asText() + bill.path("user").asText(), List.of());
      if (!entries.stream().sorted().toList().equals(wanted)) {
        found.add(
            Violation.of(
                "I4 debit", "%s has entries %s".formatted(bill.path("id").asText(), entries)));
      }
    }
    return found;
  }

  /** I5 and I6 of refunds; a date that was called off gives all of its money and seats back. */
  private static List<Violation> refunds(Evidence evidence) {
    Map<String, JsonNode> bills = bills(evidence);
    Map<String, List<Operation>> asked = new HashMap<>();
    List<Violation> found = new ArrayList<>();
    for (Operation refund : evidence.operations()) {
      if (refund.is("refund") && refund.mayHaveHappened()) {
        asked.computeIfAbsent(String.valueOf(refund.bill()), one -> new ArrayList<>()).add(refund);
        JsonNode bill = bills.get(String.valueOf(refund.bill()));
        if (refund.succeeded() && (bill == null || !bill.path("refunded").asBoolean())) {
          found.add(Violation.of("I5 refund lost", "bill " + refund.bill() + " stands", refund));
        }
      }
    }
    Map<String, Integer> states = new HashMap<>();
    evidence
        .rows("schedule")
        .forEach(row -> states.put(row.path("id").asText(), row.path("state").asInt()));
    for (JsonNode bill : bills.values()) {
      boolean refunded = bill.path("refunded").asBoolean();
      boolean cancelled = states.getOrDefault(date(bill), 0) == CANCELLED;
      String id = bill.path("id").asText();
      if (cancelled && !refunded) {
        found.add(Violation.of("cancelled date unrefunded", id + " stands"));
      } else if (refunded && !cancelled && !asked.containsKey(id)) {
        found.add(Violation.of("I6 refused and done", "nobody asked for the refund of " + id));
      }
    }
    for (JsonNode claim : evidence.rows("claim")) {
      if (states.getOrDefault(date(claim), 0) == CANCELLED && claim.path("state").asInt() == HELD) {
        found.add(Violation.of("cancelled date held", seat(claim) + " is still held"));
      }
    }
    return found;
  }

  /** I10. */
  private static List<Violation> othersBills(Evidence evidence) {
    Map<String, JsonNode> bills = bills(evidence);
    List<Violation> found = new ArrayList<>();
    for (Operation one : evidence.operations()) {
      if (!one.succeeded() || one.user().equals("operator")) {
        continue;
      }
      List<String> named = new ArrayList<>();
      if (one.is("refund") || one.is("pay")) {
        named.add(one.body().path("billId").asText());
      }
      one.body().path("items").forEach(item -> named.add(item.path("billId").asText()));
      for (String id : named) {
        JsonNode bill = bills.get(id);
        if (bill != null && !bill.path("user").asText().equals(one.user())) {
          found.add(
              Violation.of("I10 other's bill", one.user() + " got at " + id + " of another", one));
        }
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
    Map<String, List<JsonNode>> refunded = new HashMap<>();
    evidence.rows("bill").stream()
        .filter(bill -> bill.path("refunded").asBoolean())
        .forEach(
            bill ->
                refunded
                    .computeIfAbsent(bill.path("user").asText(), one -> new ArrayList<>())
                    .add(bill));
    List<Violation> found = new ArrayList<>();
    evidence
        .byUser()
        .forEach(
            (user, life) -> {
              Map<String, Long> sure = new HashMap<>();
              Map<String, Long> maybe = new HashMap<>();
              for (Operation one : life) {
                long amount = one.is("pay") ? -one.amount() : one.is("charge") ? one.amount() : 0;
                if (amount != 0 && one.succeeded()) {
                  sure.put(effect(one), amount);
                  maybe.remove(request(one));
                } else if (amount != 0 && one.unknown()) {
                  maybe.put(request(one), amount);
                }
              }
              refunded.getOrDefault(user, List.of()).forEach(bill -> giveBack(bill, sure));
              long least = sure.values().stream().mapToLong(Long::longValue).sum();
              long most = least;
              for (long amount : maybe.values()) {
                least += Math.min(0, amount);
                most += Math.max(0, amount);
              }
              Long balance = balances.get(user);
              if (balance == null && least > 0) {
                found.add(Violation.of("I5 money", user + " has no account any more"));
              } else if (balance != null && (balance < least || balance > most)) {
                found.add(
                    Violation.of(
                        "I5 money",
                        "%s has %d instead of %d to %d".formatted(user, balance, least, most)));
              }
            });
    return found;
  }

  /** A seat is paid once for each bill, a charge is made once for each key. */
  private static String effect(Operation one) {
    return one.is("pay") ? one.body().path("billId").asText() : request(one);
  }

  private static String request(Operation one) {
    return one.what()
        + one.seat()
        + (one.is("pay") ? "" : one.key() == null ? one.id() : one.key());
  }

  /** Refunds were judged elsewhere: here they only have to be in the balance. */
  private static void giveBack(JsonNode bill, Map<String, Long> sure) {
    sure.computeIfPresent(bill.path("id").asText(), (id, paid) -> 0L);
  }

  private static String date(JsonNode row) {
    return seat(row).contains("-") ? seat(row).substring(0, seat(row).lastIndexOf('-')) : "";
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
