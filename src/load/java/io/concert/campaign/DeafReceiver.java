package io.concert.campaign;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;

/** Somebody's program that gets the events of sales, and answers each delivery 503 for a while. */
final class DeafReceiver {
  private static final String WEBHOOKS = "/api/v1/admin/webhooks";

  private final Asker operator;
  private final String host;
  private volatile int answer = 503;

  /**
   * @param operator asks a node itself
   * @param host an address of this machine that nodes reach
   */
  DeafReceiver(Asker operator, String host) {
    this.operator = operator;
    this.host = host;
  }

  void begin() {
    try {
      HttpServer made = HttpServer.create(new InetSocketAddress(host, 0), 0);
      made.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
          });
      made.start();
      String url = "http://" + host + ":" + made.getAddress().getPort() + "/sales";
      Asker.Reply reply =
          operator.ask("POST", WEBHOOKS, Stage.OPERATOR, Map.of("url", url), "deaf-receiver");
      if (!reply.is(201)) {
        throw new IllegalStateException("making a webhook: " + reply);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It takes what it is sent from now on, until the campaign ends. */
  void end() {
    answer = 204;
  }
}
