package io.concert.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.VertxBuilder;
import io.vertx.core.net.SocketAddress;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Sends spans to a collector, in batches and beside the requests: a collector that is slow or away
 * costs spans, never requests.
 */
public final class Tracing implements AutoCloseable {
  private static final String SERVICE = "concert-reservation";
  private static final int MOST_WAITING = 4_096;
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final OpenTelemetrySdk sdk;
  private final Predicate<SocketAddress> trusted;

  private Tracing(OpenTelemetrySdk sdk, Predicate<SocketAddress> trusted) {
    this.sdk = sdk;
    this.trusted = trusted;
  }

  /**
   * From now on {@link Traces} are kept.
   *
   * @param instance this node's name
   * @param trusted of whom a {@code traceparent} is believed
   */
  public static Tracing start(
      TraceSettings settings, String instance, Predicate<SocketAddress> trusted) {
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint().toString())
            .setTimeout(PATIENCE)
            .build();
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        SERVICE,
                        AttributeKey.stringKey("service.instance.id"),
                        instance)))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.ratio())))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setMaxQueueSize(MOST_WAITING)
                    .setScheduleDelay(EVERY)
                    .setExporterTimeout(PATIENCE)
                    .build())
            .build();
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(provider)
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    Traces.use(new OtelSpans(sdk.getTracer(SERVICE)));
    return new Tracing(sdk, trusted);
  }

  /** Has Vert.x tell of requests, messages and statements. */
  public VertxBuilder tell(VertxBuilder vertx) {
    var factory = new OpenTelemetryTracingFactory(sdk);
    return vertx.withTracer(options -> new DiscreetTracer(factory.tracer(options), trusted));
  }

  /** Sends what waits, for some seconds at most. */
  @Override
  public void close() {
    Traces.use(Spans.OFF);
    sdk.getSdkTracerProvider().forceFlush().join(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    sdk.close();
  }
}
