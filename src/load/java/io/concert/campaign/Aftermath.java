package io.concert.campaign;

import static io.concert.Patience.letPass;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concert.campaign.Asker.Reply;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** What is left when all is over: the database, and what each node says of the seats. */
final class Aftermath {
  private static final Duration MAPS_AGREE_WITHIN = Duration.ofSeconds(15);

  private final Stage stage;
  private final HistoryLog record;
  private final Sale sale;

  Aftermath(Stage stage, HistoryLog record, Sale sale) {
    this.stage = stage;
    this.record = record;
    this.sale = sale;
  }

  /** Called when the load has ended; the holds that were left behind end meanwhile. */
  void writeDown() throws IOException, SQLException {
    letPass(MAPS_AGREE_WITHIN);
    dump();
    maps();
  }

  private void dump() throws IOException, SQLException {
    try (Connection connection = stage.database().jdbc()) {
      Dump.all().write(connection, sale.seats()::get, record.directory().resolve("database.jsonl"));
    }
  }

  /** Each node is asked by somebody who is let in there: a probe that a visitor could be, too. */
  private void maps() throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(record.directory().resolve("maps.jsonl"))) {
      for (int node = 1; node <= Stage.NODES; node++) {
        Asker asker = stage.node(node);
        Reply states = statesAt(asker);
        ObjectNode line =
            HistoryLog.JSON
                .createObjectNode()
                .put("node", asker.name())
                .put("schedule", sale.schedule());
        line.set("states", states.body().path("states"));
        line.put("answer", states.status() + " " + states.text("code"));
        out.write(line.toString());
        out.newLine();
      }
    }
  }

  private Reply statesAt(Asker node) {
    long until = record.millis() + MAPS_AGREE_WITHIN.toMillis();
    Reply last = node.ask("POST", "/api/v1/users", null, Map.of());
    String uuid = last.text("uuid");
    String token = "";
    while (record.millis() < until) {
      if (token.isEmpty()) {
        last = node.ask("POST", "/api/v1/users/queueEntity", null, Map.of("uuid", uuid));
        token = last.text("jwt");
      } else {
        last = node.ask("POST", "/api/v1/users/queueEntity", token, null);
      }
      if (last.text("state").equals("ACTIVE")) {
        last =
            node.ask(
                "GET", "/api/v1/reservations/seats/" + sale.schedule() + "/status", token, null);
        if (last.is(200)) {
          return last;
        }
      }
      letPass(Duration.ofMillis(250));
    }
    return last;
  }
}
