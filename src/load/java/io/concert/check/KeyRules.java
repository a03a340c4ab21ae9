package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** I7: one key, one effect, one answer; with another body it is refused. */
final class KeyRules {
  private KeyRules() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    Map<String, Operation> first = new HashMap<>();
    for (Operation one : evidence.operations()) {
      if (one.key() == null || !one.succeeded()) {
        continue;
      }
      Operation before = first.putIfAbsent(one.user() + one.what() + one.key(), one);
      if (before == null) {
        continue;
      }
      if (before.content() != null && !before.content().equals(one.content())) {
        found.add(Violation.of("I7 key used again", "for something else", before, one));
      } else if (!answer(before).equals(answer(one))) {
        found.add(Violation.of("I7 two answers", "to one key", before, one));
      }
    }
    return found;
  }

  /** But for the time of day. */
  private static JsonNode answer(Operation one) {
    return one.body() instanceof ObjectNode answer
        ? answer.deepCopy().without(List.of("serverTime"))
        : one.body();
  }
}
