package io.concert.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/** A client that knows what every answer must have. */
public record Http(int port) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  public Request get(String path) {
    return request("GET", path);
  }

  public Request post(String path) {
    return request("POST", path);
  }

  public Request put(String path) {
    return request("PUT", path);
  }

  public Request patch(String path) {
    return request("PATCH", path);
  }

  public Request request(String method, String path) {
    return new Request(
        method,
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20)));
  }

  /** A request that is being put together; it is sent by {@code expect} or {@code send}. */
  public static final class Request {
    private final String method;
    private final HttpRequest.Builder builder;
    private byte[] body = new byte[0];

    private Request(String method, HttpRequest.Builder builder) {
      this.method = method;
      this.builder = builder;
    }

    @CanIgnoreReturnValue
    public Request header(String name, String value) {
      builder.header(name, value);
      return this;
    }

    public Request bearer(String token) {
      return header("Authorization", "Bearer " + token);
    }

    public Request json(JsonObject json) {
      return body(json.encode(), "application/json");
    }

    /** JSON with single quotes for double ones, well formed or not. */
    public Request quoted(String json) {
      return body(json.replace('\'', '"'), "application/json");
    }

    /** Without a Content-Type. */
    public Request body(String text) {
      return body(text.getBytes(StandardCharsets.UTF_8));
    }

    public Request body(byte[] bytes) {
      body = bytes;
      return this;
    }

    public Request body(String text, String mediaType) {
      return body(text).header("Content-Type", mediaType);
    }

    public HttpResponse<byte[]> send() {
      HttpRequest request =
          builder
              .method(
                  method,
                  body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
              .build();
      try {
        HttpResponse<byte[]> response = CLIENT.send(request, BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("X-Request-Id")).isPresent();
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        return response;
      } catch (IOException e) {
        throw new AssertionError(request.toString(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    @CanIgnoreReturnValue
    public JsonObject expect(int status) {
      HttpResponse<byte[]> response = send();
      assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
      return status >= 400 ? problemOf(response) : new JsonObject(text(response));
    }

    /** Sends and expects a problem document of this code, complete and telling nothing. */
    @CanIgnoreReturnValue
    public JsonObject expect(int status, String code) {
      HttpResponse<byte[]> response = send();
      assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
      JsonObject problem = problemOf(response);
      assertThat(problem.getString("code")).as(problem.encode()).isEqualTo(code);
      return problem;
    }
  }

  public static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static boolean isProblem(HttpResponse<byte[]> response) {
    return response
        .headers()
        .firstValue("Content-Type")
        .filter("application/problem+json"::equals)
        .isPresent();
  }

  @CanIgnoreReturnValue
  public static JsonObject problemOf(HttpResponse<byte[]> response) {
    String text = text(response);
    assertThat(isProblem(response)).as(text).isTrue();
    JsonObject problem = new JsonObject(text);
    assertThat(problem.fieldNames())
        .containsAll(Set.of("type", "title", "status", "detail", "code", "requestId"));
    assertThat(problem.getInteger("status")).isEqualTo(response.statusCode());
    assertThat(response.headers().firstValue("X-Request-Id"))
        .contains(problem.getString("requestId"));
    assertThat(ProblemCode.valueOf(problem.getString("code")).type())
        .isEqualTo(problem.getString("type"));
    assertThat(text).doesNotContain("Exception", "io.vertx", "io.concert", "java.", "\\tat ");
    int status = response.statusCode();
    if (status == 503) {
      assertThat(response.headers().firstValue("Retry-After")).contains("1");
    }
    if (status == 401) {
      assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }
    return problem;
  }
}
