package io.concert.e2e;

import io.concert.e2e.TestService.Sale;
import io.concert.load.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** People who have been let in and hold one seat after the other, so many a second. */
final class Holders {
  private static final int SEATS_EACH = 4;
  private static final int CONNECTIONS = 16;

  private final int port;
  private final List<String> tokens;
  private int held;

  /**
   * @param tokens of people who are let in; one for four seats of a date
   */
  Holders(int port, List<String> tokens) {
    this.port = port;
    this.tokens = tokens;
  }

  /** Begins with the first seat; ends by itself. To be joined. */
  Thread begin(Sale sale, int perSecond, Duration length) {
    held = 0;
    Thread thread = new Thread(() -> run(sale, perSecond, length), "holders");
    thread.start();
    return thread;
  }

  private void run(Sale sale, int perSecond, Duration length) {
    long began = System.nanoTime();
    int all = (int) (perSecond * length.toSeconds());
    try (Wire wire = new Wire(port, CONNECTIONS)) {
      wire.run(
          () -> held == all && wire.open() == 0,
          () -> {
            double due = (System.nanoTime() - began) / 1e9 * perSecond;
            while (held < Math.min(due, all)) {
              hold(wire, sale, held++);
            }
          });
    }
  }

  private void hold(Wire wire, Sale sale, int seat) {
    String token = tokens.get(seat / SEATS_EACH);
    String body =
        "{\"scheduleId\":\"%s\",\"seatId\":\"%s\"}".formatted(sale.scheduleId(), sale.seatId(seat));
    wire.ask(
        WaitingUsers.post(
            "/api/v1/reservations/seats", "Authorization: Bearer " + token + "\r\n", body),
        (status, bytes, from, to) -> {
          String answer = new String(bytes, from, to - from, StandardCharsets.UTF_8);
          if (status != 200 || !answer.contains("\"isReserved\":true")) {
            throw new AssertionError("a hold was answered " + status + " " + answer);
          }
        });
  }
}
