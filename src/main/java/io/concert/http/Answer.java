package io.concert.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes back to the client.
 *
 * @param body may be shared by many answers; never written to
 */
record Answer(int status, Map<String, String> headers, String mediaType, Buffer body) {
  static final String JSON = "application/json";

  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer json(int status, JsonObject body) {
    return new Answer(status, Map.of(), JSON, Buffer.buffer(body.encode()));
  }

  static Answer ok(JsonObject body) {
    return json(200, body);
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, mediaType, body);
  }
}
