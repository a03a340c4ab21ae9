package io.concert.http.access;

import static io.concert.http.web.JsonBody.malformed;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.domain.UserId;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.JsonBody;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.user.Operator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Idempotency-Key} (IETF draft-ietf-httpapi-idempotency-key-header): a structured
 * string ({@code "…"}, RFC 9651), or the bare text that most clients send.
 */
public final class IdempotencyKeys {
  public static final String HEADER = "Idempotency-Key";
  public static final String REPLAYED = "Idempotent-Replayed";

  private static final int LONGEST = 255;

  /** Two texts in a row can't be read as two others: each has its length before it. */
  private static final class Digest {
    private final MessageDigest sha256;

    Digest() {
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    @CanIgnoreReturnValue
    Digest add(String text) {
      return add(text.getBytes(StandardCharsets.UTF_8));
    }

    @CanIgnoreReturnValue
    Digest add(byte[] bytes) {
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      sha256.update(bytes);
      return this;
    }

    /**
     * Half of it is enough against chance, and nobody gains from finding two of their own alike.
     */
    UUID half() {
      ByteBuffer bytes = ByteBuffer.wrap(sha256.digest());
      return new UUID(bytes.getLong(), bytes.getLong());
    }
  }

  private IdempotencyKeys() {}

  /** A user's key; empty if none was sent; 400 for one that is no key. */
  public static Optional<IdempotencyKey> of(Call call, UserId user) {
    return of(call, "u" + user.number());
  }

  /** An operator's key; empty if none was sent; 400 for one that is no key. */
  public static Optional<IdempotencyKey> of(Call call, Operator operator) {
    return of(call, "o:" + operator.name());
  }

  private static Optional<IdempotencyKey> of(Call call, String scope) {
    return sent(call)
        .map(
            key ->
                new IdempotencyKey(
                    new Digest().add(scope).add(call.route()).add(key).half(), asked(call)));
  }

  /**
   * @throws ProblemException MALFORMED
   */
  static Optional<String> sent(Call call) {
    List<String> headers = call.headers(HEADER);
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> key = headers.size() == 1 ? key(headers.get(0).strip()) : Optional.empty();
    return Optional.of(
        key.orElseThrow(
            () -> malformed(HEADER + " must be 1 to " + LONGEST + " printable characters, once.")));
  }

  private static Optional<String> key(String header) {
    String key = header;
    if (header.startsWith("\"")) {
      boolean tooLong = header.length() > 2 * LONGEST + 2;
      if (tooLong || !header.matches("\"(?:[^\"\\\\]|\\\\[\"\\\\])*\"")) {
        return Optional.empty();
      }
      key = header.substring(1, header.length() - 1).replaceAll("\\\\(.)", "$1");
    }
    boolean printable = key.chars().allMatch(c -> c >= ' ' && c <= '~');
    return printable && !key.isEmpty() && key.length() <= LONGEST
        ? Optional.of(key)
        : Optional.empty();
  }

  /**
   * What was asked, whatever the order of its members and the space between them. A seat plan
   * counts byte by byte: it may be CSV, and has numbers that aren't whole.
   */
  private static UUID asked(Call call) {
    Digest digest = new Digest();
    call.paths().forEach((name, value) -> digest.add(name).add(value));
    if (call.body().length() > 0) {
      switch (call.rule()) {
        case NONE -> {} // Not looked at.
        case JSON, SEED_JSON -> add(digest, JsonBody.parse(call.body()));
        case LAYOUT ->
            digest.add(call.header("Content-Type").orElse("")).add(call.body().getBytes());
      }
    }
    return digest.half();
  }

  private static void add(Digest digest, @Nullable Object value) {
    if (value instanceof JsonFields fields) {
      Map<String, @Nullable Object> sorted = new TreeMap<>(fields.members());
      sorted.values().removeIf(member -> member == null); // As if absent.
      digest.add("{" + sorted.size());
      sorted.forEach(
          (name, member) -> {
            digest.add(name);
            add(digest, member);
          });
    } else if (value instanceof List<?> list) {
      digest.add("[" + list.size());
      list.forEach(item -> add(digest, item));
    } else {
      String type = value == null ? "null" : value.getClass().getSimpleName();
      digest.add(type).add(String.valueOf(value));
    }
  }

  /** The first answer again says that it is, and that nothing was done for it. */
  public static Answer marked(Answer answer, boolean replayed) {
    return replayed ? answer.with(REPLAYED, "true") : answer;
  }

  public static ProblemException refused(KeyRefusal reason) {
    return switch (reason) {
      case REUSED ->
          Problem.of(ProblemCode.KEY_REUSED, "Another request was sent with this key before.")
              .exception();
      case IN_FLIGHT ->
          Problem.of(ProblemCode.KEY_IN_FLIGHT, "Try again in a moment to hear what came of it.")
              .exception();
    };
  }
}
