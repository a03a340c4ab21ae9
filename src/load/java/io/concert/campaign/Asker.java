package io.concert.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends requests to one address; each waits for its answer as long as a patient client does. */
final class Asker {
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  /** HTTP/1.1 without the client's own repeats: an unsafe one would hide in the history. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  private final String name;
  private final String url;

  Asker(String name, String host, int port) {
    this.name = name;
    this.url = "http://" + host + ":" + port;
  }

  /** As it stands in the history. */
  String name() {
    return name;
  }

  /**
   * @param status null if no answer came
   */
  record Reply(@Nullable Integer status, JsonNode body) {
    boolean is(int wanted) {
      return status != null && status == wanted;
    }

    /** Whether to ask again: nothing happened, or nobody knows. */
    boolean again() {
      return status == null || status >= 500 || status == 429 || status == 409;
    }

    String text(String field) {
      return body.path(field).asText("");
    }
  }

  Reply ask(String method, String path, @Nullable String token, @Nullable Map<String, ?> body) {
    return ask(method, path, token, body, null);
  }

  Reply ask(
      String method,
      String path,
      @Nullable String token,
      @Nullable Map<String, ?> body,
      @Nullable String key) {
    String text = body == null ? "" : HistoryLog.JSON.valueToTree(body).toString();
    return send(method, path, token, "application/json", text, key);
  }

  Reply send(
      String method,
      String path,
      @Nullable String token,
      String type,
      String body,
      @Nullable String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(PATIENCE)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", type);
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    try {
      HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Reply(answer.statusCode(), parsed(answer.body()));
    } catch (IOException e) {
      return new Reply(null, MissingNode.getInstance());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reply(null, MissingNode.getInstance());
    }
  }

  private static JsonNode parsed(String body) {
    try {
      JsonNode node = HistoryLog.JSON.readTree(body);
      return node == null ? MissingNode.getInstance() : node;
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
