package io.concert.http;

import io.concert.http.web.Problems;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.ext.web.Router;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Listens. Deploy one instance a core; they share the port. */
public final class HttpVerticle extends VerticleBase {
  private static final int IDLE_SECONDS = 60;
  private static final int DRAIN_SECONDS = 5;

  /**
   * A peer that acknowledges nothing for so long is gone; the system's own patience is a quarter of
   * an hour. Long enough for a tunnel. Known to Linux only.
   */
  private static final int UNACKNOWLEDGED_MILLIS = 20_000;

  private static final int HEADER_BYTES = 8 * 1024;

  private final HttpApi api;
  private @Nullable HttpServer server;

  public HttpVerticle(HttpApi api) {
    this.api = api;
  }

  @Override
  public Future<?> start() {
    EventLoopLag.watch(vertx, api.registry());
    HttpSettings settings = api.settings();
    Optional<Overload> overload = api.overload(vertx.getOrCreateContext());
    Router router = api.router(vertx);
    HttpServer listening =
        vertx
            .createHttpServer(options().setHost(settings.host()).setPort(api.port()))
            .connectionHandler(
                connection -> {
                  api.connections().admit(connection);
                  overload.ifPresent(it -> EarlyRefusal.install(connection, it));
                })
            .invalidRequestHandler(Problems::answerInvalid)
            .requestHandler(
                overload
                    .<Handler<HttpServerRequest>>map(it -> new OverloadGuard(it, router))
                    .orElse(router));
    server = listening;
    return listening
        .listen()
        .recover(
            failure ->
                Future.failedFuture(
                    new IllegalStateException(
                        "HTTP_PORT %d on %s can't be listened on: %s"
                            .formatted(settings.port(), settings.host(), failure.getMessage()),
                        failure)));
  }

  public static HttpServerOptions options() {
    return new HttpServerOptions()
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setTcpUserTimeout(UNACKNOWLEDGED_MILLIS)
        .setMaxHeaderSize(HEADER_BYTES)
        .setMaxInitialLineLength(HEADER_BYTES)
        // A small body that unpacks to gigabytes has no use here, nor has h2c.
        .setDecompressionSupported(false)
        .setHttp2ClearTextEnabled(false)
        // Without a tracer that costs nothing; with one, most requests begin a trace.
        .setTracingPolicy(TracingPolicy.ALWAYS)
        // There are no web sockets to negotiate about at each request.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }

  /** No new connections; streams end, requests in flight finish, if they do in time. */
  @Override
  public Future<?> stop() {
    api.streams().closeAll();
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * @return the port that was bound; 0 before the start
   */
  public int port() {
    return server == null ? 0 : server.actualPort();
  }
}
