package io.concert.queue.pace;

import io.concert.queue.api.QueueMessages.WaitEstimate;
import io.concert.queue.api.RoomSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * How long somebody in line will wait, as a range that holds for about four of five.
 *
 * <p>Slots open at a rate that is known from how many opened in the last minutes, mixed with what a
 * session's length lets expect: in the first minute of a sale nobody has had time to leave, which
 * says nothing of the minutes to come. With λ openings a second and each of n people ahead leaving
 * at rate δ the wait is about ln(1 + δn/λ)/δ. Its spread comes from the openings still to come
 * (about 1/√n of it) and from those that the rate is known by (1/√k), widened because openings come
 * in clumps and the rate itself changes. A limit on admissions a second holds for everybody ahead,
 * free slots or not.
 */
public final class WaitEstimator {
  /** Normal quantile: 10 % lie above, 10 % below. */
  private static final double QUANTILE = 1.2816;

  /** The variance of counts of openings, over a Poisson process's. */
  private static final double CLUMPING = 2;

  /** How much the rate may drift until the turn comes, as a share of the wait. */
  private static final double DRIFT = 0.25;

  /**
   * Before anything is known, of a session's length: how long people stay, as most pay or leave.
   */
  private static final double ASSUMED_STAY = 0.5;

  /** For how long, of a session's length, that makes up for what hasn't been seen yet. */
  private static final double ASSUMED_FOR = 0.25;

  /** So many times its own length a session lasts at the longest, for a hold that isn't paid. */
  private static final double UNPAID = 1.5;

  private static final double LONGEST_SECONDS = 7 * 86_400.0;

  private WaitEstimator() {}

  /**
   * @param number 1 is next
   * @param free negative while more are in than the room has slots
   * @param notBeforeMillis for how long nobody is let in; may be negative
   * @return empty if nothing can be said
   */
  public static Optional<WaitEstimate> estimate(
      long number,
      int free,
      ThroughputWindow.Sums flow,
      RoomSettings settings,
      long notBeforeMillis) {
    double delay = Math.max(0, notBeforeMillis) / 1000.0;
    double leaving =
        flow.presentMillis() == 0
            ? 0
            : Math.max(0, 1000.0 * flow.departures() / flow.presentMillis());
    double letIn =
        settings.admitPerSecond() == 0
            ? 0
            : seconds((double) number, settings.admitPerSecond(), leaving);
    double ahead = (double) number - free;
    if (ahead <= 0) {
      return Optional.of(range(delay + letIn, delay + letIn + 1));
    }
    double session = settings.session().toSeconds();
    double seconds = flow.millis() / 1000.0;
    double assumedRate = settings.capacity() / (ASSUMED_STAY * session);
    double assumedFor = Math.max(ASSUMED_FOR * session - seconds, 1 / assumedRate);
    double rate = (flow.openings() + assumedRate * assumedFor) / (seconds + assumedFor);
    double known = flow.openings() + 1.0;
    double middle = seconds(ahead, rate, leaving);
    double spread = Math.sqrt(CLUMPING / ahead + CLUMPING / known + DRIFT * DRIFT);
    double factor = StrictMath.exp(QUANTILE * spread);
    double surely = Math.ceil(ahead / settings.capacity()) * UNPAID * session;
    return Optional.of(
        range(
            delay + Math.max(letIn, Math.min(middle / factor, surely)),
            delay + Math.max(letIn, Math.min(middle * factor, surely)) + 1));
  }

  /** Until so many have been let in or have left. */
  private static double seconds(double people, double rate, double leaving) {
    return leaving * people < 1e-6 * rate
        ? people / rate
        : StrictMath.log1p(leaving * people / rate) / leaving;
  }

  private static WaitEstimate range(double lowSeconds, double highSeconds) {
    return new WaitEstimate(duration(lowSeconds), duration(highSeconds));
  }

  private static Duration duration(double seconds) {
    return Duration.ofMillis(Math.round(Math.min(seconds, LONGEST_SECONDS) * 1000));
  }
}
