package io.concert.http.web;

import static io.concert.Patience.letPass;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Fault;
import io.concert.http.web.stream.OpenStreams;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables of any length, to clients of any kind. */
class DownloadIT {
  private static final String ASK = "GET /table HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<String> ROWS = Collections.nCopies(1_000, "x".repeat(100));

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();
  private int parts;
  private boolean fails;
  private int port;

  @BeforeEach
  void listen() {
    Router router = Router.router(vertx);
    DispatcherFixture.dispatcher(new OpenStreams())
        .mount(
            router,
            List.of(
                Endpoint.get(
                    "/table",
                    Access.PUBLIC,
                    call -> Download.of("t.csv", List.of("column"), this::next, List::of))));
    HttpServer server =
        vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
    port = server.actualPort();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private Future<List<String>> next() {
    if (asked.getAndIncrement() < parts) {
      Promise<List<String>> read = Promise.promise();
      vertx.runOnContext(later -> read.complete(ROWS));
      return read.future();
    }
    return fails
        ? Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "no database"))
        : Future.succeededFuture(List.of());
  }

  @Test
  void comesInPartsAndWhole() throws IOException {
    parts = 3;
    String said = RawHttp.say(port, PATIENCE, ASK);
    assertThat(said)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("\r\ncontent-type: text/csv; charset=utf-8; header=present\r\n")
        .containsIgnoringCase("\r\ncontent-disposition: attachment; filename=\"t.csv\"\r\n")
        .contains("\r\ncolumn\r\nxxx")
        .endsWith("\r\n0\r\n\r\n");
    assertThat(said.split("x{100}\r\n", -1)).hasSize(3_001);
  }

  /** Until it stands still; ten thousand parts of a hundred kilobytes would be a gigabyte. */
  @Test
  void isNotReadFasterThanItIsTaken() throws IOException {
    parts = 10_000;
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(16 * 1024);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.getOutputStream().write(ASK.getBytes(StandardCharsets.US_ASCII));
      int before = 0;
      while (before == 0 || before != asked.get()) {
        before = asked.get();
        assertThat(before).isLessThan(200);
        letPass(Duration.ofSeconds(1));
      }
    }
  }

  @Test
  void failureInTheMiddleIsSeen() throws IOException {
    parts = 3;
    fails = true;
    assertThat(RawHttp.say(port, PATIENCE, ASK))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .doesNotContain("\r\n0\r\n\r\n");
  }

  @Test
  void failureAtTheBeginningIsAProblem() throws IOException {
    fails = true;
    assertThat(RawHttp.say(port, PATIENCE, ASK))
        .startsWith("HTTP/1.1 503 ")
        .doesNotContainIgnoringCase("content-disposition")
        .contains("\"code\":\"UNAVAILABLE\"");
  }
}
