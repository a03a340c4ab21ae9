package io.concert.http.web;

import io.concert.domain.Fault;
import io.concert.http.web.Endpoint.BodyRule;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One request that the dispatcher hands to an endpoint. */
public final class Call {
  private static final String KEY = Call.class.getName();

  private final RoutingContext context;
  private final String requestId;
  private final long beganNanos = System.nanoTime();
  private Buffer body = Buffer.buffer();
  private RequestMetrics.@Nullable Route measured;
  private String route = "";
  private BodyRule rule = BodyRule.NONE;
  private String caller = "-";
  private @Nullable Fault fault;

  private Call(RoutingContext context) {
    this.context = context;
    this.requestId = RequestIds.choose(context.request().getHeader("X-Request-Id"));
  }

  /** The call of this request, begun when first asked for: a failure may come before any route. */
  static Call of(RoutingContext context) {
    Call begun = context.get(KEY);
    if (begun != null) {
      return begun;
    }
    Call call = new Call(context);
    context.put(KEY, call);
    return call;
  }

  RoutingContext context() {
    return context;
  }

  public HttpServerRequest request() {
    return context.request();
  }

  /** How long the request has been worked on. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - beganNanos);
  }

  public String requestId() {
    return requestId;
  }

  /** A part of the path that the route names, decoded. */
  public String path(String name) {
    return String.valueOf(context.pathParam(name));
  }

  /** The first value of a query parameter. */
  public Optional<String> query(String name) {
    List<String> values = context.queryParam(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(request().getHeader(name));
  }

  public List<String> headers(String name) {
    return request().headers().getAll(name);
  }

  /** A header that is a list: several lines mean the same as one with commas (RFC 9110, 5.3). */
  public String listed(String name) {
    List<String> lines = headers(name);
    return lines.size() == 1 ? lines.get(0) : String.join(",", lines);
  }

  public Buffer body() {
    return body;
  }

  void body(Buffer received) {
    this.body = received;
  }

  /**
   * To be asked for once it is known who calls: 401 comes before 400 and 415.
   *
   * @throws ProblemException MALFORMED, or UNSUPPORTED_MEDIA_TYPE where the body must say that it
   *     is JSON
   */
  public JsonFields fields() {
    if (rule == BodyRule.JSON && body.length() > 0) {
      MediaTypes.requireJson(this);
    }
    return JsonBody.object(body);
  }

  /** Null before an endpoint is found. */
  RequestMetrics.@Nullable Route measured() {
    return measured;
  }

  /**
   * @param to what the call has been routed to
   */
  void routed(Endpoint to, RequestMetrics.Route measuredAs) {
    this.route = to.method() + " " + to.path();
    this.rule = to.body();
    this.measured = measuredAs;
  }

  /** The endpoint's method and path: {@code POST /api/v1/accounts/payments}. */
  public String route() {
    return route;
  }

  /** What the endpoint takes for a body. */
  public BodyRule rule() {
    return rule;
  }

  /** All parts of the path that the route names, decoded, by their names. */
  public SortedMap<String, String> paths() {
    return new TreeMap<>(context.pathParams());
  }

  /** What went wrong inside while it was answered, for the log; null if nothing did. */
  @Nullable Fault fault() {
    return fault;
  }

  void fault(Fault met) {
    this.fault = met;
  }

  /** Who called, for the log: {@code user 42}, {@code operator kim}. Never a secret. */
  String caller() {
    return caller;
  }

  public void caller(String who) {
    this.caller = who;
  }

  /** Keeps what was found out about the caller for those who are asked next. One of each class. */
  public void remember(Object found) {
    context.put(found.getClass().getName(), found);
  }

  public <T> Optional<T> remembered(Class<T> kind) {
    return Optional.ofNullable(context.get(kind.getName()));
  }
}
