package io.concert.http.web;

import io.concert.domain.Fault;
import io.concert.http.net.Connections;
import io.concert.http.web.stream.EventStream;
import io.concert.http.web.stream.OpenStreams;
import io.concert.trace.Traces;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where requests become calls and answers or failures become responses: whatever happens, a client
 * gets an answer of the contract and nothing of the inside.
 */
public final class Dispatcher {
  /** For the work, once the body is there. The waits inside are shorter. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final OpenStreams streams;
  private final Connections connections;
  private final RequestMetrics metrics;
  private final AccessCheck check;

  /**
   * @param streams what it opens is counted in there
   * @param connections hears whose turn it is on each
   * @param check is asked about every call, by its endpoint's access
   */
  public Dispatcher(
      OpenStreams streams, Connections connections, RequestMetrics metrics, AccessCheck check) {
    this.streams = streams;
    this.connections = connections;
    this.metrics = metrics;
    this.check = check;
  }

  public void mount(Router router, List<Endpoint> endpoints) {
    Map<String, TreeSet<String>> methods = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      TreeSet<String> allowed = methods.computeIfAbsent(endpoint.path(), p -> new TreeSet<>());
      allowed.add(endpoint.method().name());
      var route = router.route(endpoint.method(), routerPath(endpoint.path()));
      if (endpoint.onlyReads()) {
        route.method(HttpMethod.HEAD);
        allowed.add("HEAD");
      }
      RequestMetrics.Route measured = metrics.route(endpoint);
      route.handler(context -> handle(Call.of(context), endpoint, measured));
    }
    methods.forEach(
        (path, allowed) ->
            router
                .route(routerPath(path))
                .handler(context -> refuseMethod(Call.of(context), String.join(", ", allowed))));
    // A route that matches nothing but failures: those of Vert.x itself come here, too.
    for (int status : new int[] {400, 403, 404, 405, 413, 414, 415, 417, 500, 501, 503, 504}) {
      // The context doesn't know the status of a failure to match a route.
      router.errorHandler(status, context -> fail(context, status));
    }
    router.route().failureHandler(context -> fail(context, context.statusCode()));
  }

  /** {@code {id}} to {@code :id}. */
  private static String routerPath(String path) {
    return path.replace('{', ':').replace("}", "");
  }

  private void handle(Call call, Endpoint endpoint, RequestMetrics.Route measured) {
    call.routed(endpoint, measured);
    Traces.spans().route(endpoint.method().name(), endpoint.path());
    // Of operators before their body is read, which may be large. A user's is small, and a refusal
    // that comes before it would cost the connection.
    if (endpoint.access().isForOperators()) {
      check.require(endpoint.access(), call);
    }
    BodyReader.read(
        call,
        endpoint.body().mostBytes(),
        (bytes, drop) -> connections.received(call.request().connection(), bytes, drop),
        () -> serve(call, endpoint),
        problem -> write(call, problem.answer(call.requestId())));
  }

  private void serve(Call call, Endpoint endpoint) {
    connections.isOwedAnAnswer(call.request().connection());
    run(call, endpoint)
        .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            outcome -> give(call, outcome),
            failure -> write(call, problem(call, endpoint, failure).answer(call.requestId())));
  }

  private Future<? extends Outcome> run(Call call, Endpoint endpoint) {
    try {
      if (!endpoint.access().isForOperators()) {
        check.require(endpoint.access(), call);
      }
      return endpoint.service().serve(call);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static Problem problem(Call call, Endpoint endpoint, Throwable failure) {
    if (failure instanceof ProblemException refused) {
      return refused.problem();
    }
    if (failure instanceof HttpException refused) {
      return Problems.ofStatus(refused.getStatusCode()); // A query that can't be decoded.
    }
    Fault fault =
        failure instanceof TimeoutException
            ? new Fault(Fault.Kind.OUTCOME_UNKNOWN, "no answer in " + LIMIT, failure)
            : Fault.of(failure);
    call.fault(fault);
    return fault.kind() == Fault.Kind.OUTCOME_UNKNOWN && endpoint.onlyReads()
        ? Problem.of(ProblemCode.UNAVAILABLE, "No answer in time.")
        : Problem.of(fault);
  }

  private void refuseMethod(Call call, String allowed) {
    Problem problem = Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "Allowed here: " + allowed + ".");
    write(call, problem.answer(call.requestId()).with("Allow", allowed));
  }

  /** Everything that went wrong outside an endpoint's own work. */
  private void fail(RoutingContext context, int status) {
    Call call = Call.of(context);
    if (context.failure() instanceof ProblemException refused) {
      write(call, refused.problem().answer(call.requestId()));
      return;
    }
    Problem problem = Problems.ofStatus(status);
    if (problem.code() == ProblemCode.INTERNAL) {
      Throwable failure = context.failure();
      call.fault(
          Fault.of(failure == null ? new IllegalStateException("status " + status) : failure));
    }
    write(call, problem.answer(call.requestId()));
  }

  private void give(Call call, Outcome outcome) {
    if (outcome instanceof Answer answer) {
      write(call, answer);
    } else if (outcome instanceof Download download) {
      send(call, download);
    } else {
      open(call, (EventSource) outcome);
    }
  }

  private void send(Call call, Download download) {
    HttpServerResponse response = call.context().response();
    if (response.ended() || response.closed()) {
      gone(call);
      return;
    }
    head(call, 200);
    response.putHeader("Content-Type", Download.MEDIA_TYPE);
    response.putHeader("Content-Disposition", download.disposition());
    closeIfBodyNeverEnds(call);
    boolean headOnly = HttpMethod.HEAD.equals(call.request().method());
    response.setChunked(!headOnly);
    // Anyone who takes a large table slowly is no slow answer.
    metrics.of(call).answered(200, call.age());
    (headOnly ? response.end() : download.writeTo(response))
        .onComplete(sent -> RequestLog.streamed(call), failure -> breakOff(call, failure))
        .onComplete(over -> connections.isAnswered(call.request().connection()));
  }

  /** The client sees that something is missing: the last chunk never comes. */
  private static void breakOff(Call call, Throwable failure) {
    if (call.context().response().closed()) {
      RequestLog.gone(call);
    } else {
      call.fault(Fault.of(failure));
      RequestLog.streamed(call);
      var unused = call.request().connection().close();
    }
  }

  private void open(Call call, EventSource source) {
    HttpServerResponse response = call.context().response();
    if (response.ended() || response.closed()) {
      gone(call);
      return;
    }
    head(call, 200);
    response.putHeader("Content-Type", EventStream.MEDIA_TYPE);
    // Else nginx gathers events before it passes them on.
    response.putHeader("X-Accel-Buffering", "no");
    closeIfBodyNeverEnds(call);
    if (HttpMethod.HEAD.equals(call.request().method())) {
      connections.isAnswered(call.request().connection());
      end(call, 200, response.end());
      return;
    }
    EventStream stream =
        new EventStream(
            call.context().vertx(),
            call.request(),
            over -> {
              streams.remove(over);
              connections.isAnswered(call.request().connection());
              RequestLog.streamed(call);
            });
    streams.add(stream);
    metrics.of(call).answered(200, call.age());
    try {
      source.feed(stream);
    } catch (RuntimeException e) {
      call.fault(Fault.of(e));
      stream.close();
    }
  }

  private void write(Call call, Answer answer) {
    HttpServerResponse response = call.context().response();
    if (response.ended()) {
      return;
    }
    if (response.closed()) {
      gone(call);
      return;
    }
    connections.isAnswered(call.request().connection());
    head(call, answer.status());
    answer.headers().forEach((name, value) -> put(response, name, value));
    closeIfBodyNeverEnds(call);
    end(call, answer.status(), send(call, answer, response));
  }

  private static void head(Call call, int status) {
    HttpServerResponse response = call.context().response();
    response.setStatusCode(status);
    response.putHeader("X-Request-Id", call.requestId());
    response.putHeader("X-Content-Type-Options", "nosniff");
    response.putHeader("Cache-Control", "no-store");
  }

  private static Future<Void> send(Call call, Answer answer, HttpServerResponse response) {
    if (answer.hasNoBody()) {
      return response.end();
    }
    response.putHeader("Content-Type", answer.mediaType());
    if (HttpMethod.HEAD.equals(call.request().method())) {
      response.putHeader("Content-Length", Integer.toString(answer.body().length()));
      return response.end();
    }
    return response.end(answer.body());
  }

  private void end(Call call, int status, Future<Void> sent) {
    sent.onComplete(done -> answered(call, status), broken -> gone(call));
  }

  private void answered(Call call, int status) {
    metrics.of(call).answered(status, call.age());
    RequestLog.answered(call, status);
  }

  private void gone(Call call) {
    metrics.of(call).gone(call.age());
    RequestLog.gone(call);
  }

  /**
   * A client that is answered before it has sent its body may go on sending: closing at once would
   * reset the connection before it reads the answer, never closing would let it send for ever.
   */
  private static void closeIfBodyNeverEnds(Call call) {
    if (!BodyReader.isComing(call)) {
      return;
    }
    call.context()
        .vertx()
        .setTimer(
            BodyReader.DEADLINE.toMillis(),
            timer -> {
              if (!call.request().isEnded()) {
                call.request().connection().close();
              }
            });
  }

  /** What others have named to vary by, such as the origin, stays. */
  private static void put(HttpServerResponse response, String name, String value) {
    String before = name.equals("Vary") ? response.headers().get(name) : null;
    response.putHeader(name, before == null ? value : before + ", " + value);
  }
}
