package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a campaign left behind.
 *
 * @param operations in the order in which they were asked
 * @param database rows of the dump, by table
 * @param maps what each node said of the seats after the end, and by whom
 */
record Evidence(
    List<Operation> operations,
    List<Disturbance> disturbances,
    Map<String, List<JsonNode>> database,
    List<JsonNode> maps) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** I12: so long after a fault everything is as in calm. */
  private static final long RECOVERED_AFTER_MILLIS = 15_000;

  Evidence {
    operations =
        operations.stream()
            .sorted(Comparator.comparingLong(Operation::asked).thenComparingLong(Operation::id))
            .toList();
  }

  /**
   * @param directory with history.jsonl, faults.jsonl, database.jsonl and maps.jsonl
   */
  static Evidence read(Path directory) throws IOException {
    Map<String, List<JsonNode>> database = new LinkedHashMap<>();
    for (JsonNode row : lines(directory.resolve("database.jsonl"))) {
      database.computeIfAbsent(row.path("table").asText(), table -> new ArrayList<>()).add(row);
    }
    return new Evidence(
        lines(directory.resolve("history.jsonl")).stream().map(Operation::of).toList(),
        lines(directory.resolve("faults.jsonl")).stream().map(Disturbance::of).toList(),
        database,
        lines(directory.resolve("maps.jsonl")));
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  List<JsonNode> rows(String table) {
    return database.getOrDefault(table, List.of());
  }

  /** Whether no fault was under way then, nor shortly before. */
  boolean calm(long at) {
    return disturbances.stream()
        .noneMatch(fault -> fault.from() <= at && at <= fault.to() + RECOVERED_AFTER_MILLIS);
  }

  /** Each person's operations, in order. */
  Map<String, List<Operation>> byUser() {
    Map<String, List<Operation>> lives = new LinkedHashMap<>();
    for (Operation operation : operations) {
      lives.computeIfAbsent(operation.user(), user -> new ArrayList<>()).add(operation);
    }
    return lives;
  }
}
