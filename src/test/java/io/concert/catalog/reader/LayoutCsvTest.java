package io.concert.catalog.reader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.Venues;
import io.concert.catalog.layout.Grade;
import io.concert.catalog.layout.Layout;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.reader.ImportResult.ImportError;
import io.concert.catalog.reader.ImportResult.Imported;
import io.concert.catalog.reader.ImportResult.Rejected;
import io.concert.domain.Won;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutCsvTest {
  private static final String HEADER = "section,row,seat_no,x,y,grade,price\n";
  private static final Grade DEFAULT = new Grade("S", new Won(99_000));

  @Test
  void readsSectionsRowsAndSeatsInTheOrderOfTheirFirstAppearance() {
    LayoutDraft draft =
        imported(
            HEADER
                + "B,2,1,,,VIP,10\nA,1,2,,,S,5\nB,1,7,,,VIP,10\n"
                + "B,2,0,,,S,5\nA,1,1,,,S,5\n");

    Layout layout = Venues.layout(draft);
    assertThat(IntStream.range(0, layout.seats()).mapToObj(layout::seatNo))
        .containsExactly("B-2-1", "B-2-0", "B-1-7", "A-1-2", "A-1-1");
    assertThat(layout.grades())
        .containsExactly(new Grade("VIP", new Won(10)), new Grade("S", new Won(5)));
    assertThat(layout.price(1)).isEqualTo(new Won(5));
    assertThat(layout.price(2)).isEqualTo(new Won(10));
  }

  @Test
  void takesColumnsInAnyOrderAndAByteOrderMarkAndWindowsLineEnds() {
    LayoutDraft draft =
        imported("\uFEFFprice,grade,y,x,seat_no,row,section\r\n7,가,2,1.5,3,,입석 \"1\"\r\n");

    Layout layout = Venues.layout(draft);
    assertThat(layout.seatNo(0)).isEqualTo("입석 \"1\"--3");
    assertThat(layout.x(0)).isEqualTo(1.5);
    assertThat(layout.y(0)).isEqualTo(2);
    assertThat(layout.grade(0)).isEqualTo(new Grade("가", new Won(7)));
  }

  @Test
  void fillsGradeAndPriceOnlyWhenADefaultIsGiven() {
    String csv = HEADER + "A,1,1,,,,\n";

    assertThat(imported(csv, Optional.of(DEFAULT)).grades()).containsExactly(DEFAULT);
    assertThat(errors(csv))
        .containsExactly(
            "line 2, column grade: empty, and no default grade was given with the import",
            "line 2, column price: empty, and no default price was given with the import");
  }

  @Test
  void passesOverLinesAndColumnsThatASpreadsheetLeftEmpty() {
    LayoutDraft draft =
        imported(
            """
            section,row,seat_no,x,y,grade,price,,
            A,1,1,,,S,5,,
            ,,,,,,,,
            A,1,2,,,S,5
            \u2003,\u00A0,,,,,,,
            ,,,

            ,,,,,,,,,,,
            """);

    Layout layout = Venues.layout(draft);
    assertThat(IntStream.range(0, layout.seats()).mapToObj(layout::seatNo))
        .containsExactly("A-1-1", "A-1-2");
    assertThat(errors("section,row,seat_no,x,y,grade,price,\nA,1,1,,,S,5,x\n"))
        .containsExactly("line 2: 8 fields, the header has 7 columns");
    assertThat(errors("section,row,seat_no,x,y,,grade,price\nA,1,1,,,,S,5\n"))
        .containsExactly("line 1, column : not a known column");
  }

  /** The first is what the others read like. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "가 1층,나,5",
        "\u1100\u1161 1\u110E\u1173\u11BC,\u1102\u1161,5",
        "가\u00A01층,나,5",
        "가\u30001층,나\u200B,5",
        "\uFEFF가  1층\u2060,나,\u200E5\u202F",
        "가\u3164 1층,\u00AD나,5\uFE0F",
      })
  void givesNamesThatReadTheSameOneForm(String name) {
    Layout layout = Venues.layout(imported(HEADER + name + ",,,VIP\u00A0석,5\n"));

    assertThat(layout.seatNo(0)).isEqualTo("가 1층-나-5");
    assertThat(layout.grades().get(0).name()).isEqualTo("VIP 석");
    if (!name.equals("가 1층,나,5")) {
      assertThat(errors(HEADER + "가 1층,나,5,,,S,5\n" + name + ",,,S,5\n"))
          .containsExactly("line 3: seat '가 1층-나-5' stands at line 2 already");
    }
  }

  @Test
  void keepsLettersApartThatOnlyLookAlike() {
    assertThat(imported(HEADER + "A,1,1,,,S,5\nА,1,1,,,S,5\nA,1,１,,,S,5\n").seats()).isEqualTo(3);
  }

  @Test
  void refusesNamesOfNothingThatCanBeSeen() {
    assertThat(errors(HEADER + "\u200B,1,1,,,S,5\n"))
        .containsExactly("line 2, column section: empty");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ",1,1,,,S,5 | line 3, column section: empty",
        "A,1,,,,S,5 | line 3, column seat_no: empty",
        "A,1,2,,,S,x | line 3, column price: 'x' isn't a whole number of won",
        "A,1,2,,,S,-1 | line 3, column price: '-1' isn't",
        "A,1,2,,,S,1.5 | line 3, column price: '1.5' isn't",
        "A,1,2,,,S,1000000000001 | line 3, column price: '1000000000001' isn't",
        "A,1,2,,,S,99999999999999999999 | line 3, column price: '99999999999999999999' isn't",
        "A,1,2,,,S, | line 3, column price: empty",
        "A,1,2,,,,5 | line 3, column grade: empty",
        "A,1,2,1,,S,5 | line 3, column y: empty, but x is given",
        "A,1,2,,1,S,5 | line 3, column x: empty, but y is",
        "A,1,2,1e5,1,S,5 | line 3, column x: '1e5' isn't a number",
        "A,1,2,1,2000000,S,5 | line 3, column y: '2000000' isn't a number",
        "A,1,1,,,S,5 | line 3: seat 'A-1-1' stands at line 2 already",
        "A,1,2,,,S,6 | line 3, column price: grade 'S' costs 6 here and 5 before",
        "A,1,2,,,S | line 3: 6 fields, the header has 7 columns",
        "A,1,2,3,4,S,5 | section 'A': some seats have x and y and some don't",
        "A,1,\"2,,,S,5 | line 3: not well-formed CSV",
      })
  void refusesABadLineAndNamesItsPlace(String line, String error) {
    assertThat(errors(HEADER + "A,1,1,,,S,5\n" + line + "\n"))
        .hasSizeGreaterThanOrEqualTo(1)
        .anySatisfy(message -> assertThat(message).startsWith(error));
  }

  @Test
  void refusesTwoSeatsThatReadTheSameWhenJoined() {
    assertThat(errors(HEADER + "a-b,c,1,,,S,5\na,b-c,1,,,S,5\n"))
        .containsExactly(
            "line 3: joined with dashes it reads 'a-b-c-1', as another seat at line 2 does");
  }

  @Test
  void refusesTwoSeatsAtOnePointOfASection() {
    assertThat(errors(HEADER + "A,1,1,2,3,S,5\nA,1,2,2.001,3,S,5\n"))
        .containsExactly(
            "section 'A': two seats stand at x 2.0, y 3.0 (positions are kept to 0.01)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "section,row,seat_no,x,y,grade | line 1, column price: missing",
        "section,row,seat_no,x,y,grade,prise | line 1, column prise: not a known column",
        "section,row,row,seat_no,x,y,grade,price | line 1, column row: stands there twice",
        "section,row,seat_no,x,y,grade,price | file: no seats",
      })
  void refusesABadHeaderOrNoRows(String header, String error) {
    assertThat(errors(header + "\n")).contains(error);
  }

  @Test
  void refusesAnEmptyFile() {
    assertThat(errors("")).containsExactly("line 1: the file is empty");
  }

  @Test
  void refusesWhatIsNotUtf8AndNamesTheByte() {
    byte[] csv = (HEADER + "A,1,1,,,S,5\nA,1,2,,,?,5\n").getBytes(UTF_8);
    int bad = new String(csv, UTF_8).indexOf('?');
    csv[bad] = (byte) 0xB0;

    assertThat(errors(csv, Optional.empty()))
        .containsExactly("line 3, byte %d: the file isn't UTF-8".formatted(bad + 1));
  }

  @Test
  void refusesMoreThanAHundredThousandSeats() {
    String csv =
        IntStream.rangeClosed(1, LayoutBuilder.MAX_SEATS + 5)
            .mapToObj(seat -> "A,1," + seat + ",,,S,5\n")
            .collect(Collectors.joining("", HEADER, ""));

    assertThat(errors(csv)).containsExactly("line 100002: more than 100000 seats");
  }

  @Test
  void listsTheFirstTwentyErrorsAndCountsTheRest() {
    String csv =
        IntStream.rangeClosed(1, 50)
            .mapToObj(seat -> "A,1," + seat + ",,,S,minus\n")
            .collect(Collectors.joining("", HEADER, ""));

    var rejected = (Rejected) read(csv.getBytes(UTF_8), Optional.empty(), Optional.empty());
    assertThat(rejected.errors()).hasSize(20);
    assertThat(rejected.errors().get(19).where()).isEqualTo("line 21, column price");
    assertThat(rejected.omitted()).isEqualTo(30);
  }

  @Test
  void quotesNoMoreThanTheBeginningOfWhatItFound() {
    assertThat(errors(HEADER + "A,1,1,,,S," + "9".repeat(1_000_000) + "\n"))
        .allSatisfy(message -> assertThat(message).hasSizeLessThan(400));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "C,1,,,0,0,1,1 | outlines, line 2, column section: no seat is in section 'C'",
        "A,2,,,0,0,1,1 | outlines, line 2, column seats: the section has 1 seats",
        "A,1,,,0,0,0,1 | outlines, line 2: the box of section 'A' has no area",
        "A,1,,,0,,1,1 | outlines, line 2, column min_y: '' isn't a number",
      })
  void refusesOutlinesThatDoNotFitTheSeats(String outline, String error) {
    String outlines = "section,seats,cx,cy,min_x,min_y,max_x,max_y\n" + outline + "\n";

    assertThat(errors((HEADER + "A,1,1,,,S,5\n").getBytes(UTF_8), Optional.of(outlines)))
        .anySatisfy(message -> assertThat(message).startsWith(error));
  }

  private static LayoutDraft imported(String csv) {
    return imported(csv, Optional.empty());
  }

  private static LayoutDraft imported(String csv, Optional<Grade> unpriced) {
    return ((Imported) read(csv.getBytes(UTF_8), Optional.empty(), unpriced)).layout();
  }

  private static List<String> errors(String csv) {
    return errors(csv.getBytes(UTF_8), Optional.empty());
  }

  private static List<String> errors(byte[] csv, Optional<String> outlines) {
    var rejected =
        (Rejected) read(csv, outlines.map(text -> text.getBytes(UTF_8)), Optional.empty());
    return rejected.errors().stream().map(ImportError::toString).toList();
  }

  private static ImportResult read(
      byte[] csv, Optional<byte[]> outlines, Optional<Grade> unpriced) {
    return LayoutCsv.read(csv, outlines, unpriced);
  }
}
