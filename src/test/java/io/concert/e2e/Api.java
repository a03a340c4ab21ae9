package io.concert.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One node's HTTP interface, as any client sees it. */
public record Api(HttpClient client, int port) {
  private static final ObjectMapper json = new ObjectMapper();

  public Answer get(String path, @Nullable String token) {
    return send("GET", path, token, null);
  }

  /** A body that isn't JSON. */
  public String text(String path) {
    return textAs(path, null);
  }

  /** The same for somebody. */
  String textAs(String path, @Nullable String token) {
    try {
      return client.send(request("", "GET", path, token, null), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public Answer post(String path, @Nullable String token, Map<String, ?> body) {
    return send("POST", path, token, write(body));
  }

  public Answer patch(String path, @Nullable String token, Map<String, ?> body) {
    return send("PATCH", path, token, write(body));
  }

  public Answer send(String method, String path, @Nullable String token, @Nullable String body) {
    return sendAs("application/json", method, path, token, body);
  }

  public Answer sendAs(
      String contentType,
      String method,
      String path,
      @Nullable String token,
      @Nullable String body) {
    return exchange(request(contentType, method, path, token, body));
  }

  private Answer exchange(HttpRequest request) {
    try {
      return answer(client.send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Sends a command with an idempotency key. */
  public Answer sendOnce(
      String key, String method, String path, @Nullable String token, Map<String, ?> body) {
    HttpRequest.Builder keyed =
        HttpRequest.newBuilder(
            request("application/json", method, path, token, write(body)), (name, value) -> true);
    return exchange(keyed.header("Idempotency-Key", key).build());
  }

  public CompletableFuture<Answer> postAsync(
      String path, @Nullable String token, Map<String, ?> body) {
    return client
        .sendAsync(
            request("application/json", "POST", path, token, write(body)), BodyHandlers.ofString())
        .thenApply(Api::answer);
  }

  private HttpRequest request(
      String contentType,
      String method,
      String path,
      @Nullable String token,
      @Nullable String body) {
    BodyPublisher publisher =
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, publisher);
    if (body != null) {
      request.header("Content-Type", contentType);
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  private static Answer answer(HttpResponse<String> response) {
    JsonNode body;
    try {
      body = json.readTree(response.body());
    } catch (JsonProcessingException e) {
      body = MissingNode.getInstance();
    }
    return new Answer(response.statusCode(), body, response.headers());
  }

  private static String write(Map<String, ?> body) {
    try {
      return json.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
