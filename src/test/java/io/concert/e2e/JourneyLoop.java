package io.concert.e2e;

import io.concert.e2e.TestService.Sale;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A simple closed loop: a few clients, each buying one seat after the other as a new guest (create
 * the guest, enter the queue, poll until let in, list seats, hold, charge, pay). Service, database
 * and clients share the machine, so the figure is a floor. Bounded in count; not a test.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@journeys}
 */
public final class JourneyLoop {
  private static final int CLIENTS = 16;
  private static final int WARM_UP = 1_500;
  private static final int MEASURED = 3_000;
  private static final int ROUNDS = 3;
  private static final long PRICE = 99_000;

  private final ServiceProcess node;
  private final Sale sale;
  private final AtomicInteger nextSeat = new AtomicInteger();

  private JourneyLoop(ServiceProcess node, Sale sale) {
    this.node = node;
    this.sale = sale;
  }

  /** Prints a line a round: journeys a second, and the times of hold and pay. */
  public static void main(String[] arguments) throws Exception {
    try (TestService service =
        new TestService(Map.of("QUEUE_CAPACITY", "1000", "LOG_LEVEL", "warn"))) {
      ServiceProcess node = service.startNode();
      Sale sale = service.openSale(node, WARM_UP + ROUNDS * MEASURED, PRICE);
      JourneyLoop loop = new JourneyLoop(node, sale);
      loop.run(WARM_UP);
      for (int round = 1; round <= ROUNDS; round++) {
        System.out.println("round " + round + ": " + loop.run(MEASURED));
      }
      service.assertInvariants();
      System.out.println("invariants hold");
    }
    System.exit(0);
  }

  private Figures run(int journeys) throws InterruptedException, ExecutionException {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      return run(journeys, clients);
    } finally {
      clients.shutdownNow();
    }
  }

  private Figures run(int journeys, ExecutorService clients)
      throws InterruptedException, ExecutionException {
    int end = nextSeat.get() + journeys;
    long began = System.nanoTime();
    List<Future<List<long[]>>> running = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      running.add(clients.submit(() -> buyUntil(end)));
    }
    List<long[]> times = new ArrayList<>();
    for (Future<List<long[]>> one : running) {
      times.addAll(one.get());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    nextSeat.set(end);
    return new Figures(took, times);
  }

  private List<long[]> buyUntil(int end) {
    List<long[]> times = new ArrayList<>();
    for (int seat = nextSeat.getAndIncrement(); seat < end; seat = nextSeat.getAndIncrement()) {
      Buyer buyer = Buyer.guest(node.api()).isAdmitted();
      buyer.seats(sale.scheduleId()).mustBe(200);
      long asked = System.nanoTime();
      buyer.holds(sale.scheduleId(), sale.seatId(seat)).mustBe(200);
      long held = System.nanoTime();
      buyer.charges(PRICE).mustBe(200);
      long charged = System.nanoTime();
      buyer.pays(sale.scheduleId(), sale.seatId(seat), PRICE).mustBe(201);
      times.add(new long[] {held - asked, System.nanoTime() - charged});
    }
    return times;
  }

  /**
   * @param times of each journey's hold and pay, nanoseconds
   */
  private record Figures(Duration took, List<long[]> times) {
    @Override
    public String toString() {
      return "%d journeys in %.1f s = %.0f a second; hold p50 %.1f ms p99 %.1f ms; pay p50 %.1f ms p99 %.1f ms"
          .formatted(
              times.size(),
              took.toMillis() / 1e3,
              times.size() * 1e3 / took.toMillis(),
              percentile(0, 0.5),
              percentile(0, 0.99),
              percentile(1, 0.5),
              percentile(1, 0.99));
    }

    private double percentile(int step, double share) {
      long[] sorted = times.stream().mapToLong(time -> time[step]).toArray();
      Arrays.sort(sorted);
      return sorted[(int) (share * (sorted.length - 1))] / 1e6;
    }
  }
}
