package io.concert.catalog.placement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concert.catalog.Venues;
import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.SeatIndex;
import io.concert.catalog.reader.ImportResult.Imported;
import io.concert.catalog.reader.LayoutCsv;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutPlacementTest {
  private static final String HEADER = "section,row,seat_no,x,y,grade,price\n";
  private static final String OUTLINES = "section,seats,cx,cy,min_x,min_y,max_x,max_y\n";

  @ParameterizedTest
  @CsvSource({
    "ticketland_demo_hall, 1115, 6, false",
    "metalist_kharkiv, 39616, 58, true",
    "rakuten_taoyuan, 10504, 52, true",
    "xinzhuang, 6967, 51, true",
  })
  void placesEverySeatOfARealPlanByItself(String plan, int seats, int sections, boolean schematic) {
    Layout layout = Venues.layout(plan);

    assertThat(layout.seats()).isEqualTo(seats);
    assertThat(layout.sections()).hasSize(sections);
    assertThat(layout.schematic()).isEqualTo(schematic);
    assertThat(IntStream.range(0, seats).mapToObj(layout::seatNo).distinct()).hasSize(seats);
    assertThat(new SeatIndex(layout).nearestTwo()).isGreaterThan(0.2);
  }

  @ParameterizedTest
  @CsvSource({"ticketland_demo_hall", "metalist_kharkiv", "rakuten_taoyuan", "xinzhuang"})
  void placesTheSamePlanTheSameWayEachTime(String plan) {
    assertThat(Venues.layout(Venues.draft(plan)).version())
        .isEqualTo(Venues.layout(plan).version());
  }

  @ParameterizedTest
  @CsvSource({"metalist_kharkiv", "rakuten_taoyuan", "xinzhuang"})
  void keepsSectionsOffEachOther(String plan) {
    assertThat(new SeatIndex(Venues.layout(plan)).strangersBetweenNeighbours()).isZero();
  }

  @Test
  void takesCoordinatesOfOnePlaneAsTheyAre() {
    Layout layout = Venues.layout(draft("A,1,1,-3.5,4,S,5\nB,1,1,10,4,S,5\n", ""));

    assertThat(layout.schematic()).isFalse();
    assertThat(layout.x(0)).isEqualTo(-3.5);
    assertThat(layout.stage().x()).isCloseTo(3.25, within(0.01));
    assertThat(layout.stage().y()).isLessThan(4);
  }

  @Test
  void takesCoordinatesThatTwoSectionsShareAsCellsWithinEach() {
    Layout layout =
        Venues.layout(draft("A,1,1,1,1,S,5\nA,1,2,4,1,S,5\nA,2,1,2,2,S,5\nB,1,1,1,1,S,5\n", ""));

    assertThat(layout.schematic()).isTrue();
    // The gap of two cells between the seats stays.
    assertThat(distance(layout, 0, 1)).isCloseTo(30, within(0.1));
    assertThat(toStage(layout, 0)).isLessThan(toStage(layout, 2));
    assertThat(layout.x(0)).isLessThan(layout.x(3));
  }

  @Test
  void putsSeatsIntoTheirSectionsBoxRowByRow() {
    Layout layout =
        Venues.layout(
            draft(
                "A,1,1,,,S,5\nA,1,2,,,S,5\nA,2,1,,,S,5\nB,1,1,,,S,5\n",
                "A,3,,,0,10,40,30\nB,1,,,50,10,60,30\n"));

    assertThat(layout.schematic()).isFalse();
    for (int seat = 0; seat < 3; seat++) {
      assertThat(layout.x(seat)).isBetween(0.0, 40.0);
      assertThat(layout.y(seat)).isBetween(10.0, 30.0);
    }
    assertThat(layout.x(3)).isBetween(50.0, 60.0);
    assertThat(layout.x(0)).isLessThan(layout.x(1));
    assertThat(layout.y(0)).isEqualTo(layout.y(1)).isLessThan(layout.y(2));
  }

  @Test
  void putsASectionWithoutABoxBesideItsNeighboursAndSaysSo() {
    Layout layout =
        Venues.layout(
            draft(
                "A,1,1,,,S,5\nB,1,1,,,S,5\nC,1,1,,,S,5\n",
                "A,1,,,0,10,40,30\nC,1,,,40,10,80,30\n"));

    assertThat(layout.schematic()).isTrue();
    assertThat(distance(layout, 0, 1)).isBetween(15.0, 50.0);
    assertThat(distance(layout, 2, 1)).isBetween(15.0, 50.0);
  }

  @Test
  void arrangesOnArcsWhenBoxesLieOnOneAnother() {
    Layout layout =
        Venues.layout(
            draft("A,1,1,,,S,5\nB,1,1,,,S,5\n", "A,1,,,0,10,0.01,10.01\nB,1,,,0,10,0.01,10.01\n"));

    assertThat(layout.schematic()).isTrue();
    assertThat(distance(layout, 0, 1)).isGreaterThan(10);
  }

  private static LayoutDraft draft(String seats, String outlines) {
    Optional<byte[]> boxes =
        outlines.isEmpty() ? Optional.empty() : Optional.of((OUTLINES + outlines).getBytes(UTF_8));
    return ((Imported) LayoutCsv.read((HEADER + seats).getBytes(UTF_8), boxes, Optional.empty()))
        .layout();
  }

  private static double distance(Layout layout, int one, int other) {
    return Math.hypot(layout.x(one) - layout.x(other), layout.y(one) - layout.y(other));
  }

  private static double toStage(Layout layout, int seat) {
    return Math.hypot(layout.x(seat) - layout.stage().x(), layout.y(seat) - layout.stage().y());
  }
}
