package io.concert.campaign;

import static io.concert.Patience.until;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A room of short turns whose line moves steadily, so that everybody is given an estimate; and then
 * an operator who lets all of them in at once, which makes the estimates wrong.
 */
final class ShortTurns {
  private static final String ROOM = "short-turns";
  private static final int PEOPLE = 150;
  private static final Duration ESTIMATED_WITHIN = Duration.ofMinutes(2);

  private final Asker operator;
  private final Asker people;

  /**
   * @param operator where an operator asks
   * @param people where the line asks
   */
  ShortTurns(Asker operator, Asker people) {
    this.operator = operator;
    this.people = people;
  }

  /** Waits until nearly all of the line know an estimate, and breaks it. */
  void breakThem() {
    capacity(2);
    String concert =
        must(operator.ask(
                "POST",
                "/api/v1/admin/concerts",
                Stage.OPERATOR,
                Map.of("title", "Short", "venue", "Hall", "timeZone", "Asia/Seoul", "room", ROOM)))
            .text("id");
    List<String> line = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      String uuid = must(people.ask("POST", "/api/v1/users", null, Map.of())).text("uuid");
      line.add(
          must(people.ask(
                  "POST",
                  "/api/v1/users/queueEntity",
                  null,
                  new HashMap<>(Map.of("uuid", uuid, "concertId", concert))))
              .text("jwt"));
    }
    until("estimates for most of a line", ESTIMATED_WITHIN, () -> estimates(line) > PEOPLE / 2);
    capacity(PEOPLE);
  }

  private long estimates(List<String> line) {
    return line.stream()
        .filter(
            token ->
                people
                    .ask("POST", "/api/v1/users/queueEntity", token, null)
                    .body()
                    .path("estimatedWaitSeconds")
                    .isObject())
        .count();
  }

  private void capacity(int people) {
    var unused =
        must(
            operator.ask(
                "PUT",
                "/api/v1/admin/rooms/" + ROOM,
                Stage.OPERATOR,
                Map.of("capacity", people, "sessionSeconds", 2, "firstActionSeconds", 0)));
  }

  private static Asker.Reply must(Asker.Reply reply) {
    if (reply.status() == null || reply.status() / 100 != 2) {
      throw new IllegalStateException("a room of short turns: " + reply);
    }
    return reply;
  }
}
