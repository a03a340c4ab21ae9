package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.line.NaiveLine;
import io.concert.queue.line.NaiveLine.At;
import io.concert.queue.line.NaiveLine.Person;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is inside a {@link NaiveRoom}, as far as the database's rows are known, which come late,
 * twice and out of order. What they say of places is written into the line.
 */
final class NaiveSessions {
  private final NaiveLine line;
  private final List<SessionTruth> rows = new ArrayList<>();
  private final Map<UserId, Long> lastReturned = new HashMap<>();

  NaiveSessions(NaiveLine line) {
    this.line = line;
  }

  void learn(SessionTruth truth) {
    UserId user = truth.user();
    Person there = line.at(truth.place());
    if (line.isNowhere(truth.place())
        || (there != null && there.at == At.SPENT)
        || ((truth.returned() || !truth.ended())
            && truth.id().number() <= lastReturned.getOrDefault(user, 0L))) {
      return;
    }
    SessionTruth row = of(user);
    boolean here = row != null && row.place().equals(truth.place());
    if (row != null && row.id().number() < truth.id().number()) {
      rows.remove(row);
      if (!here) {
        line.is(row.place(), user, At.SPENT);
      }
    }
    boolean later = row != null && row.id().number() > truth.id().number();
    if (truth.returned()) {
      lastReturned.put(user, truth.id().number());
      if (row != null && here && !later) {
        rows.remove(row);
        line.is(row.place(), user, At.MISSED);
      }
    } else if (truth.ended()) {
      rows.removeIf(one -> one.id().equals(truth.id()));
      line.is(truth.place(), user, At.SPENT);
    } else if (later) {
      if (!here) {
        line.is(truth.place(), user, At.SPENT);
      }
    } else if (row == null || !row.id().equals(truth.id())) {
      open(truth);
    } else if (!longest(row, truth).equals(row)) {
      rows.remove(row);
      open(longest(row, truth));
    }
  }

  private void open(SessionTruth session) {
    line.is(session.place(), session.user(), At.GAVE_UP);
    line.giveUp(session.user());
    rows.add(session);
  }

  void end(UserId user, SessionId id) {
    SessionTruth session = of(user);
    if (session != null && session.id().equals(id)) {
      learn(session.asEnded());
    }
  }

  private static SessionTruth longest(SessionTruth one, SessionTruth other) {
    return new SessionTruth(
        one.id(),
        one.user(),
        one.place(),
        one.arrivalMillis(),
        Math.max(one.endsAtMillis(), other.endsAtMillis()),
        Math.max(one.lastsUntilMillis(), other.lastsUntilMillis()),
        false,
        false);
  }

  int count() {
    return rows.size();
  }

  @Nullable SessionTruth of(UserId user, Place place) {
    SessionTruth session = of(user);
    return session != null && session.place().equals(place) ? session : null;
  }

  @Nullable SessionTruth of(UserId user) {
    return rows.stream().filter(row -> row.user().equals(user)).findFirst().orElse(null);
  }
}
