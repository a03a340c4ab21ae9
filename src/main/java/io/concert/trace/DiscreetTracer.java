package io.concert.trace;

import io.vertx.core.Context;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps to itself what Vert.x would tell of people: addresses, paths and queries (where secrets get
 * by mistake), and the messages of failures (where the database quotes what was sent to it). What
 * clients say about traces is believed of trusted ones only: anybody else could have all of their
 * requests kept, or join them to those of others.
 */
final class DiscreetTracer implements VertxTracer<Object, Object> {
  private static final int LONGEST = 200;
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /** Whatever else a version of Vert.x knows. */
  private static final Set<String> TOLD =
      Set.of(
          "http.request.method",
          "http.response.status_code",
          "messaging.destination.name",
          "db.system",
          "db.query.text");

  private final VertxTracer<Object, Object> tracer;
  private final Predicate<SocketAddress> trusted;

  @SuppressWarnings("unchecked")
  DiscreetTracer(VertxTracer<?, ?> tracer, Predicate<SocketAddress> trusted) {
    this.tracer = (VertxTracer<Object, Object>) tracer;
    this.trusted = trusted;
  }

  @Override
  public <R> @Nullable Object receiveRequest(
      @Nullable Context context,
      SpanKind kind,
      TracingPolicy policy,
      R request,
      String operation,
      Iterable<Map.Entry<String, String>> headers,
      TagExtractor<R> tags) {
    if (!(request instanceof HttpRequest asked)) {
      return tracer.receiveRequest(
          context, kind, policy, request, operation, headers, discreet(tags));
    }
    if (asked.uri().startsWith("/health/") || asked.uri().startsWith("/metrics")) {
      return null;
    }
    return tracer.receiveRequest(
        context,
        kind,
        policy,
        request,
        METHODS.contains(operation) ? operation : "HTTP",
        trusted.test(asked.remoteAddress()) ? headers : List.of(),
        discreet(tags));
  }

  @Override
  public <R> void sendResponse(
      @Nullable Context context,
      @Nullable R response,
      Object span,
      @Nullable Throwable failure,
      TagExtractor<R> tags) {
    tracer.sendResponse(context, response, span, withoutMessage(failure), discreet(tags));
  }

  @Override
  public <R> @Nullable Object sendRequest(
      @Nullable Context context,
      SpanKind kind,
      TracingPolicy policy,
      R request,
      String operation,
      BiConsumer<String, String> headers,
      TagExtractor<R> tags) {
    return tracer.sendRequest(context, kind, policy, request, operation, headers, discreet(tags));
  }

  @Override
  public <R> void receiveResponse(
      @Nullable Context context,
      @Nullable R response,
      Object span,
      @Nullable Throwable failure,
      TagExtractor<R> tags) {
    tracer.receiveResponse(context, response, span, withoutMessage(failure), discreet(tags));
  }

  @Override
  public void close() {
    tracer.close();
  }

  private static @Nullable Throwable withoutMessage(@Nullable Throwable failure) {
    return failure == null ? null : new Failed(failure.getClass().getName());
  }

  /** That something failed, and what kind of failure it was. */
  private static final class Failed extends Exception {
    Failed(String kind) {
      super(kind, null, false, false);
    }
  }

  private static <R> TagExtractor<R> discreet(TagExtractor<R> all) {
    return new TagExtractor<>() {
      @Override
      public int len(R subject) {
        return all.len(subject);
      }

      @Override
      public String name(R subject, int index) {
        return all.name(subject, index);
      }

      /** A tag without a value isn't told. */
      @Override
      public @Nullable String value(R subject, int index) {
        if (!TOLD.contains(all.name(subject, index))) {
          return null;
        }
        String value = all.value(subject, index);
        return value == null || value.length() <= LONGEST ? value : value.substring(0, LONGEST);
      }
    };
  }
}
