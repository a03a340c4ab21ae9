package io.concert.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** How the pages' files come to a browser. */
class WebRoutesIT {
  private static final Pattern VERSION = Pattern.compile("/web/([0-9a-f]{16})/app\\.js");

  private final Http http = DispatcherFixture.shared().http();

  @Test
  void servesThePageUnderAStrictPolicy() {
    HttpResponse<byte[]> page = http.get("/?concert=c1&lang=ko").send();

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
    assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(header(page, "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void letsABrowserKeepTheFilesOfThisVersionOnly() {
    HttpResponse<byte[]> ours = http.get("/web/" + version() + "/app.js").send();
    HttpResponse<byte[]> others = http.get("/web/0123456789abcdef/app.js").send();

    assertThat(header(ours, "Cache-Control")).contains("immutable");
    assertThat(header(ours, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(others.statusCode()).isEqualTo(200);
    assertThat(header(others, "Cache-Control")).isEqualTo("no-cache");
    assertThat(others.body()).isEqualTo(ours.body());
  }

  @Test
  void compressesAndAnswersWhoHasItAlready() {
    String file = "/web/" + version() + "/style.css";
    HttpResponse<byte[]> zipped = http.get(file).header("Accept-Encoding", "gzip, br").send();
    String tag = header(zipped, "ETag");

    assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(zipped, "Vary")).contains("Accept-Encoding");
    assertThat(zipped.body().length).isLessThan(http.get(file).send().body().length / 2);
    HttpResponse<byte[]> again =
        http.get(file).header("Accept-Encoding", "gzip, br").header("If-None-Match", tag).send();
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void servesNothingElseOfTheProgram() {
    for (String name : new String[] {"index.html", "..%2Fopenapi.yaml", "x.js", "%2e%2e"}) {
      http.get("/web/" + version() + "/" + name).expect(404, "NOT_FOUND");
    }
  }

  private String version() {
    Matcher matcher = VERSION.matcher(Http.text(http.get("/").send()));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }
}
