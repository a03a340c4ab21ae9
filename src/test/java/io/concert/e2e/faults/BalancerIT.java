package io.concert.e2e.faults;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.ServiceProcess;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The HAProxy configuration that is shipped, where HAProxy is installed. */
class BalancerIT {
  private static final Path CONFIGURATION = Path.of("src/deploy/haproxy/haproxy.cfg");
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(20);
  private static final int ENOUGH = 12;
  private static final String HOLD = "/api/v1/reservations/seats";

  private final List<FakeNode> nodes = List.of(new FakeNode(), new FakeNode(), new FakeNode());
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = ServiceProcess.freePort();
  private Process balancer;

  @BeforeEach
  void start() throws IOException {
    Assumptions.assumeTrue(installed(), "HAProxy isn't installed");
    ProcessBuilder command =
        new ProcessBuilder("haproxy", "-db", "-f", CONFIGURATION.toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD);
    command.environment().put("LISTEN", "127.0.0.1:" + port);
    for (int i = 0; i < nodes.size(); i++) {
      command.environment().put("NODE_" + (i + 1), nodes.get(i).address());
    }
    balancer = command.start();
    until("the balancer answers", STARTED_WITHIN, () -> status("GET", "/probe") == 200);
    nodes.forEach(node -> node.asked().clear());
  }

  @AfterEach
  void stop() {
    if (balancer != null) {
      balancer.destroyForcibly();
    }
    nodes.forEach(FakeNode::close);
  }

  @Test
  void commandWithoutAKeyIsSentOnceWhateverBecomesOfIt() {
    nodes.get(0).breaksOff(true);

    for (int i = 0; i < ENOUGH; i++) {
      // A 502, or no answer on a connection that was used before: unknown, either way.
      var unused = status("POST", HOLD);
    }

    assertThat(nodes.get(0).asked()).isNotEmpty();
    assertThat(asked()).hasSize(ENOUGH);
  }

  @Test
  void whatCanNotHappenTwiceIsAskedAgainElsewhere() {
    nodes.get(0).breaksOff(true);

    for (int i = 0; i < ENOUGH; i++) {
      assertThat(status("POST", HOLD, "Idempotency-Key", "k" + i)).isEqualTo(200);
    }
    assertThat(nodes.get(0).asked()).isNotEmpty();
    nodes.get(0).asked().clear();
    for (int i = 0; i < ENOUGH; i++) {
      assertThat(status("GET", "/api/v1/concerts")).isEqualTo(200);
    }
    assertThat(nodes.get(0).asked()).isNotEmpty();
  }

  @Test
  void insideIsClosedToTheOutsideHoweverItIsSpelled() {
    for (String path :
        List.of(
            "/metrics",
            "/api/v1/admin/concerts",
            "//api/v1/admin/overview",
            "/api//v1/admin/overview",
            "/api/v1/%61dmin/overview",
            "/API/v1/Admin/overview",
            "/x/../metrics",
            "/operator")) {
      assertThat(status("GET", path)).as(path).isEqualTo(404);
    }
    assertThat(asked()).isEmpty();
  }

  @Test
  void clientsAddressIsHandedOnAndNothingThatItMadeUp() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/probe"))
            .header("X-Forwarded-For", "1.2.3.4")
            .header("Forwarded", "for=1.2.3.4")
            .build();

    assertThat(client.send(request, BodyHandlers.ofString()).body())
        .isEqualTo("XFF=[127.0.0.1] Forwarded=null");
  }

  @Test
  void nodeThatIsNotReadyGetsNothingUnlessNoneIs() {
    nodes.get(0).ready(false);
    nodes.get(1).ready(false);
    until(
        "only the third is asked",
        STARTED_WITHIN,
        () -> {
          nodes.forEach(node -> node.asked().clear());
          for (int i = 0; i < 6; i++) {
            status("GET", "/probe");
          }
          return nodes.get(2).asked().size() == 6;
        });
    nodes.get(2).ready(false);
    until(
        "all that live are asked when none is ready",
        STARTED_WITHIN,
        () -> status("GET", "/probe") == 200 && !nodes.get(0).asked().isEmpty());
  }

  /** Two at once, so that it takes no longer than the longer of them. */
  @Test
  void requestIsEndedWithAFrozenNodeAndAStreamIsNot() {
    nodes.forEach(node -> node.isSilentFor(Duration.ofSeconds(10)));

    CompletableFuture<HttpResponse<String>> stream =
        sent("GET", "/api/v1/users/queueEntity/events");
    CompletableFuture<HttpResponse<String>> hold = sent("POST", HOLD);

    assertThat(hold.join().statusCode()).isEqualTo(504);
    assertThat(hold.join().headers().firstValue("content-type"))
        .hasValue("application/problem+json");
    assertThat(hold.join().body()).contains("\"code\":\"OUTCOME_UNKNOWN\"");
    assertThat(stream.join().statusCode()).isEqualTo(200);
  }

  /** Before the time of a request is over, which would be 504. */
  @Test
  void whatAFrozenNodeHoldsIsEndedOnceThatIsKnown() {
    nodes.get(0).freezesFor(Duration.ofSeconds(10));

    List<CompletableFuture<HttpResponse<String>>> holds =
        nodes.stream().map(node -> sent("POST", HOLD)).toList();

    assertThat(holds)
        .extracting(hold -> hold.join().statusCode())
        .containsExactlyInAnyOrder(200, 200, 502);
    assertThat(holds)
        .extracting(hold -> hold.join().body())
        .areExactly(1, new Condition<>(body -> body.contains("OUTCOME_UNKNOWN"), "unknown"));
  }

  @Test
  void nodeThatGoesFinishesWhatItHas() {
    nodes.forEach(node -> node.isSilentFor(Duration.ofSeconds(5)));

    List<CompletableFuture<HttpResponse<String>>> holds =
        nodes.stream().map(node -> sent("POST", HOLD)).toList();
    until("all are asked", STARTED_WITHIN, () -> asked().size() == nodes.size());
    nodes.get(0).ready(false);

    assertThat(holds).allMatch(hold -> hold.join().statusCode() == 200);
  }

  private CompletableFuture<HttpResponse<String>> sent(String method, String path) {
    return client.sendAsync(request(method, path).build(), BodyHandlers.ofString());
  }

  private List<String> asked() {
    return nodes.stream().flatMap(node -> node.asked().stream()).toList();
  }

  private int status(String method, String path, String... headers) {
    HttpRequest.Builder request = request(method, path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<Void> answer = client.send(request.build(), BodyHandlers.discarding());
      return answer.statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder request(String method, String path) {
    return HttpRequest.newBuilder(uri(path))
        .method(
            method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static boolean installed() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "haproxy")));
  }
}
