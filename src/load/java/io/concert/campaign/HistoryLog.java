package io.concert.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What happened, a line each, written as it happens: a campaign that breaks off leaves it, too. */
final class HistoryLog implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final long began = System.nanoTime();
  private final AtomicLong next = new AtomicLong();
  private final BufferedWriter history;
  private final BufferedWriter faults;

  HistoryLog(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
      history = Files.newBufferedWriter(directory.resolve("history.jsonl"));
      faults = Files.newBufferedWriter(directory.resolve("faults.jsonl"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path directory() {
    return directory;
  }

  /** Since the campaign began. */
  long millis() {
    return (System.nanoTime() - began) / 1_000_000;
  }

  void operation(Consumer<ObjectNode> fields) {
    ObjectNode line = JSON.createObjectNode().put("id", next.incrementAndGet());
    fields.accept(line);
    write(history, line);
  }

  void fault(String kind, String target, long from, long to) {
    write(
        faults,
        JSON.createObjectNode()
            .put("kind", kind)
            .put("target", target)
            .put("from", from)
            .put("to", to));
  }

  private static void write(BufferedWriter file, JsonNode line) {
    synchronized (file) {
      try {
        file.write(line.toString());
        file.newLine();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    try {
      history.close();
      faults.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
