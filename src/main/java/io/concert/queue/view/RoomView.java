package io.concert.queue.view;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.line.DrawnPositions;
import io.concert.queue.pace.ThroughputWindow;
import io.concert.queue.room.RoomConfig;
import io.concert.queue.room.RoomDecisions;
import io.concert.queue.room.RoomDelta;
import io.concert.queue.room.RoomDeltaPages;
import io.concert.queue.room.RoomReply.Standing;
import io.concert.queue.room.SessionRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A room as a node saw it when it last looked. Immutable: any thread may read it. It gives the same
 * answers as the room did at that moment, and none where the room would have to be asked.
 */
public final class RoomView {
  private final long incarnation;
  private final long version;
  private final long sureUntilMillis;
  private final long sureForMillis;
  private final RoomConfig facts;
  private final DrawnPositions draws;
  private final ThroughputWindow.Sums flow;
  private final NavigableMap<Integer, ViewLine> lines;
  private final Map<Place, SessionRow> sessions;
  private final int present;
  private final int endingSoon;
  private final List<SessionRow> latest;

  private RoomView(
      RoomDelta delta,
      RoomConfig facts,
      DrawnPositions draws,
      NavigableMap<Integer, ViewLine> lines,
      Map<Place, SessionRow> sessions) {
    this.incarnation = delta.incarnation();
    this.version = delta.version();
    this.sureUntilMillis = delta.sureUntilMillis();
    this.sureForMillis = delta.sureUntilMillis() - delta.asOfMillis();
    this.facts = facts;
    this.draws = draws;
    this.flow = delta.flow();
    this.lines = lines;
    this.sessions = sessions;
    this.latest = delta.sessions();
    this.present = lines.values().stream().mapToInt(ViewLine::present).sum();
    long served = delta.asOfMillis() + sureFor().toMillis();
    this.endingSoon =
        (int) sessions.values().stream().filter(session -> !session.liveAt(served)).count();
  }

  /**
   * What is known after another look.
   *
   * @param known what was known before, if the delta adds to it
   */
  public static RoomView after(@Nullable RoomView known, RoomDelta delta) {
    RoomView base = delta.since() == 0 ? null : known;
    RoomConfig facts =
        delta
            .facts()
            .or(() -> Optional.ofNullable(base).map(RoomView::facts))
            .orElseThrow(() -> new IllegalStateException("a first delta has all facts"));
    DrawnPositions draws = base == null ? new DrawnPositions() : base.draws;
    Map<Place, SessionRow> sessions = base == null ? new HashMap<>() : new HashMap<>(base.sessions);
    delta.ended().forEach(sessions::remove);
    delta.sessions().forEach(session -> sessions.put(session.place(), session));
    NavigableMap<Integer, ViewLine> lines =
        base == null ? new TreeMap<>() : new TreeMap<>(base.lines);
    delta.draws().stream()
        .filter(draw -> !draws.knows(draw) && !draw.sizes().isEmpty())
        .forEach(draw -> lines.subMap(draw.firstEpoch(), true, draw.lastEpoch(), true).clear());
    return new RoomView(
        delta, facts, draws.with(delta.draws()), changed(lines, delta.pages()), sessions);
  }

  private static NavigableMap<Integer, ViewLine> changed(
      NavigableMap<Integer, ViewLine> lines, byte[] pages) {
    Map<Integer, ViewLine.Builder> changed = new HashMap<>();
    RoomDeltaPages.read(
        pages,
        (line, number, waiting, present) ->
            changed
                .computeIfAbsent(line, l -> new ViewLine.Builder(lines.get(l)))
                .page(number, waiting, present));
    changed.forEach((line, builder) -> lines.put(line, builder.build()));
    return lines;
  }

  /** Where a place stood; empty if the room has to be asked. */
  public Optional<Standing> standing(UserId user, Place place, long arrivalMillis, long now) {
    SessionRow session = sessions.get(place);
    if (session != null && session.user().equals(user)) {
      return session.liveAt(now) ? Optional.of(facts.inside(session, now)) : Optional.empty();
    }
    long spot = draws.spotOf(place);
    ViewLine own = lines.get(DrawnPositions.lineOf(spot));
    int index = DrawnPositions.indexOf(spot);
    if (own == null || !own.isWaiting(index)) {
      return Optional.empty();
    }
    long before = own.presentBefore(index);
    for (ViewLine earlier : lines.headMap(DrawnPositions.lineOf(spot), false).values()) {
      before += earlier.present();
    }
    long gathered = (long) present + (own.isPresent(index) ? 0 : 1);
    return Optional.of(
        facts.waiting(false, user, place, arrivalMillis, before, gathered, free(), flow, now));
  }

  /** Whether a place may use the reservation endpoints; empty if the room has to be asked. */
  public Optional<Admission> admission(UserId user, Place place, long now) {
    return session(user, place)
        .filter(session -> session.liveAt(now))
        .map(session -> session.admissionAt(now));
  }

  Optional<SessionRow> session(UserId user, Place place) {
    return Optional.ofNullable(sessions.get(place)).filter(session -> session.user().equals(user));
  }

  /** Whether somebody who waits in this view is sure to wait: nobody else can have let them in. */
  public boolean isSureAt(long nowMillis) {
    return nowMillis < sureUntilMillis;
  }

  /** How long that holds, from the look on. */
  Duration sureFor() {
    return Duration.ofMillis(Math.max(0, Math.min(sureForMillis, 60_000)));
  }

  /**
   * Whether somebody with this number may have been let in since the look. Another node may have
   * said so already: then only the room knows.
   */
  boolean mayBeIn(long number) {
    return number <= (long) free() + endingSoon + RoomDecisions.FRONT;
  }

  public long incarnation() {
    return incarnation;
  }

  public long version() {
    return version;
  }

  RoomConfig facts() {
    return facts;
  }

  public int present() {
    return present;
  }

  /** The sessions that the last look brought. */
  List<SessionRow> latest() {
    return latest;
  }

  public int active() {
    return sessions.size();
  }

  List<DrawResult> draws() {
    return draws.results();
  }

  private int free() {
    return facts.settings().capacity() - sessions.size();
  }
}
