package io.concert.catalog.reader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.concert.catalog.Venues;
import io.concert.catalog.layout.Grade;
import io.concert.catalog.layout.Layout;
import io.concert.catalog.layout.Point;
import io.concert.catalog.reader.ImportResult.ImportError;
import io.concert.catalog.reader.ImportResult.Imported;
import io.concert.catalog.reader.ImportResult.Rejected;
import io.concert.domain.Won;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutJsonTest {
  private static final String PLAN =
      """
      {"stage": {"x": 5, "y": -3.25}, "schematic": false,
       "grades": [{"id": 7, "name": "R", "price": 132000}, {"id": "a", "name": "A", "price": 0}],
       "sections": [
         {"name": "1층", "rows": [{"row": "가", "seats": [
           {"id": "s1-0", "no": "1", "x": 1, "y": 2, "grade": 7},
           {"no": "2", "x": 2, "y": 2, "grade": "a"}]}]},
         {"id": 1, "name": "2층", "rows": [{"row": "", "seats": [
           {"no": "1", "x": 1, "y": 9, "grade": "a"}]}]}]}
      """;

  @Test
  void readsTheFormOfTheLayoutEndpoint() {
    Layout layout = Venues.layout(((Imported) read(PLAN)).layout());

    assertThat(layout.seats()).isEqualTo(3);
    assertThat(layout.seatNo(1)).isEqualTo("1층-가-2");
    assertThat(layout.seatNo(2)).isEqualTo("2층--1");
    assertThat(layout.grade(0)).isEqualTo(new Grade("R", new Won(132_000)));
    assertThat(layout.price(2)).isEqualTo(Won.ZERO);
    assertThat(layout.stage()).isEqualTo(new Point(5, -3.25));
    assertThat(layout.schematic()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"price\": 132000 | \"price\": -1 | grades[0].price: not from 0",
        "\"price\": 132000 | \"price\": 1.5 | line 2",
        "\"price\": 132000 | \"price\": \"1\" | line 2",
        "\"price\": 132000 | \"price\": 18446744073709551617 | line 2",
        ", \"price\": 132000 | `` | line 2",
        "\"price\": 132000 | \"price\": null | line 2",
        "\"name\": \"A\" | \"name\": \"R\" | grades[1]: grade 'R' costs 0 here and 132000 before",
        "\"id\": \"a\" | \"id\": \"7\" | grades[1].id: this id stands there twice",
        "\"id\": \"a\" | \"id\": {} | grades[1].id: neither",
        "\"grade\": 7 | \"grade\": 8 | sections[0].rows[0].seats[0].grade: no grade has this id",
        "\"name\": \"2층\" | \"name\": \"1층\" | sections[1].name: section '1층' stands there twice",
        "\"name\": \"2층\" | \"name\": \" \" | sections[1].name: empty",
        "\"name\": \"2층\" | \"name\": null | line 8, column 50 (sections[1]): field 'name' is missing",
        "\"name\": \"2층\" | \"name\": \"2층\", \"name\": \"3층\" | line 7",
        "\"name\": \"2층\" | \"name\": \"2층\", \"nome\": 1 | line 8, column 51 (sections[1].nome)",
        "\"no\": \"2\" | \"no\": \"1\" | sections[0].rows[0].seats[1]: seat '1층-가-1' stands at",
        "\"no\": \"2\", \"x\": 2 | \"no\": \"2\" | sections[0].rows[0].seats[1]: y without x",
        "\"x\": 2 | \"x\": 1e-999999999 | sections[0].rows[0].seats[1].x: not a number between",
        "\"x\": 2 | \"x\": 1e999999999 | sections[0].rows[0].seats[1].x: not a number between",
        "\"x\": 2 | \"x\": 1 | section '1층': two seats stand at",
        "\"stage\": {\"x\": 5, \"y\": -3.25} | \"stage\": {\"x\": 5} | line 1",
        "{\"stage\" | [\"stage\" | line 1",
      })
  void refusesABadPlanAndNamesThePlace(String good, String bad, String error) {
    assumeThat(PLAN).contains(good);

    var rejected = (Rejected) read(PLAN.replace(good, bad));

    assertThat(rejected.errors())
        .extracting(ImportError::toString)
        .anySatisfy(message -> assertThat(message).startsWith(error));
  }

  @Test
  void refusesTrailingTextAndAPlanWithoutSeats() {
    assertThat(read(PLAN + "1")).isInstanceOf(Rejected.class);
    assertThat(read("{\"grades\": [], \"sections\": []}"))
        .isEqualTo(new Rejected(List.of(new ImportError("file", "no seats")), 0));
  }

  private static ImportResult read(String json) {
    return LayoutJson.read(json.getBytes(UTF_8));
  }
}
