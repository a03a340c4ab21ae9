package io.concert.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Set;

/** Lets the pages of the sites that the settings name call, and no other's. */
final class Cors implements Handler<RoutingContext> {
  private final CorsHandler handler;

  Cors(List<String> origins) {
    this.handler =
        CorsHandler.create()
            .addOrigins(origins)
            .allowedMethods(
                Set.of(
                    HttpMethod.GET,
                    HttpMethod.POST,
                    HttpMethod.PUT,
                    HttpMethod.PATCH,
                    HttpMethod.DELETE))
            .allowedHeaders(
                Set.of(
                    "Authorization",
                    "Content-Type",
                    "If-None-Match",
                    "Last-Event-ID",
                    "X-Request-Id"))
            .exposedHeaders(Set.of("ETag", "Retry-After", "X-Request-Id"))
            .maxAgeSeconds(600);
  }

  /** A page of our own sends an Origin, too, and needs no leave. */
  @Override
  public void handle(RoutingContext context) {
    String origin = context.request().getHeader("Origin");
    HostAndPort here = context.request().authority();
    boolean ours =
        origin != null
            && here != null
            && (origin.equals("http://" + here) || origin.equals("https://" + here));
    if (ours) {
      context.next();
    } else {
      handler.handle(context);
    }
  }
}
