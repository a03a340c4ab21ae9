package io.concert.http.web;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.function.Consumer;

/**
 * One method of one path.
 *
 * @param path as in OpenAPI: {@code /api/v1/concerts/{id}}
 * @param guard runs before the body is read and may throw {@link ProblemException}
 */
public record Endpoint(
    HttpMethod method, String path, BodyRule body, Consumer<Call> guard, Service service) {
  static final Consumer<Call> OPEN = call -> {};

  /** What a request's body may be. */
  public enum BodyRule {
    /** Not looked at. */
    NONE(0),
    /** JSON whatever Content-Type says: the seed's clients don't say. */
    SEED_JSON(64 * 1024),
    /** JSON that says so, or nothing at all. */
    JSON(64 * 1024),
    /** A seat plan; its endpoint looks at the media type. */
    LAYOUT(16 * 1024 * 1024);

    private final int mostBytes;

    BodyRule(int mostBytes) {
      this.mostBytes = mostBytes;
    }

    int mostBytes() {
      return mostBytes;
    }
  }

  /** The work. May throw or fail with {@link ProblemException} or a fault. */
  public interface Service {
    Future<? extends Outcome> serve(Call call);
  }

  public static Endpoint get(String path, Service service) {
    return new Endpoint(HttpMethod.GET, path, BodyRule.NONE, OPEN, service);
  }

  public static Endpoint post(String path, BodyRule body, Service service) {
    return new Endpoint(HttpMethod.POST, path, body, OPEN, service);
  }

  public static Endpoint patch(String path, BodyRule body, Service service) {
    return new Endpoint(HttpMethod.PATCH, path, body, OPEN, service);
  }

  public static Endpoint delete(String path, Service service) {
    return new Endpoint(HttpMethod.DELETE, path, BodyRule.NONE, OPEN, service);
  }

  public static Endpoint put(String path, BodyRule body, Service service) {
    return new Endpoint(HttpMethod.PUT, path, body, OPEN, service);
  }

  public Endpoint guardedBy(Consumer<Call> check) {
    return new Endpoint(method, path, body, check, service);
  }

  /** Whether nothing can have happened when no answer came in time. */
  boolean onlyReads() {
    return HttpMethod.GET.equals(method);
  }
}
