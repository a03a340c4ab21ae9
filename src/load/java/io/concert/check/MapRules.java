package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** After the end every node's seat map is what the database says. */
final class MapRules {
  private MapRules() {}

  static List<Violation> check(Evidence evidence) {
    Map<String, Integer> truth = new HashMap<>();
    for (JsonNode claim : evidence.rows("claim")) {
      truth.put(
          claim.path("schedule").asText() + "/" + claim.path("index").asInt(),
          claim.path("state").asInt());
    }
    List<Violation> found = new ArrayList<>();
    for (JsonNode map : evidence.maps()) {
      String node = map.path("node").asText();
      if (!map.path("states").isArray()) {
        found.add(Violation.of("I12 seat map", node + " gave none: " + map.path("answer")));
        continue;
      }
      long seats =
          evidence.rows("claim").stream()
              .filter(claim -> claim.path("schedule").equals(map.path("schedule")))
              .count();
      if (map.get("states").size() != seats) {
        found.add(
            Violation.of(
                "I12 seat map",
                "%s has %d seats of %d".formatted(node, map.get("states").size(), seats)));
        continue;
      }
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < map.get("states").size(); i++) {
        int said = map.get("states").get(i).asInt();
        Integer is = truth.get(map.path("schedule").asText() + "/" + i);
        if (is == null || is != said) {
          wrong.add("seat %d is %s, shown as %d".formatted(i, is, said));
        }
      }
      if (!wrong.isEmpty()) {
        found.add(
            Violation.of(
                "I12 seat map",
                "%s differs in %d seats: %s"
                    .formatted(node, wrong.size(), wrong.subList(0, Math.min(3, wrong.size())))));
      }
    }
    return found;
  }
}
