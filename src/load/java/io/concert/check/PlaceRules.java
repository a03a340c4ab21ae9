package io.concert.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * I14: no place is given to two people, and anyone who has one keeps it until it is used or left.
 */
final class PlaceRules {
  private PlaceRules() {}

  static List<Violation> check(Evidence evidence) {
    List<Violation> found = new ArrayList<>(givenTwice(evidence));
    evidence.byUser().values().forEach(life -> found.addAll(new Life().follow(life)));
    return found;
  }

  private static List<Violation> givenTwice(Evidence evidence) {
    List<Violation> found = new ArrayList<>();
    Map<Place, Operation> givenTo = new HashMap<>();
    for (Operation operation : evidence.operations()) {
      Optional<Place> place = operation.succeeded() ? Place.in(operation) : Optional.empty();
      Operation first = place.map(given -> givenTo.putIfAbsent(given, operation)).orElse(null);
      if (first != null && !first.user().equals(operation.user())) {
        found.add(
            Violation.of(
                "I14 place given twice",
                "%s has %s and so has %s"
                    .formatted(first.user(), place.orElseThrow(), operation.user()),
                first,
                operation));
        givenTo.put(place.orElseThrow(), operation); // One violation a pair, not one a poll.
      }
    }
    return found;
  }

  /** What one person may expect, step by step. */
  private static final class Life {
    private final List<Violation> found = new ArrayList<>();
    private @Nullable Operation joined;
    private @Nullable Operation active;

    /** Left, or paid and so maybe at the session's end: from then on any answer is right. */
    private boolean mayHaveEnded;

    List<Violation> follow(List<Operation> life) {
      life.forEach(this::next);
      return found;
    }

    private void next(Operation now) {
      if (now.is("leave") && now.status() != null && now.hasStatus(503)) {
        return;
      }
      if (now.is("leave") || (now.is("pay") && (now.succeeded() || now.unknown()))) {
        mayHaveEnded = true;
      }
      if (now.status() == null || mayHaveEnded) {
        return;
      }
      if (now.succeeded()) {
        Place.in(now).ifPresent(place -> keeps(place, now));
        stays(now);
      } else if (joined != null) {
        isNotTurnedAway(now, joined);
      }
    }

    private void keeps(Place place, Operation now) {
      if (joined != null && !place.equals(Place.in(joined).orElseThrow())) {
        lost("place lost", "had another place than " + place, joined, now);
      }
      if (joined == null) {
        joined = now;
      }
    }

    private void stays(Operation now) {
      if (now.state().equals("ENDED") && joined != null) {
        lost("place lost", "hears ENDED", joined, now);
      } else if (now.state().equals("ACTIVE")) {
        active = active == null ? now : active;
      } else if (now.state().equals("WAITING") && active != null) {
        lost("admission lost", "was ACTIVE and hears WAITING", active, now);
      }
    }

    private void isNotTurnedAway(Operation now, Operation since) {
      if (now.hasStatus(401)) {
        lost("place lost", "hears 401 " + now.code(), since, now);
      } else if (now.hasStatus(404) && !now.is("charge")) {
        lost("place lost", "hears 404 " + now.code(), since, now);
      } else if (now.hasStatus(403) && now.code().equals("NOT_ADMITTED") && active != null) {
        lost("admission lost", "hears 403 NOT_ADMITTED", active, now);
      }
    }

    private void lost(String rule, String what, Operation before, Operation now) {
      found.add(Violation.of("I14 " + rule, now.user() + " " + what, before, now));
    }
  }
}
