package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.line.Changes;
import io.concert.queue.line.Line;
import io.concert.queue.line.Lines;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is in, as the database said. What is learned is merged so that late, repeated and reordered
 * news lead to the same state: an ended session's place stays spent, and a session that was given
 * back can't live again, as a user's sessions have rising ids.
 */
final class Sessions {
  /** As many people may have given a session back and still have news of it under way. */
  private static final int RETURNS_REMEMBERED = 4096;

  /** So many ends a node that looks late may have missed before it is told everything anew. */
  private static final int ENDS_REMEMBERED = 4096;

  private final Lines lines;
  private final Changes changes;
  private final Map<UserId, Live> live = new HashMap<>();
  private final Deque<End> ends = new ArrayDeque<>();
  private long endsKnownSince;
  private int endedSoFar;
  private final Map<UserId, SessionId> returned =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UserId, SessionId> eldest) {
          return size() > RETURNS_REMEMBERED;
        }
      };

  private record Live(SessionRow session, long changedAt) {}

  private record End(Place place, long at) {}

  Sessions(Lines lines, Changes changes) {
    this.lines = lines;
    this.changes = changes;
    this.endsKnownSince = changes.now();
  }

  @Nullable SessionRow of(UserId user) {
    Live known = live.get(user);
    return known == null ? null : known.session();
  }

  /** The user's session, if this place has led to it. */
  @Nullable SessionRow at(UserId user, Place place) {
    SessionRow session = of(user);
    return session != null && session.place().equals(place) ? session : null;
  }

  int count() {
    return live.size();
  }

  /** How many have ended since this copy was made. */
  int endedSoFar() {
    return endedSoFar;
  }

  /** Whether learning it would change anything. */
  boolean isNews(SessionRow sessionRow) {
    long spot = lines.spotOf(sessionRow.place());
    if (spot == Lines.NOWHERE || lines.userAt(spot) == Line.SPENT || isPast(sessionRow)) {
      return false;
    }
    SessionRow known = of(sessionRow.user());
    if (known == null || sessionRow.ended()) {
      return true;
    }
    int age = Long.compare(sessionRow.id().number(), known.id().number());
    boolean sameUnchanged = age == 0 && known.merge(sessionRow).equals(known);
    boolean earlierHere = age < 0 && known.place().equals(sessionRow.place());
    return !sameUnchanged && !earlierHere;
  }

  /** Takes over what a row says. */
  void learn(SessionRow sessionRow) {
    long spot = lines.spotOf(sessionRow.place());
    if (spot == Lines.NOWHERE || lines.userAt(spot) == Line.SPENT || isPast(sessionRow)) {
      return;
    }
    SessionRow known = of(sessionRow.user());
    boolean here = known != null && known.place().equals(sessionRow.place());
    if (known != null && known.id().number() < sessionRow.id().number()) {
      // A user has one live session at a time, so the one with the lesser id must have ended. This
      // place opens the door again, so that one was given back.
      if (!here) {
        lines.leave(lines.spotOf(known.place()), Line.SPENT);
      }
      end(known);
    }
    boolean isLatest = known == null || known.id().number() <= sessionRow.id().number();
    if (sessionRow.returned()) {
      takeBack(sessionRow, here && isLatest);
    } else if (sessionRow.ended()) {
      lines.leave(spot, Line.SPENT);
      if (known != null && known.id().equals(sessionRow.id())) {
        end(known);
      }
    } else if (isLatest) {
      open(
          known != null && known.id().equals(sessionRow.id())
              ? known.merge(sessionRow)
              : sessionRow);
    } else if (!here) {
      lines.leave(spot, Line.SPENT);
    }
  }

  /**
   * @param wasIn whether the place is only known as that of a session
   */
  private void takeBack(SessionRow sessionRow, boolean wasIn) {
    returned.put(sessionRow.user(), sessionRow.id());
    SessionRow known = of(sessionRow.user());
    if (known != null && known.id().equals(sessionRow.id())) {
      end(known);
    }
    if (wasIn) {
      lines.leave(lines.spotOf(sessionRow.place()), Line.MISSED);
    }
  }

  /** Every live session that has changed since; all of them for 0. */
  List<SessionRow> changedSince(long change) {
    List<SessionRow> changed = new ArrayList<>();
    for (Live one : live.values()) {
      if (one.changedAt() > change) {
        changed.add(one.session());
      }
    }
    return changed;
  }

  /** Places whose sessions have ended since; null if that isn't known any more. */
  @Nullable List<Place> endedSince(long change) {
    if (change < endsKnownSince) {
      return null;
    }
    List<Place> ended = new ArrayList<>();
    var latest = ends.descendingIterator();
    while (latest.hasNext()) {
      End end = latest.next();
      if (end.at() <= change) {
        break;
      }
      ended.add(end.place());
    }
    return ended;
  }

  Collection<SessionRow> all() {
    return live.values().stream().map(Live::session).toList();
  }

  Map<UserId, SessionId> returned() {
    return returned;
  }

  void restore(SessionRow session) {
    live.put(session.user(), new Live(session, changes.now()));
  }

  void restoreReturned(UserId user, SessionId session) {
    returned.put(user, session);
  }

  /** Known ends begin here: this copy was just read from somewhere. */
  void restored() {
    endsKnownSince = changes.now();
  }

  /**
   * News of a session that its owner is known to have given back, or of one before it. That a place
   * is used up is always news.
   */
  private boolean isPast(SessionRow sessionRow) {
    if (sessionRow.ended() && !sessionRow.returned()) {
      return false;
    }
    SessionId last = returned.get(sessionRow.user());
    return last != null && sessionRow.id().number() <= last.number();
  }

  private void open(SessionRow session) {
    lines.leave(lines.spotOf(session.place()), Line.TAKEN);
    giveUpWaiting(session.user());
    live.put(session.user(), new Live(session, changes.now()));
  }

  /** Anyone who has a session keeps no other place. */
  private void giveUpWaiting(UserId user) {
    long waiting = lines.spotOf(user);
    if (waiting != Lines.NOWHERE) {
      lines.leave(waiting, Line.TAKEN);
    }
  }

  private void end(SessionRow session) {
    live.remove(session.user());
    endedSoFar++;
    ends.addLast(new End(session.place(), changes.now()));
    if (ends.size() > ENDS_REMEMBERED) {
      endsKnownSince = Math.max(endsKnownSince, ends.removeFirst().at());
    }
  }
}
