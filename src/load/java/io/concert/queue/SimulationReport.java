package io.concert.queue;

import io.concert.forecast.Crowd;
import io.concert.load.Chart;
import io.concert.load.Chart.Point;
import io.concert.queue.Tally.Admission;
import io.concert.queue.Tally.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A simulated sale as one HTML page without anything from elsewhere. */
final class SimulationReport {
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>A simulated on-sale</title>
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
      svg { width: 100%%; height: auto; margin: 1rem 0 } pre { background: #f4f4f4; padding: 1rem; overflow-x: auto }
      </style></head><body>
      <h1>A simulated on-sale</h1>
      <p>%,d people, %,d seats, capacity %,d, seed %d, %.0f %% of those who hold never pay. Minutes count from the opening.</p>
      <pre>%s</pre>
      %s
      </body></html>
      """;

  private SimulationReport() {}

  static String html(SaleSetup setup, Tally tally) {
    String charts = charts(setup, tally).stream().map(Chart::svg).collect(Collectors.joining("\n"));
    return PAGE.formatted(
        setup.people(),
        setup.seats(),
        setup.capacity(),
        setup.seed(),
        100 * setup.unpaidShare(),
        tally.summary(),
        charts);
  }

  private static List<Chart> charts(SaleSetup setup, Tally tally) {
    List<Sample> samples = tally.samples();
    List<Chart> charts = new ArrayList<>();
    charts.add(
        new Chart("In line", "minutes", "people")
            .line("waiting for their turn", series(samples, Sample::inLine)));
    charts.add(
        new Chart("Inside", "minutes", "people")
            .line("active sessions", series(samples, Sample::active))
            .limit("capacity", setup.capacity()));
    charts.add(admissions(tally));
    charts.add(
        new Chart("Seats", "minutes", "seats")
            .line("sold", series(samples, Sample::sold))
            .line("held", series(samples, Sample::held)));
    charts.add(waits(tally));
    charts.add(estimates(tally));
    return charts;
  }

  private static List<Point> series(List<Sample> samples, ToIntFunction<Sample> value) {
    return samples.stream()
        .map(sample -> Point.of(minute(sample.at()), value.applyAsInt(sample)))
        .toList();
  }

  private static Chart admissions(Tally tally) {
    int[] counts = tally.admissionsByMinute();
    List<Point> points =
        IntStream.range(0, counts.length)
            .mapToObj(i -> Point.of(minute(60_000 * i), counts[i]))
            .toList();
    return new Chart("Admissions", "minutes", "people a minute").line("let in", points);
  }

  /** Those who were let in while there were seats, by the minute in which they came. */
  private static Chart waits(Tally tally) {
    Map<Integer, List<Admission>> byMinute =
        tally.admissions().stream()
            .filter(tally.inTime())
            .collect(
                Collectors.groupingBy(
                    one -> one.arrival() / 60_000, TreeMap::new, Collectors.toList()));
    List<Point> middle = new ArrayList<>();
    List<Point> range = new ArrayList<>();
    byMinute.forEach(
        (at, people) -> {
          double minute = minute(60_000 * at);
          middle.add(Point.of(minute, Tally.minutes(people, 0.5)));
          range.add(new Point(minute, Tally.minutes(people, 0.1), Tally.minutes(people, 0.9)));
        });
    return new Chart("Waits by arrival", "minutes of arrival", "minutes")
        .band("10 % to 90 %", range)
        .line("median", middle);
  }

  /** First estimates, by how long people really waited. */
  private static Chart estimates(Tally tally) {
    List<Point> promised = new ArrayList<>();
    List<Point> real = new ArrayList<>();
    for (Promises.Group group : tally.promises().byRealWait()) {
      promised.add(new Point(group.realMinutes(), group.lowMinutes(), group.highMinutes()));
      real.add(Point.of(group.realMinutes(), group.realMinutes()));
    }
    return new Chart("First estimate and real wait", "real wait, minutes", "minutes")
        .band("estimated range (median of low and high)", promised)
        .line("real", real);
  }

  private static double minute(int millis) {
    return (millis - Crowd.OPENS) / 60_000.0;
  }
}
