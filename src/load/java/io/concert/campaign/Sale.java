package io.concert.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is sold: one date, and a second concert behind a room of its own that lets one person in.
 *
 * @param seats ids in the order of the seat map
 * @param frontier all buyers reach for the few seats from here on, so they contend
 */
record Sale(
    String schedule, List<String> seats, String slowConcert, long price, AtomicInteger frontier) {
  private static final String SLOW_ROOM = "slow";
  private static final int SESSION_SECONDS = 3_600;

  /**
   * @param capacity of the default room, where the seats are sold
   */
  static Sale open(Asker node, int seats, long price, int capacity) {
    room(node, "default", capacity);
    room(node, SLOW_ROOM, 1);
    String concert = concert(node, "Contended", "default");
    String schedule =
        made(
            node,
            "/api/v1/admin/schedules",
            Map.of("concertId", concert, "startsAt", "2099-01-01T10:00:00Z"));
    StringBuilder csv = new StringBuilder("section,row,seat_no,x,y,grade,price\n");
    for (int seat = 0; seat < seats; seat++) {
      csv.append(
          "A,%d,%d,%d,%d,R,%d%n"
              .formatted(seat / 50 + 1, seat % 50 + 1, seat % 50, seat / 50, price));
    }
    must(
        node.send(
            "PUT",
            "/api/v1/admin/schedules/" + schedule + "/layout",
            Stage.OPERATOR,
            "text/csv",
            csv.toString(),
            null));
    List<String> ids = new ArrayList<>();
    JsonNode layout =
        must(node.ask("GET", "/api/v1/schedules/" + schedule + "/layout", null, null)).body();
    for (JsonNode section : layout.path("sections")) {
      for (JsonNode row : section.path("rows")) {
        row.path("seats").forEach(seat -> ids.add(seat.path("id").asText()));
      }
    }
    return new Sale(
        schedule, ids, concert(node, "Behind a line", SLOW_ROOM), price, new AtomicInteger());
  }

  private static void room(Asker node, String name, int capacity) {
    must(
        node.ask(
            "PUT",
            "/api/v1/admin/rooms/" + name,
            Stage.OPERATOR,
            Map.of(
                "capacity", capacity, "sessionSeconds", SESSION_SECONDS, "firstActionSeconds", 0)));
  }

  private static String concert(Asker node, String title, String room) {
    return made(
        node,
        "/api/v1/admin/concerts",
        Map.of("title", title, "venue", "Hall", "timeZone", "Asia/Seoul", "room", room));
  }

  private static String made(Asker node, String path, Map<String, ?> body) {
    return must(node.ask("POST", path, Stage.OPERATOR, body)).text("id");
  }

  @CanIgnoreReturnValue
  private static Asker.Reply must(Asker.Reply reply) {
    if (reply.status() == null || reply.status() / 100 != 2) {
      throw new IllegalStateException("setting up the sale: " + reply);
    }
    return reply;
  }
}
