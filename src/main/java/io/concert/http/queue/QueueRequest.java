package io.concert.http.queue;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.domain.UserUuid;
import io.concert.http.web.JsonBody;
import io.concert.http.web.JsonFields;
import io.concert.http.web.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** What somebody who enters the queue, or asks for a place in it, may have written. */
record QueueRequest(Optional<UserUuid> uuid, Optional<String> concertId) {
  /** As with a queue token alone. */
  static final QueueRequest NOTHING = new QueueRequest(Optional.empty(), Optional.empty());

  private static final int LONGEST = 64;

  /**
   * Reads all forms that the seed's words allow: an object with {@code uuid} or {@code UUID}, a
   * bare UUID as a JSON string, the same without quotes, and nothing at all.
   *
   * @throws ProblemException MALFORMED
   */
  static QueueRequest read(Buffer body) {
    if (body.length() == 0) {
      return NOTHING;
    }
    String text = JsonBody.text(body).strip();
    if (text.isEmpty()) {
      return NOTHING;
    }
    Optional<UserUuid> bare = UserUuid.parse(text);
    if (bare.isPresent()) {
      return new QueueRequest(bare, Optional.empty());
    }
    Object value = JsonBody.parse(body);
    if (value instanceof String quoted) {
      return new QueueRequest(Optional.of(uuid(quoted)), Optional.empty());
    }
    if (!(value instanceof JsonFields fields)) {
      throw malformed("The body must be a JSON object with `uuid`.");
    }
    return read(fields);
  }

  private static QueueRequest read(JsonFields fields) {
    Optional<String> lower = fields.optionalText("uuid", LONGEST);
    Optional<String> upper = fields.optionalText("UUID", LONGEST);
    Optional<String> concertId = fields.optionalText("concertId", LONGEST);
    fields.end();
    if (lower.isPresent() && upper.isPresent()) {
      throw malformed("`uuid` is there twice.");
    }
    return new QueueRequest(lower.or(() -> upper).map(QueueRequest::uuid), concertId);
  }

  private static UserUuid uuid(String text) {
    return UserUuid.parse(text).orElseThrow(() -> malformed("`uuid` isn't a UUID."));
  }
}
