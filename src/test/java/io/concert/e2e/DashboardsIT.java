package io.concert.e2e;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concert.e2e.TestService.Sale;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the dashboards and rules ask is answered by a real Prometheus that scrapes real nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardsIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private TestService service;
  private Prometheus prometheus;
  private final List<ServiceProcess> nodes = new ArrayList<>();

  @BeforeAll
  void sellSeatsOnThreeNodes() throws IOException {
    assumeTrue(Prometheus.isInstalled("prometheus"), "Prometheus isn't installed: skipped");
    service =
        new TestService(
            Map.of("QUEUE_CAPACITY", "1", "QUEUE_SESSION_SECONDS", "5", "HOLD_SECONDS", "1"));
    for (int i = 0; i < 3; i++) {
      nodes.add(service.startNode());
    }
    prometheus = Prometheus.scraping(nodes.stream().map(ServiceProcess::port).toList());
  }

  @AfterAll
  void stop() {
    if (service != null) {
      prometheus.close();
      service.close();
    }
  }

  @Test
  void everyQueryReturnsData() throws IOException {
    Sale sale = service.openSale(nodes.get(0), 200, 1_000);
    Map<String, String> open = queries();
    Map<String, String> answered = new LinkedHashMap<>();
    List<Integer> seat = new ArrayList<>(List.of(0));

    long end = System.nanoTime() + LIMIT.toNanos();
    until(
        "data for every query",
        LIMIT.plusMinutes(1),
        () -> {
          assertThat(System.nanoTime() < end || open.isEmpty()).as("no data for " + open).isTrue();
          visit(sale, seat);
          open.entrySet()
              .removeIf(
                  query -> {
                    var samples = prometheus.query(query.getValue());
                    if (!samples.isEmpty()) {
                      answered.put(query.getKey(), samples.get(0).at("/value/1").asText());
                    }
                    return !samples.isEmpty();
                  });
          return open.isEmpty();
        });

    answered.forEach((panel, value) -> System.out.println(panel + " → " + value));
    assertThat(prometheus.query("max(invariant_violations) > 0")).isEmpty();
  }

  /** One buyer who pays for a seat, leaves another to its deadline, and somebody who waits. */
  private void visit(Sale sale, List<Integer> next) {
    Buyer buyer = Buyer.guest(nodes.get(0).api()).isAdmitted();
    Buyer waiting = Buyer.guest(nodes.get(1).api());
    waiting.entersQueue();
    int seat = next.get(0);
    next.set(0, seat + 2);
    buyer.charges(sale.price());
    buyer.holds(sale.scheduleId(), sale.seatId(seat));
    buyer.holds(sale.scheduleId(), sale.seatId(seat + 1));
    buyer.pays(sale.scheduleId(), sale.seatId(seat), sale.price());
  }

  /** By dashboard, panel and letter, with Grafana's variables filled in. */
  private static Map<String, String> queries() throws IOException {
    Map<String, String> queries = new LinkedHashMap<>();
    for (String name : List.of("on-sale", "nodes", "api", "database")) {
      JsonNode dashboard =
          new ObjectMapper().readTree(new File("grafana/dashboards/" + name + ".json"));
      for (JsonNode panel : dashboard.get("panels")) {
        for (JsonNode target : panel.path("targets")) {
          queries.put(
              name + " / " + panel.get("title").asText() + " " + target.get("refId").asText(),
              filled(target.get("expr").asText()));
        }
      }
    }
    for (String line : Files.readAllLines(Path.of("src/deploy/prometheus/rules.yml"))) {
      if (line.strip().startsWith("- record: ")) {
        String recorded = line.strip().substring("- record: ".length());
        queries.put("rules / " + recorded, recorded);
      }
    }
    return queries;
  }

  private static String filled(String query) {
    return query.replace("$job", ".+").replace("$instance", ".+").replace("$__rate_interval", "1m");
  }
}
