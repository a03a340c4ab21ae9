package io.concert.http.ops;

import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The contract as a file and as a page to try it out. Everything comes from this program, so the
 * page works without the internet and tells nobody else who reads it.
 */
public final class DocsRoutes {
  /** As the build says; a test compares. */
  static final String SWAGGER_UI_VERSION = "5.29.3";

  private static final String WEBJAR =
      "META-INF/resources/webjars/swagger-ui/" + SWAGGER_UI_VERSION + "/";
  private static final String PAGE = "io/concert/http/docs/";

  private static final String POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

  /** Everything that can be asked for. */
  private static final Map<String, Asset> ASSETS =
      Map.of(
          "/openapi.yaml", new Asset("openapi.yaml", "application/yaml"),
          "/docs", new Asset(PAGE + "index.html", "text/html; charset=utf-8"),
          "/docs/start.js", new Asset(PAGE + "start.js", "text/javascript; charset=utf-8"),
          "/docs/swagger-ui.css", new Asset(WEBJAR + "swagger-ui.css", "text/css; charset=utf-8"),
          "/docs/swagger-ui-bundle.js",
              new Asset(WEBJAR + "swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
          "/docs/favicon-32x32.png", new Asset(WEBJAR + "favicon-32x32.png", "image/png"));

  private final Vertx vertx;
  private final Map<String, Buffer> loaded = new ConcurrentHashMap<>();

  private record Asset(String resource, String mediaType) {}

  public DocsRoutes(Vertx vertx) {
    this.vertx = vertx;
  }

  public List<Endpoint> endpoints() {
    return ASSETS.keySet().stream()
        .sorted()
        .map(path -> Endpoint.get(path, Access.PUBLIC, call -> asset(path)))
        .toList();
  }

  private Future<Answer> asset(String path) {
    Asset asset = ASSETS.get(path);
    if (asset == null) {
      return Future.failedFuture(new IllegalArgumentException(path));
    }
    Buffer known = loaded.get(path);
    Future<Buffer> body =
        known != null
            ? Future.succeededFuture(known)
            : vertx
                .executeBlocking(() -> load(asset.resource()), false)
                .onSuccess(bytes -> loaded.put(path, bytes));
    return body.map(
        bytes ->
            new Answer(
                200,
                Map.of(
                    "Cache-Control", "no-cache",
                    "Content-Security-Policy", POLICY,
                    "Referrer-Policy", "no-referrer"),
                asset.mediaType(),
                bytes));
  }

  private static Buffer load(String resource) throws IOException {
    try (InputStream in = DocsRoutes.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException(resource + " isn't in the program");
      }
      return Buffer.buffer(in.readAllBytes());
    }
  }
}
