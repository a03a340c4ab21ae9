package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * I12 to I14 of a room's slots, by the database's rows: never more people active than the capacity,
 * nobody twice, each place used once, in order while nothing is broken, and slots that become free.
 */
final class RoomRules {
  /** What has come to its end is ended within a second, and looked at by a busy machine. */
  private static final long ENDED_WITHIN_MICROS = 2_000_000;

  /** A slot that is free is taken within 300 ms; the rest is for a busy machine. */
  private static final long TAKEN_WITHIN_MILLIS = 3_000;

  /** Anyone who polls as often as this is present by every setting. */
  private static final long PRESENT_MILLIS = 5_000;

  private final Evidence evidence;
  private final List<Violation> found = new ArrayList<>();
  private final Map<String, List<JsonNode>> sessions = new HashMap<>();

  private RoomRules(Evidence evidence) {
    this.evidence = evidence;
    for (JsonNode session : evidence.rows("session")) {
      sessions
          .computeIfAbsent(session.path("room").asText(), room -> new ArrayList<>())
          .add(session);
    }
  }

  private record Step(long at, int change) {}

  static List<Violation> check(Evidence evidence) {
    RoomRules rules = new RoomRules(evidence);
    Map<String, JsonNode> rooms = new HashMap<>();
    evidence.rows("room").forEach(room -> rooms.put(room.path("id").asText(), room));
    rules.sessions.forEach(
        (id, inside) -> {
          JsonNode room = rooms.get(id);
          if (room == null) {
            rules.found.add(Violation.of("I13 capacity", "sessions of no room: " + id));
          } else {
            rules.capacity(room, inside);
          }
          rules.onePlaceOneSession(inside);
          rules.onePersonOneSession(inside);
        });
    rules.endsInTime();
    rules.leftIsFree();
    rules.holdsHaveSessions();
    if (evidence.disturbances().isEmpty()) {
      rules.inOrder();
      rooms.values().forEach(rules::noSlotStaysEmpty);
    }
    return rules.found;
  }

  private void capacity(JsonNode room, List<JsonNode> inside) {
    List<Step> steps = new ArrayList<>();
    for (JsonNode session : inside) {
      steps.add(new Step(admitted(session), 1));
      if (session.hasNonNull("endedMicros")) {
        steps.add(new Step(ended(session), -1));
      }
    }
    int most = most(steps);
    if (most > room.path("capacity").asInt()) {
      found.add(
          Violation.of(
              "I13 capacity",
              "%d active in %s of %d"
                  .formatted(most, room.path("id").asText(), room.path("capacity").asInt())));
    }
  }

  /** Who leaves in the same microsecond leaves first. */
  private static int most(List<Step> steps) {
    int now = 0;
    int most = 0;
    for (Step step :
        steps.stream()
            .sorted(Comparator.comparingLong(Step::at).thenComparingInt(Step::change))
            .toList()) {
      now += step.change();
      most = Math.max(most, now);
    }
    return most;
  }

  private void onePlaceOneSession(List<JsonNode> inside) {
    Map<String, JsonNode> used = new HashMap<>();
    for (JsonNode session : inside) {
      if (session.has("sequence") && !session.path("returned").asBoolean()) {
        String place = session.path("epoch").asText() + "/" + session.path("sequence").asText();
        if (used.putIfAbsent(place, session) != null) {
          found.add(Violation.of("I14 place opened twice", place));
        }
      }
    }
  }

  private void onePersonOneSession(List<JsonNode> inside) {
    Map<String, List<Step>> steps = new HashMap<>();
    for (JsonNode session : inside) {
      if (session.hasNonNull("user")) {
        List<Step> own =
            steps.computeIfAbsent(session.get("user").asText(), user -> new ArrayList<>());
        own.add(new Step(admitted(session), 1));
        own.add(new Step(ended(session), -1));
      }
    }
    steps.forEach(
        (user, own) -> {
          if (most(own) > 1) {
            found.add(Violation.of("I13 two sessions", user + " was in twice at once"));
          }
        });
  }

  /** I12: at the end nothing stands that was due before. */
  private void endsInTime() {
    for (JsonNode now : evidence.rows("now")) {
      long due = now.path("micros").asLong() - ENDED_WITHIN_MICROS;
      for (JsonNode session : evidence.rows("session")) {
        if (!session.hasNonNull("endedMicros")
            && session.hasNonNull("lastsMicros")
            && session.get("lastsMicros").asLong() < due) {
          found.add(Violation.of("I12 session past its end", session.toString()));
        }
      }
      for (JsonNode claim : evidence.rows("claim")) {
        if (claim.path("state").asInt() == 1
            && claim.hasNonNull("deadlineMicros")
            && claim.get("deadlineMicros").asLong() < due) {
          found.add(Violation.of("I12 hold past its deadline", claim.toString()));
        }
      }
    }
  }

  /** Anyone who was told that they have left is out, and holds nothing. */
  private void leftIsFree() {
    for (List<Operation> life : evidence.byUser().values()) {
      Operation last = life.get(life.size() - 1);
      if (!last.is("leave") || !last.hasStatus(204)) {
        continue;
      }
      for (JsonNode session : evidence.rows("session")) {
        if (session.path("user").asText().equals(last.user())
            && !session.hasNonNull("endedMicros")) {
          found.add(Violation.of("I12 slot not freed", last.user() + " left and is in", last));
        }
      }
      for (JsonNode claim : evidence.rows("claim")) {
        if (claim.path("user").asText().equals(last.user()) && claim.path("state").asInt() == 1) {
          found.add(
              Violation.of(
                  "I12 hold of one who left", last.user() + " holds " + claim.path("seat"), last));
        }
      }
    }
  }

  /** A hold begins in a session of its holder's, before that ends; it may end later. */
  private void holdsHaveSessions() {
    Map<String, String> rooms = new HashMap<>();
    evidence.rows("schedule").stream()
        .filter(row -> row.hasNonNull("room"))
        .forEach(row -> rooms.put(row.path("id").asText(), row.path("room").asText()));
    Seats seats = new Seats(evidence);
    for (String seat : seats.bySeat().keySet()) {
      for (Operation hold : seats.holds(seat)) {
        String room = rooms.get(hold.date());
        long at = hold.time("reservedAt").orElse(0);
        if (room != null
            && sessions.getOrDefault(room, List.of()).stream()
                .noneMatch(one -> covers(one, hold.user(), at))) {
          found.add(
              Violation.of("I13 held without a session", hold.user() + " holds " + seat, hold));
        }
      }
    }
  }

  private static boolean covers(JsonNode session, String user, long millis) {
    long ends = session.path("endsMicros").asLong(Long.MAX_VALUE);
    return session.path("user").asText().equals(user)
        && admitted(session) / 1_000 <= millis
        && millis <= Math.min(ended(session), ends) / 1_000;
  }

  /**
   * I13: nobody who was there all the time is overtaken. Compared are people of whom one joined
   * after the other had the answer to that, and who both poll often.
   */
  private void inOrder() {
    List<Waiting> line = new ArrayList<>();
    evidence.byUser().forEach((user, life) -> Waiting.of(life, evidence).ifPresent(line::add));
    for (Waiting earlier : line) {
      for (Waiting later : line) {
        if (earlier.place().room().equals(later.place().room())
            && earlier.joined().end() < later.joined().asked()
            && later.admitted() < earlier.admitted()
            && earlier.isPresentUntil(later)) {
          found.add(
              Violation.of(
                  "I13 overtaken",
                  "%s by %s".formatted(earlier.joined().user(), later.joined().user()),
                  earlier.joined(),
                  later.joined()));
        }
      }
    }
  }

  /**
   * One who waits for the first turn.
   *
   * @param admitted microseconds of the database; the greatest number: never
   * @param polls until the first answer that isn't WAITING
   */
  private record Waiting(Place place, Operation joined, long admitted, List<Operation> polls) {
    static Optional<Waiting> of(List<Operation> life, Evidence evidence) {
      List<Operation> told = life.stream().filter(one -> Place.in(one).isPresent()).toList();
      if (told.isEmpty() || life.stream().anyMatch(one -> one.is("leave") && one.unknown())) {
        return Optional.empty();
      }
      Operation joined = told.get(0);
      Place place = Place.in(joined).orElseThrow();
      List<Operation> polls = new ArrayList<>();
      for (Operation one : told) {
        polls.add(one);
        if (!one.state().equals("WAITING")) {
          break;
        }
      }
      long admitted =
          evidence.rows("session").stream()
              .filter(one -> one.path("user").asText().equals(joined.user()))
              .filter(one -> one.path("room").asText().equals(place.room()))
              .mapToLong(RoomRules::admitted)
              .min()
              .orElse(Long.MAX_VALUE);
      return Optional.of(new Waiting(place, joined, admitted, polls));
    }

    /** By the polls: never away for long, and waiting still after the other knew to be in. */
    boolean isPresentUntil(Waiting other) {
      Operation in = other.polls().get(other.polls().size() - 1);
      long last = joined.asked();
      for (Operation poll : polls) {
        if (!poll.state().equals("WAITING") || poll.asked() - last > PRESENT_MILLIS) {
          return false;
        }
        if (in.state().equals("ACTIVE") && poll.asked() > in.end()) {
          return true;
        }
        last = poll.asked();
      }
      return false;
    }
  }

  /** I12: who waits and polls gets a slot that is free. */
  private void noSlotStaysEmpty(JsonNode room) {
    List<Step> steps = new ArrayList<>();
    for (JsonNode session : sessions.getOrDefault(room.path("id").asText(), List.of())) {
      steps.add(new Step(admitted(session), 1));
      steps.add(new Step(ended(session), -1));
    }
    for (List<Operation> life : evidence.byUser().values()) {
      Operation first = null;
      for (Operation one : life) {
        if (!one.state().equals("WAITING")
            || !one.body().path("room").asText().equals(room.path("id").asText())) {
          first = null;
          continue;
        }
        first = first == null ? one : first;
        long from = first.time("serverTime").orElse(0) * 1_000;
        long to = one.time("serverTime").orElse(0) * 1_000;
        if (to - from > TAKEN_WITHIN_MILLIS * 1_000
            && mostWithin(steps, from, to) < room.path("capacity").asInt()) {
          found.add(
              Violation.of("I12 slot left empty", one.user() + " waits before it", first, one));
          break;
        }
      }
    }
  }

  private static int mostWithin(List<Step> steps, long from, long to) {
    List<Step> until = steps.stream().filter(step -> step.at() <= to).toList();
    int atFrom = until.stream().filter(step -> step.at() < from).mapToInt(Step::change).sum();
    List<Step> within = new ArrayList<>();
    within.add(new Step(from, atFrom));
    until.stream().filter(step -> step.at() >= from).forEach(within::add);
    return most(within);
  }

  private static long admitted(JsonNode session) {
    return session.path("admittedMicros").asLong();
  }

  private static long ended(JsonNode session) {
    return session.hasNonNull("endedMicros") ? session.get("endedMicros").asLong() : Long.MAX_VALUE;
  }
}
