package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Something that was done to the service.
 *
 * @param from milliseconds since the campaign began
 * @param to when it was undone: the process started again, continued, the link healed
 */
record Disturbance(String kind, String target, long from, long to) {
  static Disturbance of(JsonNode line) {
    return new Disturbance(
        line.path("kind").asText(),
        line.path("target").asText(),
        line.path("from").asLong(),
        line.path("to").asLong());
  }
}
