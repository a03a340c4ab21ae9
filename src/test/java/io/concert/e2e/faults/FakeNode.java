package io.concert.e2e.faults;

import static io.concert.Patience.letPass;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Stands for a node behind a balancer: ready, and either answers or breaks off each request. */
final class FakeNode implements AutoCloseable {
  private final HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean breaksOff;
  private volatile Duration silence = Duration.ZERO;
  private volatile Duration freeze = Duration.ZERO;
  private volatile boolean ready = true;

  FakeNode() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    letPass(freeze);
    String path = exchange.getRequestURI().getRawPath();
    if (path.equals("/health/ready")) {
      exchange.sendResponseHeaders(ready ? 200 : 503, -1);
      exchange.close();
      return;
    }
    asked.add(exchange.getRequestMethod() + " " + path);
    if (breaksOff) {
      exchange.close(); // Without an answer: the connection ends.
      return;
    }
    letPass(silence);
    String from =
        "XFF=%s Forwarded=%s"
            .formatted(
                exchange.getRequestHeaders().get("X-Forwarded-For"),
                exchange.getRequestHeaders().get("Forwarded"));
    byte[] body = from.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Answers nothing for so long, not even that it is ready. */
  void freezesFor(Duration time) {
    freeze = time;
  }

  /** Answers requests so late, though it is ready. */
  void isSilentFor(Duration time) {
    silence = time;
  }

  void breaksOff(boolean now) {
    breaksOff = now;
  }

  void ready(boolean now) {
    ready = now;
  }

  /** Method and path of each request, health apart. */
  List<String> asked() {
    return asked;
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
