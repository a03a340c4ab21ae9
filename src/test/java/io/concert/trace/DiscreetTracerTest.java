package io.concert.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiscreetTracerTest {
  private static final Map<String, String> TRACE = Map.of("traceparent", "00-a-b-01");

  /** What Vert.x's own tracer was told. */
  private final List<String> told = new ArrayList<>();

  private final VertxTracer<Object, Object> listening =
      new VertxTracer<>() {
        @Override
        public <R> Object receiveRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            Iterable<Map.Entry<String, String>> headers,
            TagExtractor<R> tags) {
          told.add(operation + " " + headers);
          return "span";
        }

        @Override
        public <R> void receiveResponse(
            Context context,
            @Nullable R response,
            Object span,
            @Nullable Throwable failure,
            TagExtractor<R> tags) {
          told.add(String.valueOf(failure));
          for (int i = 0; i < tags.len(response); i++) {
            told.add(tags.name(response, i) + "=" + tags.value(response, i));
          }
        }
      };

  private final DiscreetTracer tracer =
      new DiscreetTracer(listening, address -> "10.0.0.1".equals(address.hostAddress()));

  private record Asked(String uri, SocketAddress remoteAddress) implements HttpRequest {
    @Override
    public int id() {
      return 1;
    }

    @Override
    public String absoluteURI() {
      return uri;
    }

    @Override
    public HttpMethod method() {
      return HttpMethod.GET;
    }

    @Override
    public MultiMap headers() {
      return MultiMap.caseInsensitiveMultiMap();
    }
  }

  @CanIgnoreReturnValue
  private @Nullable Object receive(String operation, String uri, String from) {
    return tracer.receiveRequest(
        null,
        SpanKind.RPC,
        TracingPolicy.ALWAYS,
        new Asked(uri, SocketAddress.inetSocketAddress(1, from)),
        operation,
        TRACE.entrySet(),
        TagExtractor.empty());
  }

  @Test
  void believesTheTraceOfTrustedProxiesOnly() {
    receive("GET", "/", "10.0.0.1");
    receive("GET", "/", "10.0.0.2");
    assertThat(told).containsExactly("GET [traceparent=00-a-b-01]", "GET []");
  }

  @Test
  void passesNoMadeUpMethodOn() {
    receive("SECRET", "/", "10.0.0.2");
    assertThat(told).containsExactly("HTTP []");
  }

  @Test
  void leavesHealthOut() {
    assertThat(receive("GET", "/health/live", "10.0.0.1")).isNull();
    assertThat(receive("GET", "/metrics", "10.0.0.1")).isNull();
    assertThat(told).isEmpty();
  }

  @Test
  void tellsOfFailuresOnlyWhatTheyAreAndOfTagsOnlyWhatIsKnownToBeHarmless() {
    TagExtractor<String> tags =
        new TagExtractor<>() {
          private final List<String> names =
              List.of("db.query.text", "db.user", "http.url", "client.address");

          @Override
          public int len(String subject) {
            return names.size();
          }

          @Override
          public String name(String subject, int index) {
            return names.get(index);
          }

          @Override
          public String value(String subject, int index) {
            return subject.repeat(50);
          }
        };
    tracer.receiveResponse(null, "secret", "span", new IllegalStateException("Key (email)"), tags);

    assertThat(told.get(0)).contains("IllegalStateException").doesNotContain("email");
    assertThat(told.get(1)).isEqualTo("db.query.text=" + "secret".repeat(50).substring(0, 200));
    assertThat(told.subList(2, told.size()))
        .containsExactly("db.user=null", "http.url=null", "client.address=null");
  }
}
