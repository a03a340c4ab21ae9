package io.concert.http;

import io.concert.http.access.IdempotencyKeys;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets the pages of the sites that the settings name call, and no other's.
 *
 * <p>Every answer varies by origin, also where only one site may call or none: what a browser has
 * kept of an answer to a page of our own, or to a mere prefetch, lacks the leave that another
 * site's page needs, and seat plans may be kept for a year.
 */
final class Cors implements Handler<RoutingContext> {
  private final Optional<CorsHandler> handler;

  /** Vert.x says so itself, but only where several may call. */
  private final boolean handlerSaysVary;

  /**
   * @param origins none: nobody is given leave, and nobody is sent away for asking
   */
  Cors(List<String> origins) {
    this.handler = origins.isEmpty() ? Optional.empty() : Optional.of(handler(origins));
    this.handlerSaysVary = origins.size() > 1;
  }

  private static CorsHandler handler(List<String> origins) {
    return CorsHandler.create()
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
                IdempotencyKeys.HEADER,
                "If-None-Match",
                "Last-Event-ID",
                "X-Request-Id"))
        .exposedHeaders(
            Set.of(
                "ETag",
                IdempotencyKeys.REPLAYED,
                "Retry-After",
                "X-Request-Id",
                "WWW-Authenticate",
                "Allow",
                "Date"))
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
    if (!handlerSaysVary || ours) {
      context.response().putHeader("Vary", "Origin");
    }
    if (ours || handler.isEmpty()) {
      context.next();
    } else {
      handler.get().handle(context);
    }
  }
}
