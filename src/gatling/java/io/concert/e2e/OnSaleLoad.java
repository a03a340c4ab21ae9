package io.concert.e2e;

import io.concert.e2e.TestService.Sale;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Starts a node with a small hall, lets the crowd of {@link OnSaleSimulation} come, and checks the
 * books. The report is HTML.
 *
 * <p>{@code mvn -q -Pgatling -DskipTests package exec:java@run -Drun=onsale}
 */
public final class OnSaleLoad {
  private static final int SEATS = 2_000;
  private static final int PEOPLE = 8_000;
  private static final int CAPACITY = 400;
  private static final long PRICE = 99_000;

  private OnSaleLoad() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int status;
    // Minutes are seconds here, so holds are short, too.
    Map<String, String> settings =
        Map.of(
            "QUEUE_CAPACITY", Integer.toString(CAPACITY),
            "QUEUE_SESSION_SECONDS", "60",
            "HOLD_SECONDS", "15",
            "LOG_LEVEL", "warn");
    try (TestService service = new TestService(settings)) {
      ServiceProcess node = service.startNodeToMeasure();
      Sale sale = service.openSale(node, SEATS, PRICE);
      status = gatling(node, sale);
      service.assertInvariants();
      System.out.println("invariants hold");
    }
    System.exit(status);
  }

  private static int gatling(ServiceProcess node, Sale sale)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "-Donsale.port=" + node.port(),
            "-Donsale.schedule=" + sale.scheduleId(),
            "-Donsale.price=" + PRICE,
            "-Donsale.people=" + PEOPLE,
            "io.gatling.app.Gatling",
            "--simulation",
            OnSaleSimulation.class.getName(),
            "--results-folder",
            Path.of("target", "gatling").toString());
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
