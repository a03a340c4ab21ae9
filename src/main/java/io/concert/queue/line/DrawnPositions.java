package io.concert.queue.line;

import io.concert.domain.Place;
import io.concert.queue.api.Draw;
import io.concert.queue.api.DrawResult;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which spot a place stands at. A spot is a line and an index in it, packed into a long: the
 * epoch's line at the place's sequence, or after a draw one line for all epochs that took part, at
 * the position drawn. Greater spots are further back. Places are what tokens and sessions carry.
 */
public final class DrawnPositions {
  /** No such place was ever given. */
  static final long NOWHERE = PlaceIndex.NONE;

  private final NavigableMap<Integer, Draw> byFirstEpoch = new TreeMap<>();

  public static int lineOf(long spot) {
    return PlaceIndex.epochOf(spot);
  }

  public static int indexOf(long spot) {
    return PlaceIndex.sequenceOf(spot);
  }

  /** Where a place stands, or {@link #NOWHERE}. */
  public long spotOf(Place place) {
    if (place.epoch() < 1 || !Line.canHold(place.sequence())) {
      return NOWHERE;
    }
    Draw draw = of(place.epoch());
    if (draw == null) {
      return PlaceIndex.pack(place.epoch(), (int) place.sequence());
    }
    int position = draw.positionOf(place);
    return position < 0 ? NOWHERE : PlaceIndex.pack(draw.lastEpoch(), position);
  }

  Place placeAt(long spot) {
    Draw draw = of(lineOf(spot));
    return draw == null ? new Place(lineOf(spot), indexOf(spot)) : draw.placeAt(indexOf(spot));
  }

  /** The draw that covered an epoch. */
  @Nullable Draw of(int epoch) {
    var draw = byFirstEpoch.floorEntry(epoch);
    return draw == null || draw.getValue().lastEpoch() < epoch ? null : draw.getValue();
  }

  public boolean knows(DrawResult result) {
    return byFirstEpoch.containsKey(result.firstEpoch());
  }

  /** From now on the places that took part stand where they were drawn. */
  void add(Draw draw) {
    byFirstEpoch.put(draw.firstEpoch(), draw);
  }

  /** All of them and those of {@code results} that aren't known yet. */
  public DrawnPositions with(List<DrawResult> results) {
    DrawnPositions more = new DrawnPositions();
    more.byFirstEpoch.putAll(byFirstEpoch);
    results.stream().filter(result -> !knows(result)).map(Draw::new).forEach(more::add);
    return more;
  }

  public List<DrawResult> results() {
    return byFirstEpoch.values().stream().map(Draw::result).toList();
  }
}
