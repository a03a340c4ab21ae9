package io.concert.http.seats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.concert.catalog.layout.Grade;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/** Seat plans as the contract writes them, which is also how they can be imported. */
public final class LayoutBody {
  private static final JsonFactory JSON = new JsonFactory();

  private LayoutBody() {}

  public static byte[] json(ScheduleId schedule, Layout layout) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 * layout.seats() + 1024);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("scheduleId", schedule.toString());
      json.writeStringField("version", layout.version());
      json.writeBooleanField("schematic", layout.schematic());
      json.writeObjectFieldStart("stage");
      place(json, layout.stage().x(), layout.stage().y());
      json.writeEndObject();
      json.writeArrayFieldStart("grades");
      for (int id = 0; id < layout.grades().size(); id++) {
        Grade grade = layout.grades().get(id);
        json.writeStartObject();
        json.writeStringField("id", Integer.toString(id));
        json.writeStringField("name", grade.name());
        json.writeNumberField("price", grade.price().amount());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("sections");
      for (int id = 0; id < layout.sections().size(); id++) {
        section(json, schedule, layout, id);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void section(JsonGenerator json, ScheduleId schedule, Layout layout, int id)
      throws IOException {
    Layout.Section section = layout.sections().get(id);
    json.writeStartObject();
    json.writeStringField("id", Integer.toString(id));
    json.writeStringField("name", section.name());
    json.writeArrayFieldStart("rows");
    for (Layout.Row row : section.rows()) {
      json.writeStartObject();
      json.writeStringField("row", row.name());
      json.writeArrayFieldStart("seats");
      for (int seat = row.first(); seat < row.end(); seat++) {
        json.writeStartObject();
        json.writeStringField("id", new SeatId(schedule, layout.index(seat)).toString());
        json.writeStringField("no", layout.number(seat));
        place(json, layout.x(seat), layout.y(seat));
        json.writeStringField("grade", Integer.toString(layout.gradeIndex(seat)));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Hundredths at most: {@code 12.5} and {@code 7}, never {@code 7.0}. */
  private static void place(JsonGenerator json, double x, double y) throws IOException {
    json.writeFieldName("x");
    json.writeNumber(number(x));
    json.writeFieldName("y");
    json.writeNumber(number(y));
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
