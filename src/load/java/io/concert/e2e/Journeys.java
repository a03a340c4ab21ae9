package io.concert.e2e;

import io.concert.e2e.TestService.Sale;
import io.concert.load.Scan;
import io.concert.load.Times;
import io.concert.load.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Buyers on a wire who do what a front end does: each enters the queue, asks for its place until it
 * is let in, as often as the service says, looks at the dates and at the seats, holds one, charges
 * its price and pays. That is seven requests where nobody has to wait. Whoever hears anything but
 * what it should goes no further and is an error.
 */
final class Journeys {
  private static final String QUEUE = "/api/v1/users/queueEntity";
  private static final String RESERVATIONS = "/api/v1/reservations/";

  /** What is asked for, in this order. */
  enum Step {
    ENTER,
    POLL,
    DATES,
    SEATS,
    HOLD,
    CHARGE,
    PAY
  }

  private final Wire wire;
  private final Sale sale;
  private final Iterator<String> guests;
  private final Map<Step, Times> times = new EnumMap<>(Step.class);
  private final PriorityQueue<Journey> waiting = new PriorityQueue<>();

  /** Who was let in before the buying part, and waits for it to begin. */
  private final Queue<Journey> inside = new ArrayDeque<>();

  private boolean stopInside;
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
    for (Step step : Step.values()) {
      times.put(step, new Times());
    }
  }

  /** One person, from the guest's UUID to the bill. */
  private final class Journey implements Comparable<Journey> {
    private final String guest = guests.next();
    private final String seat = sale.seatId(begun);
    private String headers = "";
    private long pollNanos;

    void enter() {
      String body = "{\"uuid\":\"" + guest + "\"}";
      ask(Step.ENTER, WaitingUsers.post(QUEUE, "", body), 201, this::pollLater);
    }

    /** As soon as the answer says, or at once if it says that there is no more to wait for. */
    private void pollLater(byte[] bytes, int from, int to) {
      headers = "Authorization: Bearer " + jwt(bytes, from, to) + "\r\n";
      if (isActive(bytes, from, to)) {
        poll();
      } else {
        pollNanos = System.nanoTime() + 1_000_000 * Scan.in(bytes, from, to, "pollAfterMillis");
        waiting.add(this);
      }
    }

    void poll() {
      ask(
          Step.POLL,
          WaitingUsers.post(QUEUE, headers, ""),
          202,
          (bytes, from, to) -> {
            if (!isActive(bytes, from, to)) {
              pollLater(bytes, from, to);
            } else if (stopInside) {
              inside.add(this);
            } else {
              lookAtDates();
            }
          });
    }

    private void lookAtDates() {
      ask(
          Step.DATES,
          get(RESERVATIONS + "dates/" + sale.concertId()),
          200,
          (bytes, from, to) -> lookAtSeats());
    }

    private void lookAtSeats() {
      ask(
          Step.SEATS,
          get(RESERVATIONS + "seats/" + sale.scheduleId()),
          200,
          (bytes, from, to) -> hold());
    }

    void hold() {
      ask(
          Step.HOLD,
          WaitingUsers.post(RESERVATIONS + "seats", headers, seatAnd("")),
          200,
          (bytes, from, to) -> charge());
    }

    private void charge() {
      String body = "{\"userId\":\"" + guest + "\",\"balanceAdjustment\":" + sale.price() + "}";
      ask(
          Step.CHARGE,
          WaitingUsers.request("PATCH", "/api/v1/accounts/balances", headers, body),
          200,
          (bytes, from, to) -> pay());
    }

    private void pay() {
      ask(
          Step.PAY,
          WaitingUsers.post(
              "/api/v1/accounts/payments", headers, seatAnd(",\"price\":" + sale.price())),
          201,
          (bytes, from, to) -> {
            done++;
            open--;
          });
    }

    private byte[] get(String path) {
      return ("GET "
              + path
              + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
              + headers
              + "\r\n")
          .getBytes(StandardCharsets.US_ASCII);
    }

    private String seatAnd(String more) {
      return "{\"scheduleId\":\"%s\",\"seatId\":\"%s\"%s}".formatted(sale.scheduleId(), seat, more);
    }

    private void ask(Step step, byte[] request, int expected, Then then) {
      long asked = System.nanoTime();
      wire.ask(
          request,
          (status, bytes, from, to) -> {
            times(step).add(System.nanoTime() - asked);
            if (status == expected) {
              then.goOn(bytes, from, to);
            } else {
              failed(step, status, new String(bytes, from, to - from, StandardCharsets.UTF_8));
            }
          });
    }

    private void failed(Step step, int status, String body) {
      open--;
      errors++;
      if (firstError.isEmpty()) {
        firstError = step + " " + status + " " + body;
      }
    }

    @Override
    public int compareTo(Journey other) {
      return Long.compare(pollNanos - other.pollNanos, 0);
    }
  }

  private interface Then {
    void goOn(byte[] bytes, int from, int to);
  }

  /** Always so many at once. */
  void run(int journeys, int atOnce) {
    run(journeys, atOnce, Long.MAX_VALUE);
  }

  /** Always so many at once, for so long; those that have begun by then end. */
  void runFor(long nanos, int atOnce) {
    run(Integer.MAX_VALUE, atOnce, nanos);
  }

  private void run(int journeys, int atOnce, long nanos) {
    long began = System.nanoTime();
    wire.run(
        () -> done + errors == journeys || (open == 0 && System.nanoTime() - began >= nanos),
        () -> {
          while (open < atOnce && begun < journeys && System.nanoTime() - began < nanos) {
            begin();
          }
          pollWhoIsDue();
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
          pollWhoIsDue();
        });
  }

  /** So many get in and go no further until {@link #buy}. */
  void letIn(int journeys, int atOnce) {
    stopInside = true;
    wire.run(
        () -> inside.size() + errors == journeys,
        () -> {
          while (open - inside.size() < atOnce && begun < journeys) {
            begin();
          }
          pollWhoIsDue();
        });
    stopInside = false;
  }

  /** All who are in hold, charge and pay, always so many at once. */
  void buy(int atOnce) {
    int all = inside.size();
    int before = done + errors;
    wire.run(
        () -> done + errors - before == all,
        () -> {
          while (open - inside.size() < atOnce && !inside.isEmpty()) {
            inside.remove().hold();
          }
        });
  }

  private void begin() {
    Journey journey = new Journey();
    begun++;
    open++;
    journey.enter();
  }

  private void pollWhoIsDue() {
    long now = System.nanoTime();
    List<Journey> due = new ArrayList<>();
    for (Journey next = waiting.peek();
        next != null && next.pollNanos - now <= 0;
        next = waiting.peek()) {
      due.add(waiting.remove());
    }
    due.forEach(Journey::poll);
  }

  private static boolean isActive(byte[] bytes, int from, int to) {
    return Scan.in(bytes, from, to, "waitingUserNum") == 0;
  }

  private static String jwt(byte[] bytes, int from, int to) {
    String body = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    int begin = body.indexOf("\"jwt\":\"") + 7;
    return body.substring(begin, body.indexOf('"', begin));
  }

  /** How long the answers to one step took, errors too. */
  Times times(Step step) {
    return times.getOrDefault(step, new Times());
  }

  /** Whole ones, with a bill at the end. */
  int done() {
    return done;
  }

  int errors() {
    return errors;
  }

  /** Step, status and body of the first answer that wasn't expected; empty without any. */
  String firstError() {
    return firstError;
  }
}
