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
  private final List<SessionRow> rows = new ArrayList<>();
  private final Map<UserId, Long> lastReturned = new HashMap<>();

  NaiveSessions(NaiveLine line) {
    this.line = line;
  }

  void learn(SessionRow sessionRow) {
    UserId user = sessionRow.user();
    Person there = line.at(sessionRow.place());
    if (line.isNowhere(sessionRow.place())
        || (there != null && there.at == At.SPENT)
        || ((sessionRow.returned() || !sessionRow.ended()) && wasReturned(sessionRow))) {
      return;
    }
    SessionRow row = of(user);
    boolean here = row != null && row.place().equals(sessionRow.place());
    if (row != null && row.id().number() < sessionRow.id().number()) {
      rows.remove(row);
      if (!here) {
        line.is(row.place(), user, At.SPENT);
      }
    }
    boolean later = row != null && row.id().number() > sessionRow.id().number();
    if (sessionRow.returned()) {
      lastReturned.put(user, sessionRow.id().number());
      if (row != null && here && !later) {
        rows.remove(row);
        line.is(row.place(), user, At.MISSED);
      }
    } else if (sessionRow.ended()) {
      rows.removeIf(one -> one.id().equals(sessionRow.id()));
      line.is(sessionRow.place(), user, At.SPENT);
    } else if (later) {
      if (!here) {
        line.is(sessionRow.place(), user, At.SPENT);
      }
    } else if (row == null || !row.id().equals(sessionRow.id())) {
      open(sessionRow);
    } else if (!longest(row, sessionRow).equals(row)) {
      rows.remove(row);
      open(longest(row, sessionRow));
    }
  }

  /** This one, or a later one of its owner's. */
  boolean wasReturned(SessionRow row) {
    return row.id().number() <= lastReturned.getOrDefault(row.user(), 0L);
  }

  private void open(SessionRow session) {
    line.is(session.place(), session.user(), At.GAVE_UP);
    line.giveUp(session.user());
    rows.add(session);
  }

  void end(UserId user, SessionId id) {
    SessionRow session = of(user);
    if (session != null && session.id().equals(id)) {
      learn(session.asEnded());
    }
  }

  private static SessionRow longest(SessionRow one, SessionRow other) {
    return new SessionRow(
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

  @Nullable SessionRow of(UserId user, Place place) {
    SessionRow session = of(user);
    return session != null && session.place().equals(place) ? session : null;
  }

  @Nullable SessionRow of(UserId user) {
    return rows.stream().filter(row -> row.user().equals(user)).findFirst().orElse(null);
  }
}
