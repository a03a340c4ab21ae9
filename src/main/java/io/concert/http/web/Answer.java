package io.concert.http.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes back to the client.
 *
 * @param body may be shared by many answers; never written to
 */
public record Answer(int status, Map<String, String> headers, String mediaType, Buffer body)
    implements Outcome {
  public static final String JSON = "application/json";

  public Answer {
    headers = Map.copyOf(headers);
  }

  public static Answer json(int status, JsonObject body) {
    return new Answer(status, Map.of(), JSON, Buffer.buffer(body.encode()));
  }

  /**
   * @param body a JSON value
   */
  public static Answer json(int status, String body) {
    return new Answer(status, Map.of(), JSON, Buffer.buffer(body));
  }

  public static Answer ok(JsonObject body) {
    return json(200, body);
  }

  /** Nothing at all, and no media type of it. */
  public static Answer noContent() {
    return new Answer(204, Map.of(), JSON, Buffer.buffer());
  }

  /** Statuses that HTTP gives no body. */
  boolean hasNoBody() {
    return status == 204 || status == 304;
  }

  public Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, mediaType, body);
  }
}
