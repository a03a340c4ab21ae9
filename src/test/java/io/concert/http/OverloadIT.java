package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.RequestMetrics;
import io.concert.http.web.stream.OpenStreams;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Requests that come while an event loop is busy with earlier ones. Each takes it some
 * milliseconds; the first keeps it until all others have been sent.
 */
class OverloadIT {
  private static final Duration LIMIT = Duration.ofMillis(50);
  private static final Duration WORK = Duration.ofMillis(5);
  private static final int PEOPLE = 100;
  private static final String POLL = "POST /api/v1/users/queueEntity";

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CountDownLatch allSent = new CountDownLatch(1);
  private final List<Socket> people = new ArrayList<>();
  private int port;

  private final class Listener extends VerticleBase {
    @Override
    public Future<HttpServer> start() {
      Overload overload =
          new Overload(
              vertx.getOrCreateContext(),
              LIMIT,
              registry,
              new RequestMetrics(registry, new OpenStreams()));
      return vertx
          .createHttpServer(HttpVerticle.options().setHost("127.0.0.1").setPort(0))
          .connectionHandler(connection -> EarlyRefusal.install(connection, overload))
          .requestHandler(new OverloadGuard(overload, OverloadIT.this::serve))
          .listen()
          .onSuccess(server -> port = server.actualPort());
    }
  }

  @BeforeEach
  void listen() {
    vertx.deployVerticle(new Listener()).await();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket person : people) {
      person.close();
    }
    vertx.close().await();
  }

  private void serve(HttpServerRequest request) {
    if (request.path().equals("/first")) {
      try {
        allSent.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    long until = System.nanoTime() + WORK.toNanos();
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    var unused = request.response().end();
  }

  private Socket connect() throws IOException {
    Socket person = new Socket(InetAddress.getLoopbackAddress(), port);
    person.setSoTimeout(10_000);
    people.add(person);
    return person;
  }

  private static void ask(Socket person, String what, String more) throws IOException {
    String request = what + " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: r1\r\n" + more;
    person.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /** Head and whatever came with it. */
  private static String answer(Socket person) throws IOException {
    byte[] bytes = new byte[4_096];
    int length = person.getInputStream().read(bytes);
    return new String(bytes, 0, Math.max(0, length), StandardCharsets.US_ASCII);
  }

  /**
   * @return what each was answered
   */
  private List<String> allAtOnce(String what, String more) throws IOException {
    Socket first = connect();
    List<Socket> others = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      others.add(connect());
    }
    ask(first, "GET /first", "\r\n");
    for (Socket other : others) {
      ask(other, what, more);
    }
    allSent.countDown();
    List<String> answers = new ArrayList<>();
    var unused = answer(first);
    for (Socket other : others) {
      answers.add(answer(other));
    }
    return answers;
  }

  @Test
  void servesForAsLongAsTheLimitSaysAndRefusesTheRestAtOnce() throws IOException {
    List<String> answers = allAtOnce(POLL, "Content-Length: 2\r\n\r\n{}");

    List<String> refused =
        answers.stream().filter(answer -> answer.startsWith("HTTP/1.1 503")).toList();
    List<String> served =
        answers.stream().filter(answer -> answer.startsWith("HTTP/1.1 200")).toList();
    assertThat(served).isNotEmpty();
    assertThat(refused).hasSizeGreaterThan(PEOPLE / 2).hasSize(PEOPLE - served.size());
    assertThat(refused)
        .allSatisfy(
            answer ->
                assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                    .contains("\r\nretry-after: 2\r\n", "\r\nx-request-id: r1\r\n")
                    .contains("application/problem+json", "\"code\":\"overloaded\""));
    assertThat(registry.counter("http_overload_refused").count()).isEqualTo(refused.size());
  }

  @Test
  void servesAgainOnTheSameConnectionsAfterwards() throws IOException {
    var unused = allAtOnce(POLL, "Content-Length: 2\r\n\r\n{}");
    for (Socket person : people) {
      ask(person, "GET /api/v1/concerts", "\r\n");
      assertThat(answer(person)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void neverRefusesWhoPaysOrOperates() throws IOException {
    for (String what :
        List.of(
            "POST /api/v1/accounts/payments",
            "GET /health/ready",
            "GET /metrics",
            "GET /api/v1/admin/rooms")) {
      assertThat(allAtOnce(what, "\r\n"))
          .allSatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 200"));
    }
  }

  @Test
  void doesntReadOnAndOnWhatItHasRefused() throws IOException {
    List<String> answers = allAtOnce(POLL, "Content-Length: 100000\r\n\r\n{");

    assertThat(answers.get(PEOPLE - 1).toLowerCase(java.util.Locale.ROOT))
        .startsWith("http/1.1 503")
        .contains("\r\nconnection: close\r\n");
    Socket last = people.get(people.size() - 1);
    assertThat(last.getInputStream().read()).isEqualTo(-1);
  }
}
