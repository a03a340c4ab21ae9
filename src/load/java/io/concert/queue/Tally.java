package io.concert.queue;

import io.concert.forecast.Crowd;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What came of a simulated sale. Times are milliseconds from the beginning. */
final class Tally {
  private final List<Sample> samples = new ArrayList<>();
  private final List<Admission> admissions = new ArrayList<>();
  private final Promises promises;
  private int toArrive;
  private int arrived;
  private int gaveUp;
  private int missed;
  private int buyers;
  private int unpaidTickets;
  private int timedOut;
  private long asked;
  private int soldOut = Integer.MAX_VALUE;
  private int mostActive;
  private int sold;

  /** The sale at one moment. */
  record Sample(int at, int inLine, int active, int held, int sold) {}

  record Admission(int arrival, int at) {
    /** Before the opening nobody waits for a slot. */
    int wait(int opens) {
      return at - Math.max(arrival, opens);
    }
  }

  Tally(int people) {
    this.toArrive = people;
    this.promises = new Promises(people);
  }

  void arrived() {
    arrived++;
    toArrive--;
  }

  boolean isEverybodyHere() {
    return toArrive == 0;
  }

  void asked() {
    asked++;
  }

  void gaveUp() {
    gaveUp++;
  }

  /** Was away for so long that the session was over. */
  void missed() {
    missed++;
  }

  void admitted(int arrival, int at) {
    admissions.add(new Admission(arrival, at));
  }

  void bought(int tickets) {
    buyers++;
    sold += tickets;
  }

  void unpaid(int tickets) {
    unpaidTickets += tickets;
  }

  void timedOut() {
    timedOut++;
  }

  void soldOut(int at) {
    soldOut = at;
  }

  /** When the last seat was paid; later than any time before that. */
  int soldOut() {
    return soldOut;
  }

  void sample(int at, int inLine, int active, int held, int soldSeats) {
    samples.add(new Sample(at, inLine, active, held, soldSeats));
  }

  void finish(int most) {
    mostActive = most;
  }

  List<Sample> samples() {
    return samples;
  }

  List<Admission> admissions() {
    return admissions;
  }

  Promises promises() {
    return promises;
  }

  int mostActive() {
    return mostActive;
  }

  int sold() {
    return sold;
  }

  /** Those who came in while there were seats. */
  Predicate<Admission> inTime() {
    return one -> one.at() <= soldOut;
  }

  /**
   * @param share 0.5 for the median
   * @return the wait that this share of people didn't exceed, in minutes; 0 for nobody
   */
  static double minutes(List<Admission> people, double share) {
    int[] waits = people.stream().mapToInt(one -> one.wait(Crowd.OPENS)).sorted().toArray();
    int rank = (int) Math.ceil(share * waits.length) - 1;
    return waits.length == 0 ? 0 : waits[Math.max(0, rank)] / 60_000.0;
  }

  /** Admissions in each minute from the beginning. */
  int[] admissionsByMinute() {
    int[] minutes = new int[samples.get(samples.size() - 1).at() / 60_000 + 1];
    admissions.forEach(one -> minutes[one.at() / 60_000]++);
    return minutes;
  }

  /** For a terminal. */
  String summary() {
    List<Admission> inTime = admissions.stream().filter(inTime()).toList();
    double minutes = inTime.isEmpty() ? 0 : (Math.min(soldOut, lastAt()) - Crowd.OPENS) / 60_000.0;
    return """
        came                  %,d
        most in line          %,d
        most inside at once   %,d
        let in                %,d, of them %,d while there were seats (%.0f a minute)
        waits of those        p50 %.1f min, p90 %.1f min, p99 %.1f min
        first estimates       %.0f %% of the waits inside, %.0f %% shorter, %.0f %% longer
        bought                %,d people, %,d seats
        sold out              %s
        seats given back      %,d
        sessions timed out    %,d
        gave up waiting       %,d
        missed their turn     %,d
        polls                 %,d
        last one gone         %.1f min after the opening
        """
        .formatted(
            arrived,
            samples.stream().mapToInt(Sample::inLine).max().orElse(0),
            mostActive,
            admissions.size(),
            inTime.size(),
            inTime.size() / minutes,
            minutes(inTime, 0.5),
            minutes(inTime, 0.9),
            minutes(inTime, 0.99),
            100 * promises.share(Promises.Outcome.INSIDE),
            100 * promises.share(Promises.Outcome.SOONER),
            100 * promises.share(Promises.Outcome.LATER),
            buyers,
            sold,
            soldOut == Integer.MAX_VALUE
                ? "no"
                : "%.1f min after the opening".formatted((soldOut - Crowd.OPENS) / 60_000.0),
            unpaidTickets,
            timedOut,
            gaveUp,
            missed,
            asked,
            (lastAt() - Crowd.OPENS) / 60_000.0);
  }

  private int lastAt() {
    return samples.get(samples.size() - 1).at();
  }
}
