package io.concert.events.delivery;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** What an operator runs: takes deliveries over HTTP and remembers them. */
final class Receiver implements AutoCloseable {
  /** One request, as it was sent. */
  record Delivery(
      String path, String host, String timestamp, String signature, Buffer body, int answered) {
    List<JsonObject> events() {
      return body.toJsonObject().getJsonArray("events").stream()
          .map(JsonObject.class::cast)
          .toList();
    }
  }

  final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /** The status for each delivery; 0: no answer at all. */
  volatile Function<List<JsonObject>, Integer> answer = events -> 200;

  Receiver(Vertx vertx) {
    this(vertx, new HttpServerOptions());
  }

  Receiver(Vertx vertx, HttpServerOptions options) {
    server =
        vertx.createHttpServer(options).requestHandler(this::take).listen(0, "127.0.0.1").await();
  }

  private void take(HttpServerRequest request) {
    var unused =
        request
            .body()
            .onSuccess(
                body -> {
                  List<JsonObject> events =
                      body.toJsonObject().getJsonArray("events").stream()
                          .map(JsonObject.class::cast)
                          .toList();
                  int status = answer.apply(events);
                  deliveries.add(
                      new Delivery(
                          request.uri(),
                          request.getHeader("Host"),
                          request.getHeader(Signature.TIMESTAMP),
                          request.getHeader(Signature.SIGNATURE),
                          body,
                          status));
                  if (status > 0) {
                    request.response().setStatusCode(status).end("thank you");
                  }
                });
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/hook";
  }

  int port() {
    return server.actualPort();
  }

  /** Ids of the events that were taken, in the order of their arrival. */
  List<String> taken() {
    return deliveries.stream()
        .filter(delivery -> delivery.answered() / 100 == 2)
        .flatMap(delivery -> delivery.events().stream())
        .map(event -> event.getString("id"))
        .toList();
  }

  @Override
  public void close() {
    server.close().await();
  }
}
