package io.concert.http.net;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.ClientNetwork;
import io.concert.http.HttpVerticle;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Dispatcher;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.RawHttp;
import io.concert.http.web.RequestMetrics;
import io.concert.http.web.stream.OpenStreams;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three connections from one network, and 4,000 bytes of bodies. */
class ConnectionsIT {
  private static final int MOST = 3;
  private static final String ASK = "GET /read HTTP/1.1\r\nHost: x\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final Promise<Answer> never = Promise.promise();
  private final AtomicInteger owed = new AtomicInteger();
  private final List<Socket> sockets = new ArrayList<>();
  private final Connections connections =
      new Connections(
          new ConnectionLimits(100, MOST, 4_000, 4_000),
          connection -> Optional.of(ClientNetwork.HERE));
  private int port;

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    vertx.close().await();
  }

  private void listen() {
    Router router = Router.router(vertx);
    OpenStreams streams = new OpenStreams();
    new Dispatcher(
            streams,
            connections,
            new RequestMetrics(new SimpleMeterRegistry(), streams),
            (access, call) -> {})
        .mount(
            router,
            List.of(
                Endpoint.get(
                    "/read",
                    Access.PUBLIC,
                    call -> Future.succeededFuture(Answer.ok(new JsonObject()))),
                Endpoint.get(
                    "/never",
                    Access.PUBLIC,
                    call -> {
                      owed.incrementAndGet();
                      return never.future();
                    }),
                Endpoint.post(
                    "/body",
                    Access.PUBLIC,
                    BodyRule.SEED_JSON,
                    call -> {
                      JsonFields fields = call.fields();
                      return Future.succeededFuture(
                          Answer.ok(
                              new JsonObject()
                                  .put("a", fields.optionalText("a", 2_000).isPresent())));
                    })));
    HttpServer server =
        vertx
            .createHttpServer(HttpVerticle.options())
            .connectionHandler(connections::admit)
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .await();
    port = server.actualPort();
  }

  private Socket open(String said) throws IOException {
    int before = connections.count();
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(300);
    sockets.add(socket);
    if (before < MOST) {
      until(() -> connections.count() == before + 1);
    }
    say(socket, said);
    return socket;
  }

  private static void say(Socket socket, String said) throws IOException {
    socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String post(int announced, int sent) {
    return "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: "
        + announced
        + "\r\n\r\n"
        + "x".repeat(sent);
  }

  /** An answer, or the end of the connection, or nothing for so long that neither will come. */
  private static String heard(Socket socket) throws IOException {
    try {
      return RawHttp.readAll(socket);
    } catch (java.net.SocketException reset) {
      return "";
    }
  }

  private static void awaitClosed(Socket socket) {
    until(
        () -> {
          try {
            return socket.getInputStream().read() < 0;
          } catch (java.net.SocketTimeoutException silent) {
            return false;
          } catch (IOException reset) {
            return true;
          }
        });
  }

  @Test
  void whoeverWithholdsABodyLongestGivesWay() throws IOException {
    listen();
    Socket oldest = open(post(60_000, 0));
    Socket later = open(post(60_000, 0));
    Socket last = open(post(60_000, 0));

    Socket honest = open(ASK);

    until(() -> heardQuietly(honest).contains("200 OK"));
    awaitClosed(oldest);
    assertThat(heard(later)).isEqualTo("\n(silent)");
    assertThat(heard(last)).isEqualTo("\n(silent)");
    assertThat(connections.count()).isEqualTo(MOST);
  }

  private static String heardQuietly(Socket socket) {
    try {
      return heard(socket);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void nobodyWhoIsOwedAnAnswerGivesWay() throws IOException {
    listen();
    String ask = "GET /never HTTP/1.1\r\nHost: x\r\n\r\n";
    List<Socket> inFlight = List.of(open(ask), open(ask), open(ask));
    until(() -> owed.get() == MOST);

    awaitClosed(open(ASK));

    never.complete(Answer.ok(new JsonObject()));
    for (Socket socket : inFlight) {
      until(() -> heardQuietly(socket).contains("200 OK"));
    }
    // Answered, they wait for their clients like all others.
    Socket next = open(ASK);
    until(() -> heardQuietly(next).contains("200 OK"));
  }

  @Test
  void bodiesThatDoNotEndGiveWayToOthers() throws IOException {
    listen();
    Socket oldest = open(post(3_000, 1_500));
    Socket later = open(post(3_000, 1_500));
    assertThat(heard(later)).isEqualTo("\n(silent)");

    Socket third = open(post(1_602, 0) + "{\"a\":\"" + "x".repeat(1_594) + "\"}");

    until(() -> heardQuietly(third).startsWith("HTTP/1.1"));
    awaitClosed(oldest);
    assertThat(heard(later)).isEqualTo("\n(silent)");
    say(later, "x".repeat(1_500));
    until(() -> heardQuietly(later).contains("400 Bad Request"));
  }

  @Test
  void limitsFitTheHeap() {
    ConnectionLimits small = ConnectionLimits.of(20_000, 512L << 20, true);
    assertThat(small.most()).isEqualTo(8_192);
    assertThat(small.mostOfOne()).isEqualTo(2_048);
    ConnectionLimits large = ConnectionLimits.of(20_000, 8L << 30, true);
    assertThat(large.most()).isEqualTo(20_000);
    assertThat(large.bodyBytes()).isEqualTo(1L << 30);
    assertThat(ConnectionLimits.of(20_000, 8L << 30, false).mostOfOne()).isEqualTo(20_000);
  }
}
