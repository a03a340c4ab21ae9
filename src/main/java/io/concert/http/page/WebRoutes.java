package io.concert.http.page;

import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.cached.CachedRepresentation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The buyer's page and the operator's. They are clients like any other: all they know comes from
 * the API, and nothing comes from another host.
 */
public final class WebRoutes {
  /** Nothing but what this program serves; no code out of strings, no frames, no forms. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final String FOR_GOOD = "public, max-age=31536000, immutable";

  /** While nodes are upgraded one by one, one is asked for files that only the others have. */
  private static final String NOT_KEPT = "no-cache";

  private final Vertx vertx;
  private final String version;
  private final Map<String, CachedRepresentation> representations = new HashMap<>();

  /** Reads the files at once: a program that lacks one doesn't start. */
  public WebRoutes(Vertx vertx) {
    this.vertx = vertx;
    WebFiles files = WebFiles.load();
    version = files.version();
    WebFiles.PAGES.forEach(
        name -> representations.put(name, representation(files, name, NOT_KEPT)));
    WebFiles.ASSETS.forEach(
        name -> representations.put(name, representation(files, name, FOR_GOOD)));
  }

  private static CachedRepresentation representation(
      WebFiles files, String name, String cacheControl) {
    return new CachedRepresentation(
        files.version() + "-" + name,
        WebFiles.mediaType(name),
        files.bytes(name),
        "Accept-Encoding",
        cacheControl);
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/", Access.PUBLIC, call -> page(call, "index.html")),
        Endpoint.get("/operator", Access.PUBLIC, call -> page(call, "operator.html")),
        Endpoint.get("/web/{version}/{file}", Access.PUBLIC, this::asset));
  }

  private Future<Answer> page(Call call, String name) {
    return answer(call, name)
        .map(
            answer ->
                answer
                    .with("Content-Security-Policy", POLICY)
                    .with("Cross-Origin-Opener-Policy", "same-origin")
                    // A ticket's address or a search must not be told to whom a link leads.
                    .with("Referrer-Policy", "no-referrer"));
  }

  private Future<Answer> asset(Call call) {
    String name = call.path("file");
    if (!WebFiles.ASSETS.contains(name)) {
      throw Problem.of(ProblemCode.NOT_FOUND, "No such file.").exception();
    }
    boolean ours = version.equals(call.path("version"));
    return answer(call, name).map(answer -> ours ? answer : answer.with("Cache-Control", NOT_KEPT));
  }

  private Future<Answer> answer(Call call, String name) {
    CachedRepresentation representation = representations.get(name);
    if (representation == null) {
      return Future.failedFuture(new IllegalArgumentException(name));
    }
    return representation.answer(vertx, call);
  }
}
