package io.concert.queue.line;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.Draw;
import io.concert.queue.api.DrawResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who waits, line behind line in the order of admission. Each stands at a spot, as {@link
 * DrawnPositions} says.
 */
public final class Lines {
  public static final long NOWHERE = DrawnPositions.NOWHERE;

  private final Changes changes;
  private final NavigableMap<Integer, Line> lines = new TreeMap<>();
  private final DrawnPositions draws = new DrawnPositions();

  /** Null where lines came from elsewhere and nobody has been looked for yet. */
  private @Nullable PlaceIndex index = newIndex();

  /** How many wait, while there is no index. */
  private int unindexed;

  public Lines(Changes changes) {
    this.changes = changes;
  }

  /** Where a place stands, or {@link #NOWHERE}. */
  public long spotOf(Place place) {
    return draws.spotOf(place);
  }

  public Place placeAt(long spot) {
    return draws.placeAt(spot);
  }

  /** The waiting user's number, or a mark of {@link Line}. */
  public long userAt(long spot) {
    Line line = lines.get(DrawnPositions.lineOf(spot));
    return line == null ? Line.UNKNOWN : line.userAt(DrawnPositions.indexOf(spot));
  }

  /** Where a user waits, or {@link #NOWHERE}. */
  public long spotOf(UserId user) {
    return index().find(user.number());
  }

  public long arrivalAt(long spot) {
    return at(spot).arrivalAt(DrawnPositions.indexOf(spot));
  }

  /** Whether somebody waits there who was seen since. */
  public boolean isPresent(long spot, long sinceMillis) {
    Line line = at(spot);
    return line.isPresent(DrawnPositions.indexOf(spot))
        && line.lastSeenAt(DrawnPositions.indexOf(spot)) >= sinceMillis;
  }

  long lastSeenAt(long spot) {
    return at(spot).lastSeenAt(DrawnPositions.indexOf(spot));
  }

  /** The first sequence of an epoch behind all that are known; the epoch must not be drawn. */
  public int end(int epoch) {
    Line line = lines.get(epoch);
    return line == null ? 0 : line.end();
  }

  public void stand(long spot, UserId user, long arrivalMillis, long nowMillis) {
    PlaceIndex before = index();
    line(DrawnPositions.lineOf(spot))
        .stand(DrawnPositions.indexOf(spot), user.number(), arrivalMillis, nowMillis);
    before.add(user.number(), spot);
  }

  public void see(long spot, long nowMillis) {
    at(spot).see(DrawnPositions.indexOf(spot), nowMillis);
  }

  /** Anyone who waits there doesn't any more. */
  public void leave(long spot, long mark) {
    long user = userAt(spot);
    if (user > 0) {
      index().remove(user);
    }
    line(DrawnPositions.lineOf(spot)).mark(DrawnPositions.indexOf(spot), mark);
  }

  public boolean anyoneUnseenSince(long millis) {
    for (Line line : lines.values()) {
      if (line.anyoneUnseenSince(millis)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Those last seen before {@code millis} become absent.
   *
   * @return how many
   */
  public int expire(long millis) {
    int expired = 0;
    for (Line line : lines.values()) {
      expired += line.expire(millis);
    }
    return expired;
  }

  /** How many are present, the unseen not yet expired among them. */
  public int present() {
    int present = 0;
    for (Line line : lines.values()) {
      present += line.present();
    }
    return present;
  }

  /** How many are present, as if {@link #expire} had been called. */
  public long presentSince(long millis) {
    long present = 0;
    for (Line line : lines.values()) {
      present += line.presentBefore(line.end(), millis);
    }
    return present;
  }

  /** How many are present before a spot, as if {@link #expire} had been called. */
  public long presentBefore(long spot, long millis) {
    long before = 0;
    for (Line line : lines.headMap(DrawnPositions.lineOf(spot), false).values()) {
      before += line.presentBefore(line.end(), millis);
    }
    Line own = lines.get(DrawnPositions.lineOf(spot));
    return own == null ? before : before + own.presentBefore(DrawnPositions.indexOf(spot), millis);
  }

  /** The first people present, in order. */
  public List<Long> first(int limit, long sinceMillis) {
    List<Long> first = new ArrayList<>();
    for (var numbered : lines.entrySet()) {
      Line line = numbered.getValue();
      for (int rank = 0; first.size() < limit && rank < line.present(); rank++) {
        int index = line.presentAt(rank);
        if (line.lastSeenAt(index) >= sinceMillis) {
          first.add(PlaceIndex.pack(numbered.getKey(), index));
        }
      }
    }
    return first;
  }

  public boolean isDrawn(int epoch) {
    return draws.of(epoch) != null;
  }

  /**
   * The order of a draw that was made. Who took part and is here moves to the position drawn; who
   * comes back later will stand there, too. Known draws are skipped.
   */
  public void draw(DrawResult result) {
    if (draws.knows(result)) {
      return;
    }
    Draw draw = new Draw(result);
    if (result.sizes().isEmpty()) {
      draws.add(draw);
      return;
    }
    NavigableMap<Integer, Line> before =
        new TreeMap<>(lines.subMap(draw.firstEpoch(), true, draw.lastEpoch(), true));
    lines.keySet().removeAll(before.keySet());
    draws.add(draw);
    Line drawn = line(draw.lastEpoch());
    before.forEach((epoch, line) -> move(epoch, line, drawn, draw));
    appear(before, drawn, draw);
    expect(waiting());
  }

  private static void move(int epoch, Line from, Line to, Draw draw) {
    for (int sequence = 0; sequence < from.end(); sequence++) {
      long user = from.userAt(sequence);
      int position = draw.positionOf(new Place(epoch, sequence));
      if (user != Line.UNKNOWN && position >= 0) {
        if (user > 0) {
          to.keep(position, user, from.arrivalAt(sequence));
        } else {
          to.mark(position, user);
        }
      }
    }
  }

  private record Present(long seenMillis, int position) {}

  /** Those present go on being so, each since when they were seen, the longest ago first. */
  private static void appear(NavigableMap<Integer, Line> before, Line drawn, Draw draw) {
    List<Present> present = new ArrayList<>();
    before.forEach(
        (epoch, line) -> {
          for (int i = line.oldestSeen(); i >= 0; i = line.newerThan(i)) {
            int position = draw.positionOf(new Place(epoch, i));
            if (position >= 0) {
              present.add(new Present(line.lastSeenAt(i), position));
            }
          }
        });
    present.sort(Comparator.comparingLong(Present::seenMillis));
    present.forEach(one -> drawn.see(one.position(), one.seenMillis()));
  }

  public NavigableMap<Integer, Line> byEpoch() {
    return lines;
  }

  public List<DrawResult> draws() {
    return draws.results();
  }

  /** The line of an epoch, begun if nobody stood there yet. */
  public Line line(int epoch) {
    return lines.computeIfAbsent(epoch, e -> new Line(changes));
  }

  /** How many wait, present or absent. */
  public int waiting() {
    return index == null ? unindexed : index.size();
  }

  /**
   * So many people wait in lines that were or will be filled from outside. Where is found out when
   * the first of them is looked for: the rooms that wait while this one is read needn't wait for
   * it.
   */
  public void expect(int people) {
    index = null;
    unindexed = people;
  }

  /** To be had before a line changes: if it has to be made it takes in everybody who is there. */
  private PlaceIndex index() {
    PlaceIndex known = index;
    if (known == null) {
      known = newIndex();
      known.expect(unindexed);
      addAllTo(known);
      index = known;
    }
    return known;
  }

  private void addAllTo(PlaceIndex index) {
    PackedPage.Buffer buffer = new PackedPage.Buffer();
    lines.forEach(
        (epoch, line) -> {
          for (int number = 0; number < line.pageCount(); number++) {
            index.addPage(
                line.pages().users(number, buffer), PlaceIndex.pack(epoch, number * Page.SIZE));
          }
        });
  }

  private Line at(long spot) {
    Line line = lines.get(DrawnPositions.lineOf(spot));
    if (line == null) {
      throw new IllegalStateException("nobody was ever known at this place");
    }
    return line;
  }

  private PlaceIndex newIndex() {
    LongUnaryOperator userAt = this::userAt;
    return new PlaceIndex(userAt);
  }
}
