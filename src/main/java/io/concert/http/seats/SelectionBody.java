package io.concert.http.seats;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.http.web.JsonFields;
import io.concert.http.web.ProblemException;
import io.concert.reservation.house.SeatSelection;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * How a body names seats of a date: {@code seatIds}; or a {@code section}, and perhaps in it {@code
 * rows}, one {@code row} of which perhaps only the seats {@code from} one {@code to} another, or
 * the rows {@code fromRow} one {@code toRow} another.
 */
final class SelectionBody {
  /** They fit into a body; whoever means more can name the section. */
  static final int MOST_SEATS = 3_000;

  private static final int MOST_ROWS = 500;
  private static final int LONGEST_ID = 64;
  private static final int LONGEST_NAME = 200;

  private SelectionBody() {}

  /**
   * Takes its members; the caller goes on with those that it knows itself.
   *
   * @throws ProblemException MALFORMED
   */
  static SeatSelection take(JsonFields fields, ScheduleId schedule) {
    Optional<List<String>> seats = fields.optionalTexts("seatIds", MOST_SEATS, LONGEST_ID);
    Optional<String> section = fields.optionalText("section", LONGEST_NAME);
    Optional<List<String>> rows = fields.optionalTexts("rows", MOST_ROWS, LONGEST_NAME);
    Optional<String> row = fields.optionalText("row", LONGEST_NAME);
    Optional<String> from = fields.optionalText("from", LONGEST_NAME);
    Optional<String> to = fields.optionalText("to", LONGEST_NAME);
    Optional<String> fromRow = fields.optionalText("fromRow", LONGEST_NAME);
    Optional<String> toRow = fields.optionalText("toRow", LONGEST_NAME);
    if (seats.isPresent() == section.isPresent()) {
      throw malformed("Either `seatIds` or `section` is needed.");
    }
    if (from.isPresent() != to.isPresent() || fromRow.isPresent() != toRow.isPresent()) {
      throw malformed("`from` goes with `to`, and `fromRow` with `toRow`.");
    }
    if (from.isPresent() && row.isEmpty()) {
      throw malformed("`from` and `to` are seats of a `row`.");
    }
    int ways =
        (rows.isPresent() ? 1 : 0) + (row.isPresent() ? 1 : 0) + (fromRow.isPresent() ? 1 : 0);
    if (ways > (section.isPresent() ? 1 : 0)) {
      throw malformed("Of a `section` name `rows`, or a `row`, or `fromRow` and `toRow`.");
    }
    if (seats.isPresent()) {
      return new SeatSelection.Seats(seats.get().stream().map(id -> seat(id, schedule)).toList());
    }
    String name = section.orElseThrow();
    if (fromRow.isPresent()) {
      return new SeatSelection.RowRange(name, fromRow.get(), toRow.orElseThrow());
    } else if (from.isPresent()) {
      return new SeatSelection.SeatRange(name, row.orElseThrow(), from.get(), to.orElseThrow());
    }
    return rows.or(() -> row.map(List::of))
        .<SeatSelection>map(some -> new SeatSelection.Rows(name, some))
        .orElseGet(() -> new SeatSelection.WholeSection(name));
  }

  private static SeatId seat(String text, ScheduleId schedule) {
    return SeatId.parse(text)
        .filter(seat -> seat.schedule().equals(schedule))
        .orElseThrow(() -> malformed("`seatIds` has one that is no seat of this schedule."));
  }

  /** The same again, for the audit log. */
  static JsonObject json(SeatSelection selection) {
    if (selection instanceof SeatSelection.Seats named) {
      JsonArray ids = new JsonArray();
      named.seats().forEach(seat -> ids.add(seat.toString()));
      return new JsonObject().put("seatIds", ids);
    } else if (selection instanceof SeatSelection.WholeSection whole) {
      return new JsonObject().put("section", whole.section());
    } else if (selection instanceof SeatSelection.Rows some) {
      return new JsonObject()
          .put("section", some.section())
          .put("rows", new JsonArray(some.rows()));
    } else if (selection instanceof SeatSelection.RowRange range) {
      return new JsonObject()
          .put("section", range.section())
          .put("fromRow", range.fromRow())
          .put("toRow", range.toRow());
    }
    SeatSelection.SeatRange range = (SeatSelection.SeatRange) selection;
    return new JsonObject()
        .put("section", range.section())
        .put("row", range.row())
        .put("from", range.from())
        .put("to", range.to());
  }
}
