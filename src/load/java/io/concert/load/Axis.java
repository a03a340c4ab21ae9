package io.concert.load;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** One axis of a {@link Chart}, with round numbers as ticks. */
record Axis(double from, double to, double step) {
  private static final int ABOUT_TICKS = 8;
  private static final double LEAST_LENGTH = 1e-6;

  /** As long as the data. */
  static Axis over(double least, double most) {
    double length = Math.max(most - least, LEAST_LENGTH);
    return new Axis(least, least + length, roundStep(length / ABOUT_TICKS));
  }

  /** From 0 to the next tick. */
  static Axis upTo(double most) {
    double step = roundStep(Math.max(most, LEAST_LENGTH) / ABOUT_TICKS);
    return new Axis(0, Math.ceil(most / step) * step, step);
  }

  /** 1, 2 or 5 times a power of ten. */
  private static double roundStep(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    return DoubleStream.of(1, 2, 5, 10)
        .map(times -> times * power)
        .filter(step -> step >= least)
        .findFirst()
        .orElse(10 * power);
  }

  /** Where a value lies, from 0 to 1. */
  double share(double value) {
    return (value - from) / (to - from);
  }

  double[] ticks() {
    return LongStream.rangeClosed(Math.round(Math.ceil(from / step)), (long) (to / step))
        .mapToDouble(i -> i * step)
        .toArray();
  }

  /** A tick's label. */
  static String words(double value) {
    return new DecimalFormat("#,##0.####", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(value);
  }
}
