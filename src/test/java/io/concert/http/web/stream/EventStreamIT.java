package io.concert.http.web.stream;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.access.Authenticator;
import io.concert.http.web.Access;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Endpoint;
import io.concert.http.web.EventReader;
import io.concert.http.web.EventSource;
import io.concert.http.web.Http;
import io.concert.http.web.RawHttp;
import io.concert.http.web.stream.EventStream.Event;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamIT {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Vertx vertx = Vertx.vertx();
  private final OpenStreams streams = new OpenStreams();
  private final CompletableFuture<EventStream> opened = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private int port;

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** Serves one stream, which the test feeds. */
  private EventReader open(Map<String, String> headers) {
    listen();
    return EventReader.open(port, "/events", headers);
  }

  private void listen() {
    Router router = Router.router(vertx);
    EventSource source =
        stream -> {
          stream.onClose(() -> closed.set(true));
          opened.complete(stream);
        };
    DispatcherFixture.dispatcher(streams)
        .mount(
            router,
            List.of(
                Endpoint.get("/events", Access.PUBLIC, call -> Future.succeededFuture(source)),
                Endpoint.get(
                    "/refused",
                    Access.PUBLIC,
                    call -> Future.<EventSource>failedFuture(Authenticator.unauthorized("No.")))));
    HttpServer server =
        vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
    port = server.actualPort();
  }

  private void onLoop(java.util.function.Consumer<EventStream> action) {
    EventStream stream = opened.join();
    stream.context().runOnContext(now -> action.accept(stream));
  }

  @Test
  void opensAtOnceAndNothingOnTheWayKeepsEventsBack() {
    try (EventReader reader = open(Map.of("X-Request-Id", "mine"))) {
      assertThat(reader.header("Content-Type")).isEqualTo("text/event-stream");
      assertThat(reader.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reader.header("X-Accel-Buffering")).isEqualTo("no");
      assertThat(reader.header("X-Request-Id")).isEqualTo("mine");
      assertThat(reader.header("Content-Encoding")).isNull();
      assertThat(reader.next()).isEqualTo("retry: 1000\n");

      onLoop(stream -> stream.offer(() -> new Event("place", "3-7", "{\"a\":1}")));
      assertThat(reader.next()).isEqualTo("event: place\nid: 3-7\ndata: {\"a\":1}\n");
      onLoop(stream -> stream.offer(() -> new Event("x", "8", "two\nlines")));
      assertThat(reader.next()).isEqualTo("event: x\nid: 8\ndata: two\ndata: lines\n");
      assertThat(streams.count()).isOne();
    }
  }

  @Test
  void endsWithItsLastEvent() {
    try (EventReader reader = open(Map.of())) {
      assertThat(reader.next()).startsWith("retry");
      onLoop(stream -> stream.end("{}"));

      assertThat(reader.next()).isEqualTo("event: end\ndata: {}\n");
      assertThat(reader.next()).isEqualTo(EventReader.EOF);
      until("closed and forgotten", PATIENCE, () -> closed.get() && streams.count() == 0);
      onLoop(stream -> stream.offer(() -> new Event("place", "10", "too late")));
      onLoop(EventStream::close);
    }
  }

  @Test
  void hearsThatTheClientIsGone() {
    EventReader reader = open(Map.of());
    assertThat(reader.next()).startsWith("retry");
    assertThat(closed).isFalse();

    reader.close();

    until("closed and forgotten", PATIENCE, () -> closed.get() && streams.count() == 0);
    AtomicBoolean told = new AtomicBoolean();
    onLoop(stream -> stream.onClose(() -> told.set(true)));
    until("told", PATIENCE, told::get);
  }

  @Test
  void showsASlowClientTheNewestOnlyAndKeepsNothingElse() throws IOException {
    listen();
    AtomicInteger written = new AtomicInteger();
    int offers = 2_000;
    String big = "x".repeat(10_000);
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4_096);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket
          .getOutputStream()
          .write("GET /events HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 1; i <= offers; i++) {
        int number = i;
        onLoop(
            stream ->
                stream.offer(
                    () -> {
                      written.incrementAndGet();
                      return new Event("n", Integer.toString(number), big);
                    }));
      }
      // The system's buffers take some hundred; what is beyond them isn't even made.
      CompletableFuture<Void> allOffered = new CompletableFuture<>();
      onLoop(stream -> allOffered.complete(null));
      allOffered.join();
      assertThat(written.get()).isLessThan(offers - 100);

      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String line = in.readLine();
      while (!("id: " + offers).equals(line)) {
        line = in.readLine();
      }
      assertThat(written.get()).isLessThan(offers - 100);
    }
    until("closed", PATIENCE, closed::get);
  }

  /**
   * It stops reading, as a process does that its system froze: writing to it goes on for a while.
   */
  @Test
  void isTakenOnlyAsLongAsTheClientTakesWhatIsWritten() throws IOException {
    listen();
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4_096);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket
          .getOutputStream()
          .write("GET /events HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      EventStream stream = opened.join();
      assertThat(stream.isTaken()).isTrue();
      String big = "x".repeat(100_000);
      until(
          "not taken",
          Duration.ofSeconds(30),
          () -> {
            onLoop(fed -> fed.offer(() -> new Event("n", "1", big)));
            return !stream.isTaken();
          });

      byte[] buffer = new byte[1 << 16];
      until(
          "taken again",
          Duration.ofSeconds(30),
          () -> {
            try {
              return socket.getInputStream().read(buffer) > 0 && stream.isTaken();
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
    }
    until("closed", PATIENCE, closed::get);
    assertThat(opened.join().isTaken()).isFalse();
  }

  @Test
  void beatsAsOftenAsItHasTo() {
    try (EventReader reader = open(Map.of())) {
      assertThat(reader.next()).startsWith("retry");
      onLoop(stream -> stream.beatEvery(Duration.ofMillis(50)));
      onLoop(stream -> stream.beatEvery(Duration.ofMinutes(1)));
      for (int i = 0; i < 5; i++) {
        assertThat(reader.nextWithin(Duration.ofSeconds(5))).isEqualTo(":\n");
      }
    }
  }

  @Test
  void sendsAllElsewhereOnTheWayDown() {
    try (EventReader reader = open(Map.of())) {
      assertThat(reader.next()).startsWith("retry");
      streams.closeAll();

      assertThat(reader.next()).startsWith("event: reconnect");
      assertThat(reader.next()).isEqualTo(EventReader.EOF);
      try (EventReader late = EventReader.open(port, "/events", Map.of())) {
        assertThat(late.next()).startsWith("retry");
        assertThat(late.next()).startsWith("event: reconnect");
        assertThat(late.next()).isEqualTo(EventReader.EOF);
      }
      until("forgotten", PATIENCE, () -> streams.count() == 0);
    }
  }

  @Test
  void saysOrdinaryProblemsBeforeItBegins() {
    listen();
    new Http(port).get("/refused").expect(401, "UNAUTHORIZED");
  }

  @Test
  void beginsNothingForHead() {
    listen();
    assertThat(new Http(port).request("HEAD", "/events").send().statusCode()).isEqualTo(200);
    assertThat(opened).isNotDone();
  }

  @Test
  void streamsToOldClientsUntilItCloses() throws IOException {
    listen();
    CompletableFuture<Void> fed =
        opened.thenAccept(stream -> stream.context().runOnContext(now -> stream.end("{}")));

    assertThat(RawHttp.say(port, PATIENCE, "GET /events HTTP/1.0\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.0 200 OK")
        .endsWith("\r\n\r\nretry: 1000\n\nevent: end\ndata: {}\n\n");
    fed.join();
  }

  @Test
  void beatsWhenNothingHappens() {
    try (EventReader reader = open(Map.of())) {
      assertThat(reader.next()).startsWith("retry");
      assertThat(reader.next()).isEqualTo(":\n");
    }
  }
}
