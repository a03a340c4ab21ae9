package io.concert.e2e;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.TestService.Sale;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a collector is told of requests to running nodes. */
class TracesIT {
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(30);
  private static final String HOLD = "/api/v1/reservations/seats";
  private static final String PAY = "/api/v1/accounts/payments";

  private static final Collector collector = new Collector();
  private static TestService service;
  private static ServiceProcess node;
  private static Sale sale;

  @BeforeAll
  static void start() {
    service =
        new TestService(
            Map.of(
                "TRACES_ENDPOINT",
                collector.url(),
                "TRACES_RATIO",
                "1",
                "TRUSTED_PROXIES",
                "127.0.0.1"));
    node = service.startNode();
    sale = service.openSale(node, 4, 1_000);
  }

  @AfterAll
  static void stop() {
    service.close();
    collector.close();
  }

  private static String newTrace() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "%016x%016x".formatted(random.nextLong() | 1, random.nextLong());
  }

  private static int post(String path, Buyer who, String body, String traceparent) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + who.token())
            .header("traceparent", traceparent)
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Of whoever's trace it is; the last to be told is the request itself. */
  private static List<Span> told(String trace, String request) {
    until(
        request + " is told",
        TOLD_WITHIN,
        () -> collector.trace(trace).stream().anyMatch(span -> span.getName().equals(request)));
    List<Span> spans = collector.trace(trace);
    spans.forEach(span -> System.out.println(collector.path(span)));
    return spans;
  }

  private static Span statement(List<Span> spans, String function) {
    return spans.stream()
        .filter(span -> Collector.attribute(span, "db.query.text").contains(function))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void holdAndPaymentAreOneTraceEachFromTheRequestToTheStatement() {
    Buyer buyer = Buyer.guest(node.api()).isAdmitted();
    buyer.charges(sale.price());
    String seat =
        "\"scheduleId\":\"%s\",\"seatId\":\"%s\"".formatted(sale.scheduleId(), sale.seatId(0));

    String hold = newTrace();
    assertThat(post(HOLD, buyer, "{" + seat + "}", "00-" + hold + "-00000000000000aa-01"))
        .isEqualTo(200);
    String pay = newTrace();
    assertThat(
            post(PAY, buyer, "{" + seat + ",\"price\":1000}", "00-" + pay + "-00000000000000bb-01"))
        .isEqualTo(201);

    List<Span> held = told(hold, "POST " + HOLD);
    Span request =
        held.stream()
            .filter(span -> span.getName().equals("POST " + HOLD))
            .findFirst()
            .orElseThrow();
    assertThat(Collector.hex(request.getParentSpanId())).isEqualTo("00000000000000aa");
    assertThat(Collector.attribute(request, "http.response.status_code")).isEqualTo("200");
    assertThat(held)
        .anySatisfy(
            span ->
                assertThat(collector.path(span))
                    .startsWith("POST " + HOLD)
                    .endsWith("seats Claim", "seats on the owner"))
        .anySatisfy(
            span ->
                assertThat(collector.path(span))
                    .startsWith("POST " + HOLD)
                    .endsWith("seats Settle", "seats on the owner"));
    assertThat(collector.path(statement(held, "hold_seats")))
        .startsWith("POST " + HOLD)
        .contains("batch hold");

    List<Span> paid = told(pay, "POST " + PAY);
    assertThat(collector.path(statement(paid, "pay_for_seats")))
        .startsWith("POST " + PAY)
        .contains("batch pay");
  }

  @Test
  void nothingOfPeopleIsTold() {
    Buyer buyer = Buyer.guest(node.api()).isAdmitted();
    String secret = "s3cr3t-s3cr3t-s3cr3t";
    node.api().get("/api/v1/concerts?token=" + secret, buyer.token());
    node.api().get("/api/v1/users/" + buyer.uuid(), secret);
    node.api().send("POST", "/api/v1/users/login", secret, "{\"uuid\":\"" + secret + "\"}");
    node.api()
        .post(
            "/api/v1/users/login",
            null,
            Map.of("email", secret + "@example.com", "password", secret));
    String trace = newTrace();
    assertThat(
            post(
                HOLD,
                buyer,
                "{\"seatId\":\"" + secret + "\"}",
                "00-" + trace + "-00000000000000aa-01"))
        .isEqualTo(400);
    told(trace, "POST " + HOLD);

    String all = collector.spans().toString();
    assertThat(all)
        .contains("POST /api/v1/users/login")
        .doesNotContain(
            secret,
            buyer.uuid(),
            buyer.token(),
            TestService.ADMIN_TOKEN,
            "127.0.0.1",
            "/api/v1/users/" + buyer.uuid().substring(0, 8));
  }

  @Test
  void whatIsNoTraceBeginsOne() {
    Buyer buyer = Buyer.guest(node.api()).isAdmitted();
    String trace = newTrace();
    for (String wrong :
        List.of(
            "00-" + trace + "-0000000000000000-01",
            "00-" + trace,
            trace,
            "ff-" + trace + "-00000000000000aa-01")) {
      post(HOLD, buyer, "{}", wrong);
    }
    String right = newTrace();
    post(HOLD, buyer, "{}", "00-" + right + "-00000000000000aa-01");
    told(right, "POST " + HOLD);
    assertThat(collector.trace(trace)).isEmpty();
  }

  @Test
  void healthAndBackgroundWorkArentTold() {
    node.get("/health/ready");
    node.api().text("/metrics");
    Buyer buyer = Buyer.guest(node.api()).isAdmitted();
    String trace = newTrace();
    post(HOLD, buyer, "{}", "00-" + trace + "-00000000000000aa-01");
    told(trace, "POST " + HOLD);
    assertThat(collector.spans())
        .extracting(Span::getName)
        .doesNotContain("GET /health/ready", "GET /metrics", "GET");
    assertThat(collector.spans())
        .filteredOn(span -> span.getParentSpanId().isEmpty())
        .isNotEmpty()
        .allSatisfy(span -> assertThat(span.getName()).matches("[A-Z]+ /.*"));
  }
}
