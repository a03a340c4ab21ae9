package io.concert.http.web;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;

/**
 * One method of one path.
 *
 * @param path as in OpenAPI: {@code /api/v1/concerts/{id}}
 * @param access for whom it is
 */
public record Endpoint(
    HttpMethod method, String path, Access access, BodyRule body, Service service) {

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

  public static Endpoint get(String path, Access access, Service service) {
    return new Endpoint(HttpMethod.GET, path, access, BodyRule.NONE, service);
  }

  public static Endpoint post(String path, Access access, BodyRule body, Service service) {
    return new Endpoint(HttpMethod.POST, path, access, body, service);
  }

  public static Endpoint patch(String path, Access access, BodyRule body, Service service) {
    return new Endpoint(HttpMethod.PATCH, path, access, body, service);
  }

  public static Endpoint delete(String path, Access access, Service service) {
    return new Endpoint(HttpMethod.DELETE, path, access, BodyRule.NONE, service);
  }

  public static Endpoint put(String path, Access access, BodyRule body, Service service) {
    return new Endpoint(HttpMethod.PUT, path, access, body, service);
  }

  /** Whether nothing can have happened when no answer came in time. */
  boolean onlyReads() {
    return HttpMethod.GET.equals(method);
  }
}
