package io.concert.http.seats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.http.web.JsonBody;
import io.concert.http.web.JsonFields;
import io.concert.http.web.ProblemException;
import io.concert.reservation.house.SeatSelection;
import io.concert.reservation.house.SeatSelection.RowRange;
import io.concert.reservation.house.SeatSelection.Rows;
import io.concert.reservation.house.SeatSelection.SeatRange;
import io.concert.reservation.house.SeatSelection.Seats;
import io.concert.reservation.house.SeatSelection.WholeSection;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionBodyTest {
  private static final ScheduleId DATE = new ScheduleId(12);

  private static SeatSelection read(String body) {
    var fields = (JsonFields) Objects.requireNonNull(JsonBody.parse(Buffer.buffer(body)));
    SeatSelection selection = SelectionBody.take(fields, DATE);
    fields.end();
    return selection;
  }

  /** What the audit log says leads back to the same seats. */
  private static void reads(String body, SeatSelection selection) {
    assertThat(read(body)).isEqualTo(selection);
    assertThat(SelectionBody.json(selection)).isEqualTo(new JsonObject(body));
  }

  @Test
  void readsEachWayToNameSeats() {
    reads(
        "{\"seatIds\":[\"s12-7\",\"s12-0\"]}",
        new Seats(List.of(new SeatId(DATE, 7), new SeatId(DATE, 0))));
    reads("{\"section\":\"A\"}", new WholeSection("A"));
    reads("{\"section\":\"A\",\"rows\":[\"1\",\"2\"]}", new Rows("A", List.of("1", "2")));
    reads("{\"section\":\"A\",\"fromRow\":\"1\",\"toRow\":\"9\"}", new RowRange("A", "1", "9"));
    reads(
        "{\"section\":\"A\",\"row\":\"3\",\"from\":\"10\",\"to\":\"20\"}",
        new SeatRange("A", "3", "10", "20"));
    assertThat(read("{\"section\":\"A\",\"row\":\"3\"}")).isEqualTo(new Rows("A", List.of("3")));
    assertThat(read("{\"section\":\"A\",\"row\":null}")).isEqualTo(new WholeSection("A"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"seatIds\":[]}",
        "{\"seatIds\":\"s12-1\"}",
        "{\"seatIds\":[7]}",
        "{\"seatIds\":[\"s13-1\"]}",
        "{\"seatIds\":[\"s12-01\"]}",
        "{\"seatIds\":[\"s12\"]}",
        "{\"seatIds\":[\"s12-1\"],\"section\":\"A\"}",
        "{\"seatIds\":[\"s12-1\"],\"row\":\"1\"}",
        "{\"seatIds\":[\"s12-1\"],\"rows\":[\"1\"]}",
        "{\"rows\":[\"1\"]}",
        "{\"section\":7}",
        "{\"section\":\"A\",\"rows\":[]}",
        "{\"section\":\"A\",\"rows\":[\"1\"],\"row\":\"1\"}",
        "{\"section\":\"A\",\"rows\":[\"1\"],\"fromRow\":\"1\",\"toRow\":\"2\"}",
        "{\"section\":\"A\",\"row\":\"1\",\"fromRow\":\"1\",\"toRow\":\"2\"}",
        "{\"section\":\"A\",\"fromRow\":\"1\"}",
        "{\"section\":\"A\",\"toRow\":\"1\"}",
        "{\"section\":\"A\",\"row\":\"1\",\"from\":\"1\"}",
        "{\"section\":\"A\",\"row\":\"1\",\"to\":\"1\"}",
        "{\"section\":\"A\",\"from\":\"1\",\"to\":\"2\"}",
        "{\"section\":\"A\",\"rows\":[\"1\"],\"from\":\"1\",\"to\":\"2\"}",
        "{\"section\":\"A\",\"seats\":[\"1\"]}"
      })
  void refusesWhatMayMeanAnything(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(ProblemException.class);
  }

  @Test
  void boundsTheSeats() {
    assertThat(((Seats) read(ids(SelectionBody.MOST_SEATS))).seats()).hasSize(3_000);
    assertThatThrownBy(() -> read(ids(SelectionBody.MOST_SEATS + 1)))
        .isInstanceOf(ProblemException.class);
  }

  private static String ids(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> "\"s12-" + n + "\"")
        .collect(Collectors.joining(",", "{\"seatIds\":[", "]}"));
  }
}
