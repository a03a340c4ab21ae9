package io.concert.queue;

import io.concert.queue.room.WaitingRoom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An on-sale of a million people with the real {@link WaitingRoom} under a virtual clock. Order and
 * capacity are checked at every step; a broken rule ends it with an error.
 *
 * <p>{@code mvn -q -DskipTests test-compile exec:java@run -Drun=simulate}; others with {@code
 * -Dsimulation.people=}, {@code seats}, {@code capacity}, {@code seed}, {@code unpaid}.
 */
public final class Simulation {
  private Simulation() {}

  public static void main(String[] arguments) throws IOException {
    SaleSetup setup =
        new SaleSetup(
            Integer.getInteger("simulation.people", 1_000_000),
            Integer.getInteger("simulation.seats", 20_000),
            Integer.getInteger("simulation.capacity", 2_000),
            Long.getLong("simulation.seed", 1),
            Double.parseDouble(System.getProperty("simulation.unpaid", "0.2")));
    Path report = Path.of("target", "simulation.html").toAbsolutePath();
    System.out.printf(
        "%,d people, %,d seats, capacity %,d, seed %d, %.0f %% never pay%n",
        setup.people(), setup.seats(), setup.capacity(), setup.seed(), 100 * setup.unpaidShare());
    long began = System.nanoTime();
    Tally tally = new OnSale(setup).run();
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.print(tally.summary());
    System.out.println("order and capacity held at every step");
    Files.writeString(report, SimulationReport.html(setup, tally));
    System.out.printf("took %.1f s; plots in %s%n", seconds, report);
  }
}
