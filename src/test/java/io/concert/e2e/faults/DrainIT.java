package io.concert.e2e.faults;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.Answer;
import io.concert.e2e.Buyer;
import io.concert.e2e.ServiceProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients and a balancer see of a node that is told to stop. */
class DrainIT {
  private static final String READY = "/health/ready";
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void nodeSaysThatItGoesAndServesOnUntilBalancersHaveNoticed() throws Exception {
    try (ServiceProcess node =
        ServiceProcess.start(
            Map.of(
                "DATA_DIR", directory.resolve("data").toString(),
                "CLUSTER_NAME", directory.toString(),
                "DRAIN_SECONDS", "10"))) {
      Buyer waiting = Buyer.guest(node.api());
      waiting.entersQueue().mustBe(201);
      CompletableFuture<HttpResponse<String>> stream = follow(node, waiting.token());

      node.askToStop();
      until("not ready", NOTICED_WITHIN, () -> node.get(READY).status() == 503);

      Answer poll = waiting.polls().mustBe(202);
      assertThat(poll.headers().firstValue("connection")).hasValue("close");
      assertThat(node.exitCode()).isZero();
      assertThat(stream.join().body())
          .contains("event: place")
          .endsWith("event: reconnect\ndata: {\"reason\":\"NODE_STOPPING\"}\n\n");
    }
  }

  private static CompletableFuture<HttpResponse<String>> follow(ServiceProcess node, String token) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + node.port() + "/api/v1/users/queueEntity/events"))
            .header("Authorization", "Bearer " + token)
            .build();
    return HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofString());
  }
}
