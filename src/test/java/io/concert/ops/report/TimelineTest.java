package io.concert.ops.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.ops.report.SaleReport.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant FROM = Instant.parse("2031-01-01T10:00:00Z");

  private static Figures counts(String what, long count) {
    return new Figures(Map.of(what, count), Map.of());
  }

  private static Figures levels(String what, long value) {
    return new Figures(Map.of(), Map.of(what, value));
  }

  private static Instant at(long seconds) {
    return FROM.plusSeconds(seconds);
  }

  @Test
  void levelsStayUntilAnotherIsKnownAndCountsDoNot() {
    Timeline timeline = new Timeline(FROM, at(50));
    timeline.add(at(-1), levels("free", 9));
    timeline.add(at(10), counts("paid", 2));
    timeline.add(at(20), levels("free", 7));
    timeline.add(at(20), counts("paid", 1));

    List<Point> points = timeline.points();

    assertThat(points).extracting(Point::at).containsExactly(FROM, at(10), at(20), at(30), at(40));
    assertThat(points)
        .extracting(point -> point.levels().get("free"))
        .containsExactly(9L, 9L, 7L, 7L, 7L);
    assertThat(points)
        .extracting(point -> point.counts().getOrDefault("paid", 0L))
        .containsExactly(0L, 2L, 1L, 0L, 0L);
  }

  @Test
  void whatIsNotKnownIsMissing() {
    Timeline timeline = new Timeline(FROM, at(30));
    timeline.add(at(20), levels("free", 7));

    assertThat(timeline.points().get(1).levels()).isEmpty();
    assertThat(timeline.points().get(2).levels()).containsEntry("free", 7L);
  }

  @Test
  void stepsThatFallIntoOneAreMerged() {
    Timeline timeline = new Timeline(FROM, at(10));
    timeline.add(FROM, counts("paid", 2));
    timeline.add(FROM, counts("paid", 3));
    timeline.add(FROM, levels("free", 8));
    timeline.add(at(5), levels("free", 5));

    assertThat(timeline.points())
        .containsExactly(new Point(FROM, Map.of("free", 5L), Map.of("paid", 5L)));
  }

  @Test
  void whatIsOutsideIsNotCounted() {
    Timeline timeline = new Timeline(FROM, at(20));
    timeline.add(at(-10), counts("paid", 1));
    timeline.add(at(20), counts("paid", 1));
    timeline.add(at(20), levels("free", 1));
    timeline.add(at(10), counts("paid", 5));

    assertThat(timeline.sum().count("paid")).isEqualTo(5);
    assertThat(timeline.sum().levels()).isEmpty();
  }

  @Test
  void aLongSaleHasLongerStepsAndNotMorePoints() {
    assertThat(step(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(10));
    assertThat(step(Duration.ofHours(6))).isEqualTo(Duration.ofSeconds(10));
    assertThat(step(Duration.ofHours(6).plusSeconds(10))).isEqualTo(Duration.ofSeconds(20));
    assertThat(step(Duration.ofDays(30))).isEqualTo(Duration.ofMinutes(20));
    for (long days : new long[] {1, 90, 3_660}) {
      Timeline timeline = new Timeline(FROM, FROM.plus(Duration.ofDays(days)));
      assertThat(timeline.points()).hasSizeBetween(1, Timeline.MOST_POINTS);
    }
  }

  private static Duration step(Duration length) {
    return Timeline.step(FROM, FROM.plus(length));
  }

  @Test
  void figuresAddUpWhateverTheirOrder() {
    Figures one = new Figures(Map.of("a", 1L, "b", 2L), Map.of());
    Figures other = new Figures(Map.of("b", 5L, "c", 7L), Map.of());

    assertThat(one.then(other)).isEqualTo(other.then(one));
    assertThat(one.then(other).counts()).isEqualTo(Map.of("a", 1L, "b", 7L, "c", 7L));
    assertThat(one.then(Figures.NONE)).isEqualTo(one);
  }
}
