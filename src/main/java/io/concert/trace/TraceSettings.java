package io.concert.trace;

import java.net.URI;
import java.util.List;

/**
 * @param endpoint where a collector takes OTLP over HTTP
 * @param ratio of the requests, 0 to 1, that are told of
 * @param trustedProxies addresses and ranges whose {@code traceparent} is believed
 */
public record TraceSettings(URI endpoint, double ratio, List<String> trustedProxies) {
  public TraceSettings {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /**
   * @return with the path that collectors take traces at, if there is none
   * @throws IllegalArgumentException unless it is {@code http[s]://host[:port][/path]}
   */
  public static URI endpoint(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw wrong();
    }
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null) {
      throw wrong();
    }
    String path = uri.getPath();
    return path == null || path.isEmpty() || path.equals("/") ? uri.resolve("/v1/traces") : uri;
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException("must look like http://collector:4318");
  }

  /**
   * @throws IllegalArgumentException unless it is a number from 0 to 1
   */
  public static double ratio(String text) {
    if (!text.matches("0|1|[01]?\\.[0-9]{1,9}") || Double.parseDouble(text) > 1) {
      throw new IllegalArgumentException("must be from 0 to 1");
    }
    return Double.parseDouble(text);
  }
}
