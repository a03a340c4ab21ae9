package io.concert.e2e;

import io.concert.e2e.TestService.Sale;
import io.concert.load.Scan;
import io.concert.load.Times;
import io.concert.load.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;

/**
 * Buyers on a wire: each enters the queue, looks at the seats once let in, holds one, charges its
 * price and pays. Five requests; who isn't let in at once waits without asking again, as the
 * service lets people in by itself.
 */
final class Journeys {
  /** Longer than a freed slot may take to be given on, as long as there are free slots. */
  private static final long LET_IN_NANOS = 300_000_000;

  private final Wire wire;
  private final Sale sale;
  private final Iterator<String> guests;
  private final Queue<Journey> entered = new ArrayDeque<>();
  private final Times holds = new Times();
  private final Times pays = new Times();
  private final Times seats = new Times();
  private final Times enters = new Times();
  private int begun;
  private int open;
  private int done;
  private int errors;
  private String firstError = "";

  /**
   * @param guests with accounts and nowhere in line
   * @param sale with a seat for each journey
   */
  Journeys(Wire wire, Sale sale, Iterator<String> guests) {
    this.wire = wire;
    this.sale = sale;
    this.guests = guests;
  }

  /** One person, from the guest's UUID to the bill. */
  private final class Journey {
    private final String guest = guests.next();
    private final String seat = sale.seatId(begun);
    private String headers = "";
    private long letInNanos;
    private long asked;

    void enters() {
      ask(
          WaitingUsers.post("/api/v1/users/queueEntity", "", "{\"uuid\":\"" + guest + "\"}"),
          201,
          enters,
          (bytes, from, to) -> {
            headers = "Authorization: Bearer " + jwt(bytes, from, to) + "\r\n";
            if (Scan.in(bytes, from, to, "waitingUserNum") == 0) {
              looks();
            } else {
              letInNanos = System.nanoTime() + LET_IN_NANOS;
              entered.add(this);
            }
          });
    }

    void looks() {
      byte[] request =
          ("GET /api/v1/reservations/seats/"
                  + sale.scheduleId()
                  + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
                  + headers
                  + "\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      ask(request, 200, seats, (bytes, from, to) -> holds());
    }

    void holds() {
      ask(
          WaitingUsers.post("/api/v1/reservations/seats", headers, seatAnd("")),
          200,
          holds,
          (bytes, from, to) -> charges());
    }

    void charges() {
      String body = "{\"userId\":\"" + guest + "\",\"balanceAdjustment\":" + sale.price() + "}";
      byte[] request = WaitingUsers.post("/api/v1/accounts/balances", headers, body);
      byte[] method = "PATCH".getBytes(StandardCharsets.US_ASCII);
      byte[] patch = new byte[request.length + 1];
      System.arraycopy(method, 0, patch, 0, method.length);
      System.arraycopy(request, 4, patch, method.length, request.length - 4);
      ask(patch, 200, new Times(), (bytes, from, to) -> pays());
    }

    void pays() {
      ask(
          WaitingUsers.post(
              "/api/v1/accounts/payments", headers, seatAnd(",\"price\":" + sale.price())),
          201,
          pays,
          (bytes, from, to) -> {
            done++;
            open--;
          });
    }

    private String seatAnd(String more) {
      return "{\"scheduleId\":\"%s\",\"seatId\":\"%s\"%s}".formatted(sale.scheduleId(), seat, more);
    }

    private void ask(byte[] request, int expected, Times times, Then then) {
      asked = System.nanoTime();
      wire.ask(
          request,
          (status, bytes, from, to) -> {
            times.add(System.nanoTime() - asked);
            if (status == expected) {
              then.goOn(bytes, from, to);
            } else {
              failed(status, new String(bytes, from, to - from, StandardCharsets.UTF_8));
            }
          });
    }

    private void failed(int status, String body) {
      open--;
      errors++;
      if (firstError.isEmpty()) {
        firstError = status + " " + body;
      }
    }
  }

  private interface Then {
    void goOn(byte[] bytes, int from, int to);
  }

  /** Always so many at once. */
  void run(int journeys, int atOnce) {
    wire.run(
        () -> done + errors == journeys,
        () -> {
          while (open < atOnce && begun < journeys) {
            begin();
          }
          goOn();
        });
  }

  /** So many a second, whether the earlier ones are done or not. */
  void run(int journeys, double perSecond) {
    long began = System.nanoTime();
    wire.run(
        () -> done + errors == journeys,
        () -> {
          double due = (System.nanoTime() - began) / 1e9 * perSecond;
          while (begun < Math.min(due, journeys)) {
            begin();
          }
          goOn();
        });
  }

  private void begin() {
    Journey journey = new Journey();
    begun++;
    open++;
    journey.enters();
  }

  /** Those who have been let in by now. */
  private void goOn() {
    long now = System.nanoTime();
    for (Journey next = entered.peek();
        next != null && next.letInNanos <= now;
        next = entered.peek()) {
      entered.remove();
      next.looks();
    }
  }

  private static String jwt(byte[] bytes, int from, int to) {
    String body = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    int begin = body.indexOf("\"jwt\":\"") + 7;
    return body.substring(begin, body.indexOf('"', begin));
  }

  Times entersTimes() {
    return enters;
  }

  Times seatsTimes() {
    return seats;
  }

  Times holdTimes() {
    return holds;
  }

  Times payTimes() {
    return pays;
  }

  int errors() {
    return errors;
  }

  /** Status and body of the first answer that wasn't expected; empty without any. */
  String firstError() {
    return firstError;
  }
}
