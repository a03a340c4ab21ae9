package io.concert.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Spans of OpenTelemetry, which Vert.x carries from one handler to the next. */
final class OtelSpans implements Spans {
  /** W3C Trace Context, version 00. */
  private static final Pattern TEXT =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  private final Tracer tracer;

  private record Place(SpanContext span) implements Origin {}

  private record Begun(Span span) implements Step {
    @Override
    public String text() {
      SpanContext context = span.getSpanContext();
      return "00-%s-%s-%s"
          .formatted(context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex());
    }

    @Override
    public void end(@Nullable Throwable failure) {
      if (failure != null) {
        span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
      }
      span.end();
    }
  }

  OtelSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public boolean areOn() {
    return true;
  }

  @Override
  public void route(String method, String path) {
    Span span = Span.current();
    span.updateName(method + " " + path);
    span.setAttribute("http.route", path);
  }

  @Override
  public Origin here() {
    return place(Span.current().getSpanContext());
  }

  /** What isn't sampled has no steps either. */
  private static Origin place(SpanContext context) {
    return context.isValid() && context.isSampled() ? new Place(context) : Origin.NONE;
  }

  @Override
  public Origin origin(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? place(
            SpanContext.createFromRemoteParent(
                matcher.group(1),
                matcher.group(2),
                TraceFlags.fromHex(matcher.group(3), 0),
                TraceState.getDefault()))
        : Origin.NONE;
  }

  @Override
  public Step step(String name, Origin origin) {
    return origin instanceof Place place
        ? new Begun(tracer.spanBuilder(name).setParent(under(place)).startSpan())
        : Step.NONE;
  }

  private static Context under(Place place) {
    return Context.root().with(Span.wrap(place.span()));
  }

  @Override
  public Step shared(String name, List<Origin> origins) {
    @Nullable SpanBuilder builder = null;
    for (Origin origin : origins) {
      if (origin instanceof Place place) {
        if (builder == null) {
          builder = tracer.spanBuilder(name).setParent(under(place));
        } else {
          builder.addLink(place.span());
        }
      }
    }
    return builder == null ? Step.NONE : new Begun(builder.startSpan());
  }

  /** A context of its own: what follows belongs to the step, and to no request that waits. */
  @Override
  @SuppressWarnings("MustBeClosed") // Never left: the context is the work's alone.
  public <T> Future<T> within(Step step, Vertx vertx, Supplier<Future<T>> work) {
    ContextInternal context = ((ContextInternal) vertx.getOrCreateContext()).duplicate();
    Promise<T> done = Promise.promise();
    context.dispatch(
        () -> {
          Context active =
              step instanceof Begun begun ? Context.root().with(begun.span()) : Context.root();
          Scope unused = active.makeCurrent();
          work.get().onComplete(done);
        });
    return done.future();
  }

  @Override
  public <T> Promise<T> promise(Vertx vertx) {
    return ((ContextInternal) vertx.getOrCreateContext()).promise();
  }
}
