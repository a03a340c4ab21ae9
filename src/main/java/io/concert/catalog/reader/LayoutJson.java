package io.concert.catalog.reader;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.concert.catalog.layout.NameForm;
import io.concert.catalog.layout.Point;
import io.concert.domain.Won;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a seat plan from the form in which the layout endpoint gives it: {@code {stage, schematic,
 * grades:[{id,name,price}], sections:[{name,rows:[{row,seats:[{no,x,y,grade}]}]}]}}. Needed are
 * grades and sections; {@code scheduleId}, {@code version} and the ids of sections and seats may
 * stand there and are made anew. A seat's {@code grade} is the id of one of the grades.
 */
public final class LayoutJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private final ImportErrors errors = new ImportErrors();
  private final LayoutBuilder builder = new LayoutBuilder(errors);
  private final Map<String, Integer> grades = new HashMap<>();

  private LayoutJson() {}

  /**
   * @param json UTF-8
   */
  public static ImportResult read(byte[] json) {
    return new LayoutJson().readPlan(json);
  }

  private ImportResult readPlan(byte[] json) {
    Optional<String> text = ImportText.decode(json, "", errors);
    if (text.isEmpty()) {
      return errors.rejected();
    }
    Plan plan;
    try {
      plan = MAPPER.readValue(text.get(), Plan.class);
    } catch (JsonMappingException e) {
      errors.add(place(e) + path(e), problem(e));
      return errors.rejected();
    } catch (JsonProcessingException e) {
      errors.add(place(e), "not well-formed JSON, or a field twice");
      return errors.rejected();
    }
    return build(plan);
  }

  private static String problem(JsonMappingException e) {
    return e.getCause() instanceof NullPointerException missing && missing.getMessage() != null
        ? "field '" + missing.getMessage() + "' is missing or null"
        : "unknown, missing or of the wrong type";
  }

  private static String place(JsonProcessingException e) {
    var at = e.getLocation();
    return at == null ? "line 1" : "line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining(".", " (", ")"))
        .replace(".[", "[");
  }

  private ImportResult build(Plan plan) {
    for (int i = 0; i < plan.grades.size(); i++) {
      addGrade(plan.grades.get(i), "grades[" + i + "]");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < plan.sections.size() && !builder.full(); i++) {
      String where = "sections[" + i + "]";
      PlanSection section = plan.sections.get(i);
      checkName(section.name, where + ".name", true);
      if (!seen.add(NameForm.of(section.name))) {
        errors.add(where + ".name", "section '%s' stands there twice".formatted(section.name));
      }
      addRows(section, where);
    }
    return builder.finish(Map.of(), stage(plan.stage), plan.schematic != null && plan.schematic);
  }

  private void addGrade(PlanGrade grade, String where) {
    checkName(grade.name, where + ".name", true);
    Optional<Won> price = ImportText.price(grade.price);
    if (price.isEmpty()) {
      errors.add(where + ".price", "not from 0 to " + ImportText.MAX_PRICE);
    }
    int index = builder.grade(NameForm.of(grade.name), price.orElse(Won.ZERO), () -> where);
    if (!grade.id.isTextual() && !grade.id.isIntegralNumber()) {
      errors.add(where + ".id", "neither a text nor a whole number");
    }
    if (grades.put(grade.id.asText(), index) != null) {
      errors.add(where + ".id", "this id stands there twice");
    }
  }

  private void addRows(PlanSection section, String where) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < section.rows.size(); i++) {
      PlanRow row = section.rows.get(i);
      String whereRow = where + ".rows[" + i + "]";
      checkName(row.row, whereRow + ".row", false);
      if (!seen.add(NameForm.of(row.row))) {
        errors.add(whereRow + ".row", "row '%s' stands there twice".formatted(row.row));
      }
      for (int j = 0; j < row.seats.size() && !builder.full(); j++) {
        addSeat(section.name, row.row, row.seats.get(j), whereRow + ".seats[" + j + "]");
      }
    }
  }

  private void addSeat(String section, String row, PlanSeat seat, String where) {
    checkName(seat.no, where + ".no", true);
    Integer grade = grades.get(seat.grade.asText());
    if (grade == null) {
      errors.add(where + ".grade", "no grade has this id");
    }
    Point at = null;
    if ((seat.x == null) != (seat.y == null)) {
      errors.add(where, seat.x == null ? "y without x" : "x without y");
    } else if (seat.x != null && seat.y != null) {
      at = new Point(position(seat.x, where + ".x"), position(seat.y, where + ".y"));
    }
    builder.seat(
        NameForm.of(section),
        NameForm.of(row),
        NameForm.of(seat.no),
        at,
        grade == null ? 0 : grade,
        () -> where);
  }

  private Optional<Point> stage(@Nullable PlanPoint stage) {
    return stage == null
        ? Optional.empty()
        : Optional.of(new Point(position(stage.x, "stage.x"), position(stage.y, "stage.y")));
  }

  private double position(BigDecimal value, String where) {
    var position = ImportText.position(value);
    if (position.isEmpty()) {
      errors.add(where, "not a number between -%1$d and %1$d".formatted(ImportText.MAX_POSITION));
    }
    return position.orElse(0);
  }

  private void checkName(String name, String where, boolean needed) {
    if (needed && NameForm.of(name).isEmpty()) {
      errors.add(where, "empty");
    }
    ImportText.nameProblem(name).ifPresent(problem -> errors.add(where, problem));
  }

  /** A missing or null field ends in the constructor's NullPointerException with its name. */
  record Plan(
      @Nullable String scheduleId,
      @Nullable String version,
      @Nullable Boolean schematic,
      @Nullable PlanPoint stage,
      List<PlanGrade> grades,
      List<PlanSection> sections) {
    Plan {
      grades = List.copyOf(Objects.requireNonNull(grades, "grades"));
      sections = List.copyOf(Objects.requireNonNull(sections, "sections"));
    }
  }

  record PlanPoint(BigDecimal x, BigDecimal y) {
    PlanPoint {
      Objects.requireNonNull(x, "x");
      Objects.requireNonNull(y, "y");
    }
  }

  record PlanGrade(JsonNode id, String name, @JsonProperty(required = true) long price) {
    PlanGrade {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(name, "name");
    }
  }

  record PlanSection(@Nullable JsonNode id, String name, List<PlanRow> rows) {
    PlanSection {
      Objects.requireNonNull(name, "name");
      rows = List.copyOf(Objects.requireNonNull(rows, "rows"));
    }
  }

  record PlanRow(String row, List<PlanSeat> seats) {
    PlanRow {
      Objects.requireNonNull(row, "row");
      seats = List.copyOf(Objects.requireNonNull(seats, "seats"));
    }
  }

  record PlanSeat(
      @Nullable JsonNode id,
      String no,
      @Nullable BigDecimal x,
      @Nullable BigDecimal y,
      JsonNode grade) {
    PlanSeat {
      Objects.requireNonNull(no, "no");
      Objects.requireNonNull(grade, "grade");
    }
  }
}
