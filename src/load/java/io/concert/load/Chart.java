package io.concert.load;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A plot of lines and bands over one axis, as SVG that needs nothing from elsewhere. */
public final class Chart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 320;
  private static final int LEFT = 80;
  private static final int RIGHT = 20;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;

  /** More points than pixels only make the file large. */
  private static final int MOST_POINTS = 800;

  /** Okabe and Ito's, which stay apart for the colour-blind. */
  private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7");

  private final String title;
  private final String across;
  private final String up;
  private final List<Shape> shapes = new ArrayList<>();

  private enum Kind {
    LINE,
    BAND,
    DOTS,
    LIMIT
  }

  private record Shape(Kind kind, String name, List<Point> points) {}

  /** A band's point has two heights, any other has them equal. */
  public record Point(double x, double low, double high) {
    public static Point of(double x, double y) {
      return new Point(x, y, y);
    }
  }

  /**
   * @param across what the horizontal axis counts
   * @param up what the vertical axis counts, from 0
   */
  public Chart(String title, String across, String up) {
    this.title = title;
    this.across = across;
    this.up = up;
  }

  /** Through points. */
  @CanIgnoreReturnValue
  public Chart line(String name, List<Point> points) {
    return with(Kind.LINE, name, points);
  }

  /** Between the two heights of points. */
  @CanIgnoreReturnValue
  public Chart band(String name, List<Point> points) {
    return with(Kind.BAND, name, points);
  }

  /** At points. */
  @CanIgnoreReturnValue
  public Chart dots(String name, List<Point> points) {
    return with(Kind.DOTS, name, points);
  }

  /** At one height. */
  @CanIgnoreReturnValue
  public Chart limit(String name, double y) {
    return with(Kind.LIMIT, name, List.of(Point.of(Double.NaN, y)));
  }

  private Chart with(Kind kind, String name, List<Point> points) {
    shapes.add(new Shape(kind, name, thinned(points)));
    return this;
  }

  private static List<Point> thinned(List<Point> points) {
    int step = Math.max(1, (points.size() + MOST_POINTS - 1) / MOST_POINTS);
    return IntStream.range(0, (points.size() + step - 1) / step)
        .mapToObj(i -> points.get(i * step))
        .toList();
  }

  public String svg() {
    DoubleSummaryStatistics xs =
        points().mapToDouble(Point::x).filter(x -> !Double.isNaN(x)).summaryStatistics();
    Axis x = xs.getCount() == 0 ? Axis.upTo(1) : Axis.over(xs.getMin(), xs.getMax());
    Axis y = Axis.upTo(points().mapToDouble(Point::high).max().orElse(1));
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">"
            .formatted(WIDTH, HEIGHT));
    text(
        svg, LEFT, 18, "start", "<tspan font-weight=\"bold\">%s</tspan> (%s)".formatted(title, up));
    grid(svg, x, y);
    for (int i = 0; i < shapes.size(); i++) {
      String colour = COLOURS.get(i % COLOURS.size());
      svg.append(drawn(shapes.get(i), colour, x, y));
      int at = WIDTH - RIGHT - 170 * (shapes.size() - i);
      svg.append(
          "<rect x=\"%d\" y=\"10\" width=\"12\" height=\"10\" fill=\"%s\"/>".formatted(at, colour));
      text(svg, at + 18, 19, "start", shapes.get(i).name());
    }
    return svg.append("</svg>").toString();
  }

  private Stream<Point> points() {
    return shapes.stream().flatMap(shape -> shape.points().stream());
  }

  private void grid(StringBuilder svg, Axis x, Axis y) {
    for (double at : y.ticks()) {
      svg.append(
          "<path d=\"M%d %s H%d\" stroke=\"#ddd\"/>"
              .formatted(LEFT, number(vertical(y, at)), WIDTH - RIGHT));
      text(svg, LEFT - 8, vertical(y, at) + 4, "end", Axis.words(at));
    }
    for (double at : x.ticks()) {
      text(svg, horizontal(x, at), HEIGHT - BOTTOM + 18, "middle", Axis.words(at));
    }
    text(svg, (WIDTH + LEFT) / 2.0, HEIGHT - 10, "middle", across);
  }

  private static String drawn(Shape shape, String colour, Axis x, Axis y) {
    List<Point> points = shape.points();
    return switch (shape.kind()) {
      case LINE ->
          "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" points=\"%s\"/>"
              .formatted(colour, path(points, Point::high, x, y));
      case BAND ->
          "<polygon fill=\"%s\" fill-opacity=\".25\" points=\"%s %s\"/>"
              .formatted(
                  colour,
                  path(points, Point::low, x, y),
                  path(reversed(points), Point::high, x, y));
      case DOTS ->
          points.stream()
              .map(
                  point ->
                      "<circle cx=\"%s\" cy=\"%s\" r=\"2\" fill=\"%s\" fill-opacity=\".4\"/>"
                          .formatted(
                              number(horizontal(x, point.x())),
                              number(vertical(y, point.high())),
                              colour))
              .collect(Collectors.joining());
      case LIMIT ->
          "<path d=\"M%d %s H%d\" stroke=\"%s\" stroke-dasharray=\"6 4\"/>"
              .formatted(LEFT, number(vertical(y, points.get(0).high())), WIDTH - RIGHT, colour);
    };
  }

  private static List<Point> reversed(List<Point> points) {
    List<Point> reversed = new ArrayList<>(points);
    Collections.reverse(reversed);
    return reversed;
  }

  private static String path(List<Point> points, ToDoubleFunction<Point> height, Axis x, Axis y) {
    return points.stream()
        .map(
            point ->
                number(horizontal(x, point.x()))
                    + ","
                    + number(vertical(y, height.applyAsDouble(point))))
        .collect(Collectors.joining(" "));
  }

  private static double horizontal(Axis x, double value) {
    return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double vertical(Axis y, double value) {
    return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String words) {
    svg.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
            .formatted(number(x), number(y), anchor, words));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
