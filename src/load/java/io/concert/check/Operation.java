package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

/**
 * One request of one client and what it was answered.
 *
 * @param id its number in the history
 * @param user who asks; each lives one life and asks one thing after the other
 * @param what join, ask (for the place, without a token), poll, leave, hold, release, pay, charge
 * @param via whom it was sent to: the balancer, or a node by its name
 * @param asked milliseconds since the campaign began, by the client's monotonic clock
 * @param answered the same, null if no answer came
 * @param status null if no answer came
 * @param body a missing node if there was none
 */
record Operation(
    long id,
    String user,
    String what,
    String via,
    @Nullable String schedule,
    @Nullable String seat,
    long amount,
    long asked,
    @Nullable Long answered,
    @Nullable Integer status,
    JsonNode body) {
  static Operation of(JsonNode line) {
    return new Operation(
        line.path("id").asLong(),
        line.path("user").asText(),
        line.path("what").asText(),
        line.path("via").asText(),
        line.hasNonNull("schedule") ? line.get("schedule").asText() : null,
        line.hasNonNull("seat") ? line.get("seat").asText() : null,
        line.path("amount").asLong(),
        line.path("asked").asLong(),
        line.hasNonNull("answered") ? line.get("answered").asLong() : null,
        line.hasNonNull("status") ? line.get("status").asInt() : null,
        line.hasNonNull("body") ? line.get("body") : MissingNode.getInstance());
  }

  boolean is(String kind) {
    return what.equals(kind);
  }

  boolean hasStatus(int wanted) {
    return status != null && status == wanted;
  }

  boolean succeeded() {
    return status != null && status / 100 == 2;
  }

  /** It may have had its effect or not: no answer, or one that says so. 503 is a no. */
  boolean unknown() {
    return status == null || (status >= 500 && status != 503);
  }

  /** The problem's code, empty without one. */
  String code() {
    return body.path("code").asText("");
  }

  String state() {
    return body.path("state").asText("");
  }

  /** When it was over, as far as its client knows. */
  long end() {
    return answered == null ? Long.MAX_VALUE : answered;
  }
}
