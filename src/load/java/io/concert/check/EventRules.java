package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where events are written each sale and each refund has exactly one. */
final class EventRules {
  private static final int SOLD = 1;
  private static final int REFUNDED = 2;

  private EventRules() {}

  static List<Violation> check(Evidence evidence) {
    boolean written =
        evidence.rows("setting").stream().anyMatch(row -> row.path("events").asBoolean());
    if (!written) {
      return List.of();
    }
    Map<String, Integer> events = new HashMap<>();
    for (JsonNode event : evidence.rows("event")) {
      if (event.hasNonNull("bill")) {
        events.merge(event.path("kind").asInt() + event.path("bill").asText(), 1, Integer::sum);
      }
    }
    List<Violation> found = new ArrayList<>();
    for (JsonNode bill : evidence.rows("bill")) {
      String id = bill.path("id").asText();
      expect(1, events.getOrDefault(SOLD + id, 0), "sale of " + id, found);
      expect(
          bill.path("refunded").asBoolean() ? 1 : 0,
          events.getOrDefault(REFUNDED + id, 0),
          "refund of " + id,
          found);
    }
    return found;
  }

  private static void expect(int wanted, int there, String what, List<Violation> found) {
    if (there < wanted) {
      found.add(Violation.of("event lost", what));
    } else if (there > wanted) {
      found.add(Violation.of("event too many", "%d of the %s".formatted(there, what)));
    }
  }
}
