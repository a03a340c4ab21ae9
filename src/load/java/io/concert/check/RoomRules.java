package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** I13, by the database's rows: never more people active than the capacity. */
final class RoomRules {
  private RoomRules() {}

  private record Step(long at, int change) {}

  static List<Violation> check(Evidence evidence) {
    Map<String, List<Step>> rooms = new HashMap<>();
    for (JsonNode session : evidence.rows("session")) {
      List<Step> steps =
          rooms.computeIfAbsent(session.path("room").asText(), room -> new ArrayList<>());
      steps.add(new Step(session.path("admittedMicros").asLong(), 1));
      if (session.hasNonNull("endedMicros")) {
        steps.add(new Step(session.get("endedMicros").asLong(), -1));
      }
    }
    List<Violation> found = new ArrayList<>();
    for (JsonNode room : evidence.rows("room")) {
      int most = most(rooms.getOrDefault(room.path("id").asText(), List.of()));
      if (most > room.path("capacity").asInt()) {
        found.add(
            Violation.of(
                "I13 capacity",
                "%d active in %s of %d"
                    .formatted(most, room.path("id").asText(), room.path("capacity").asInt())));
      }
    }
    return found;
  }

  /** Who leaves in the same microsecond leaves first. */
  private static int most(List<Step> steps) {
    int now = 0;
    int most = 0;
    for (Step step :
        steps.stream()
            .sorted(Comparator.comparingLong(Step::at).thenComparingInt(Step::change))
            .toList()) {
      now += step.change();
      most = Math.max(most, now);
    }
    return most;
  }
}
