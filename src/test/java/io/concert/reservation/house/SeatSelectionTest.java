package io.concert.reservation.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.layout.Grade;
import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.Layout.Row;
import io.concert.catalog.layout.Layout.Section;
import io.concert.catalog.layout.Point;
import io.concert.catalog.layout.SeatIndexes;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.reservation.house.SeatSelection.Found;
import io.concert.reservation.house.SeatSelection.RowRange;
import io.concert.reservation.house.SeatSelection.Rows;
import io.concert.reservation.house.SeatSelection.SeatRange;
import io.concert.reservation.house.SeatSelection.Seats;
import io.concert.reservation.house.SeatSelection.Unknown;
import io.concert.reservation.house.SeatSelection.WholeSection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeatSelectionTest {
  private static final ScheduleId DATE = new ScheduleId(12);

  /**
   * A has rows 1 (seats 10 to 13), 2 (3, 2, 1: numbered from the right) and 3; B is for standing.
   */
  private static final List<Section> SECTIONS =
      List.of(
          new Section("A", List.of(new Row("1", 0, 4), new Row("2", 4, 7), new Row("3", 7, 8))),
          new Section("B구역", List.of(new Row("", 8, 10))));

  private static final String[] NUMBERS = {"10", "11", "12", "13", "3", "2", "1", "1", "1", "2"};

  private static Layout layout(SeatIndexes indexes) {
    return new Layout(
        "v",
        true,
        new Point(0, 0),
        List.of(new Grade("R", new Won(1))),
        SECTIONS,
        NUMBERS,
        new int[10],
        new int[10],
        new short[10],
        indexes);
  }

  private static final Layout PLAN = layout(SeatIndexes.inOrder(10));

  /** Each index is 100 more than the position, and that of the first 7. */
  private static final Layout CORRECTED =
      layout(
          SeatIndexes.of(
              IntStream.range(0, 10).map(at -> at == 0 ? 7 : 100 + at).toArray(), List.of()));

  private static List<Integer> found(SeatSelection selection) {
    return ((Found) selection.on(PLAN)).indexes();
  }

  private static String unknown(SeatSelection selection) {
    return ((Unknown) selection.on(PLAN)).what();
  }

  private static SeatId seat(int index) {
    return new SeatId(DATE, index);
  }

  @Test
  void seatsAreThoseThatAreNamedOnceEach() {
    assertThat(found(new Seats(List.of(seat(9), seat(0), seat(9))))).containsExactly(9, 0);
    assertThat(unknown(new Seats(List.of(seat(0), seat(10))))).contains("s12-10");
  }

  @Test
  void sectionIsAllOfIt() {
    assertThat(found(new WholeSection("A"))).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(found(new WholeSection("B구역"))).containsExactly(8, 9);
    assertThat(unknown(new WholeSection("C"))).contains("\"C\"");
    assertThat(unknown(new WholeSection(""))).contains("section");
  }

  /** As it was typed on a system that takes letters apart, with a space that nobody sees. */
  @Test
  void namesThatReadTheSameAreTheSame() {
    assertThat(found(new WholeSection("B\u1100\u116e\u110b\u1167\u11a8\u200b")))
        .containsExactly(8, 9);
  }

  @Test
  void rowsAreThoseOfTheSection() {
    assertThat(found(new Rows("A", List.of("3", "1", "3")))).containsExactly(7, 0, 1, 2, 3);
    assertThat(found(new Rows("B구역", List.of("")))).containsExactly(8, 9);
    assertThat(unknown(new Rows("A", List.of("1", "4")))).contains("\"A\"").contains("\"4\"");
    assertThat(unknown(new Rows("C", List.of("1")))).contains("\"C\"");
  }

  @Test
  void rangesIncludeTheirEndsWhicheverComesFirst() {
    assertThat(found(new RowRange("A", "2", "3"))).containsExactly(4, 5, 6, 7);
    assertThat(found(new RowRange("A", "3", "2"))).containsExactly(4, 5, 6, 7);
    assertThat(found(new SeatRange("A", "1", "11", "12"))).containsExactly(1, 2);
    assertThat(found(new SeatRange("A", "1", "13", "13"))).containsExactly(3);
    assertThat(found(new SeatRange("A", "2", "1", "2"))).containsExactly(5, 6);
  }

  @Test
  void rangesEndInWhatThereIs() {
    assertThat(unknown(new RowRange("A", "1", "9"))).contains("\"9\"");
    assertThat(unknown(new RowRange("A", "0", "3"))).contains("\"0\"");
    assertThat(unknown(new SeatRange("A", "1", "10", "14"))).contains("\"14\"");
    assertThat(unknown(new SeatRange("A", "1", "9", "13"))).contains("\"9\"");
    assertThat(unknown(new SeatRange("A", "4", "1", "2"))).contains("row \"4\"");
  }

  /** A seat's id has its index, and a range goes by places. */
  @Test
  void correctedPlanHasOtherIndexes() {
    assertThat(new SeatRange("A", "1", "10", "12").on(CORRECTED))
        .isEqualTo(new Found(List.of(7, 101, 102)));
    assertThat(new Seats(List.of(seat(7), seat(109))).on(CORRECTED))
        .isEqualTo(new Found(List.of(7, 109)));
    assertThat(new Seats(List.of(seat(0))).on(CORRECTED)).isInstanceOf(Unknown.class);
  }
}
