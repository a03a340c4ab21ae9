package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One request of one client and what it was answered.
 *
 * @param id its number in the history
 * @param user who asks; each lives one life and asks one thing after the other
 * @param what join, ask (for the place, without a token), poll, leave, hold, extend, release, pay,
 *     charge, refund, bills (what was paid); of an operator end (a hold), block, release-blocks,
 *     close, cancel, ban, refund
 * @param via whom it was sent to: the balancer, or a node by its name
 * @param key the idempotency key
 * @param content what was sent, to tell whether a key was used for something else; of a ban, whom
 * @param bill which one is to be refunded
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
    @Nullable String key,
    @Nullable String content,
    @Nullable String bill,
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
        text(line, "schedule"),
        text(line, "seat"),
        line.path("amount").asLong(),
        text(line, "key"),
        text(line, "content"),
        text(line, "bill"),
        line.path("asked").asLong(),
        line.hasNonNull("answered") ? line.get("answered").asLong() : null,
        line.hasNonNull("status") ? line.get("status").asInt() : null,
        line.hasNonNull("body") ? line.get("body") : MissingNode.getInstance());
  }

  private static @Nullable String text(JsonNode line, String field) {
    return line.hasNonNull(field) ? line.get(field).asText() : null;
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

  /** Whether it can have changed something: done, or nobody knows. */
  boolean mayHaveHappened() {
    return succeeded() || unknown();
  }

  /** A hold that was given, now or before. */
  boolean isHeld() {
    return is("hold") && hasStatus(200) && body.path("isReserved").asBoolean();
  }

  /** A time in the answer, by the service's clock in milliseconds; empty if there is none. */
  OptionalLong time(String field) {
    return body.path(field).isTextual()
        ? OptionalLong.of(Instant.parse(body.path(field).asText()).toEpochMilli())
        : OptionalLong.empty();
  }

  /** The date that it is about, which stands in a seat's id, too; empty without one. */
  String date() {
    return seat != null && seat.contains("-")
        ? seat.substring(0, seat.lastIndexOf('-'))
        : schedule == null ? "" : schedule;
  }

  boolean isOf(@Nullable String wanted) {
    return seat != null && seat.equals(wanted);
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
