package io.concert.queue.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.queue.api.Draw;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.DrawTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrawnPositionsTest {
  private static final DrawResult DRAWN = DrawTest.result(3, List.of(2, 3), "ab".repeat(32));

  private final DrawnPositions draws = new DrawnPositions();

  @Test
  void undrawnPlacesStandAtTheirSequence() {
    long spot = draws.spotOf(new Place(3, 7));
    assertThat(DrawnPositions.lineOf(spot)).isEqualTo(3);
    assertThat(DrawnPositions.indexOf(spot)).isEqualTo(7);
    assertThat(draws.placeAt(spot)).isEqualTo(new Place(3, 7));
  }

  @Test
  void placesThatCannotBeStandNowhere() {
    for (Place absurd :
        List.of(new Place(0, 0), new Place(-1, 5), new Place(2, -1), new Place(2, Line.LIMIT))) {
      assertThat(draws.spotOf(absurd)).as("%s", absurd).isEqualTo(DrawnPositions.NOWHERE);
    }
  }

  @Test
  void drawnEpochsShareTheLineOfTheLast() {
    draws.add(new Draw(DRAWN));
    List<Place> order = NaiveDraw.order(DRAWN);
    for (int position = 0; position < order.size(); position++) {
      long spot = draws.spotOf(order.get(position));
      assertThat(DrawnPositions.lineOf(spot)).isEqualTo(4);
      assertThat(DrawnPositions.indexOf(spot)).isEqualTo(position);
      assertThat(draws.placeAt(spot)).isEqualTo(order.get(position));
    }
    assertThat(draws.spotOf(new Place(3, 2))).isEqualTo(DrawnPositions.NOWHERE);
    assertThat(draws.spotOf(new Place(2, 9))).isEqualTo(PlaceIndex.pack(2, 9));
    assertThat(draws.spotOf(new Place(5, 9))).isEqualTo(PlaceIndex.pack(5, 9));
  }

  @Test
  void openingToWhichNobodyCameCoversNothing() {
    draws.add(new Draw(DrawTest.result(3, List.of(), "ab".repeat(32))));
    assertThat(draws.of(3)).isNull();
    assertThat(draws.spotOf(new Place(3, 1))).isEqualTo(PlaceIndex.pack(3, 1));
  }

  @Test
  void knownDrawsStay() {
    draws.add(new Draw(DRAWN));
    DrawResult later = DrawTest.result(5, List.of(1), "cd".repeat(32));

    DrawnPositions more = draws.with(List.of(DRAWN, later));

    assertThat(more.of(3)).isSameAs(draws.of(3));
    assertThat(more.results()).containsExactly(DRAWN, later);
    assertThat(draws.results()).as("unchanged").containsExactly(DRAWN);
  }
}
