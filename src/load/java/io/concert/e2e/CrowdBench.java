package io.concert.e2e;

import io.concert.load.Processes;
import io.concert.load.Times;
import io.concert.load.Verdicts;
import io.concert.load.Wire;
import java.time.Duration;
import java.util.List;

/**
 * One node with 100,000 people who wait and ask when they are told to, and 5,000 of them who follow
 * their place on a stream instead. People inside leave all the time, others are let in, and so all
 * numbers change: how long until the streams say so?
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=crowd}
 */
public final class CrowdBench {
  private static final int PEOPLE = 100_000;
  private static final int STREAMS = 5_000;
  private static final int CAPACITY = 500;
  private static final int LEAVE_PER_SECOND = 20;
  private static final int CONNECTIONS = 64;
  private static final Duration SETTLE = Duration.ofSeconds(20);
  private static final Duration MEASURED = Duration.ofSeconds(60);
  private static final Duration LAST_NEWS = Duration.ofSeconds(5);

  private CrowdBench() {}

  public static void main(String[] arguments) {
    System.exit(bench());
  }

  private static int bench() {
    try (TestService service = new TestService(WaitingUsers.settings(CAPACITY))) {
      ServiceProcess node = service.startNodeToMeasure();
      List<String> guests = WaitingUsers.guests(service.database(), PEOPLE);
      try (Wire wire = new Wire(node.port(), CONNECTIONS)) {
        Verdicts verdicts = run(node, wire, guests);
        service.assertInvariants();
        return verdicts.publish(
            "%,d people wait, %,d of them at streams".formatted(PEOPLE, STREAMS));
      }
    }
  }

  private static Verdicts run(ServiceProcess node, Wire wire, List<String> guests) {
    WaitingCrowd crowd = new WaitingCrowd(wire);
    long began = System.nanoTime();
    crowd.enter(guests);
    System.out.printf("%,d people have entered after %.0f s%n", PEOPLE, seconds(began));
    crowd.follow(STREAMS, CAPACITY + LEAVE_PER_SECOND * (int) MEASURED.toSeconds() + PEOPLE / 100);
    crowd.live(SETTLE, 0);
    crowd.beginMeasuring();
    Duration used = Processes.cpu(node.pid());
    crowd.live(MEASURED, LEAVE_PER_SECOND);
    double cores = (double) Processes.cpu(node.pid()).minus(used).toMillis() / MEASURED.toMillis();
    crowd.live(LAST_NEWS, 0);
    crowd.stopMeasuring();
    double resident = Processes.residentMegabytes(node.pid());
    double heap = Processes.heapMegabytes(node.pid());
    return verdicts(crowd, cores, resident, heap);
  }

  private static Verdicts verdicts(WaitingCrowd crowd, double cores, double resident, double heap) {
    Times news = crowd.news().times();
    Times polls = crowd.polls();
    double seconds = MEASURED.plus(LAST_NEWS).toMillis() / 1e3;
    Verdicts verdicts = new Verdicts();
    verdicts.counted("people waiting", PEOPLE, "");
    verdicts.counted("streams open", crowd.news().open(), "of " + STREAMS);
    verdicts.counted("places given up", crowd.news().changes(), "");
    verdicts.given("news of that at streams, p50", news.millis(0.5), "ms");
    verdicts.atMost("news of that at streams, p99", news.millis(0.99), 1_000, "ms");
    verdicts.given("news of that at streams, latest", news.mostMillis(), "ms");
    verdicts.counted("news that never came", crowd.news().missing(), "of " + news.count());
    verdicts.none("changes that nobody made", crowd.news().unexplained());
    verdicts.given("events at streams", crowd.news().events() / seconds, "/s");
    verdicts.given("polls", polls.count() / seconds, "/s");
    verdicts.given("polls, p50", polls.millis(0.5), "ms");
    verdicts.given("polls, p99", polls.millis(0.99), "ms");
    verdicts.given("polls sent late by the client, p99", crowd.lateness().millis(0.99), "ms");
    verdicts.none("errors", crowd.errors());
    verdicts.given("processors the service used", cores, "");
    verdicts.given("service, resident", resident, "MB");
    verdicts.given("service, live heap", heap, "MB");
    return verdicts;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
