package io.concert.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  @Test
  void writesCellsAsTheyAre() {
    assertThat(Csv.line(List.of("b1", "", "가 구역", "99000"))).isEqualTo("b1,,가 구역,99000\r\n");
  }

  @Test
  void quotesWhatWouldEndACell() {
    assertThat(Csv.line(List.of("a,b", "say \"hi\"", "two\nlines", "a\rb", "=\"x\",1")))
        .isEqualTo("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"a\rb\",\"'=\"\"x\"\",1\"\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "="})
  void takesTheMeaningFromFormulas(String cell) {
    assertThat(Csv.line(List.of(cell, "x" + cell))).isEqualTo("'" + cell + ",x" + cell + "\r\n");
  }

  @Test
  void takesTheMeaningFromFormulasBehindALineEnd() {
    assertThat(Csv.line(List.of("\r=1", "\n=1"))).isEqualTo("\"'\r=1\",\"'\n=1\"\r\n");
  }
}
