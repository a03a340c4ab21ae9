package io.concert.user;

import io.concert.postgres.Sql;
import io.concert.settings.Environment;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The keys that tokens are signed with: the first one signs, all of them verify, so that a new key
 * can be put in front while the old one's tokens live out.
 */
public final class SigningKeys {
  /** As long as HS256's digest; a shorter key would be the weakest part (RFC 7518, 3.2). */
  public static final int LEAST_BYTES = 32;

  private static final Pattern KID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final String MAKE_FIRST =
      """
      insert into signing_key (kid, secret) values ('1', $1) on conflict (kid) do nothing
      """;

  private static final String READ =
      """
      select kid, secret from signing_key order by created_at desc, kid desc
      """;

  private final List<SigningKey> keys;

  private SigningKeys(List<SigningKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Reads the setting {@code JWT_KEYS}.
   *
   * @param text {@code kid:base64,kid2:base64}, the signing key first
   * @throws IllegalArgumentException in words for the operator, without any secret
   */
  public static SigningKeys parse(String text) {
    List<SigningKey> keys = new ArrayList<>();
    Set<String> kids = new HashSet<>();
    for (String part : text.split(",", -1)) {
      SigningKey key = parseKey(part.strip(), keys.size() + 1);
      if (!kids.add(key.kid())) {
        throw new IllegalArgumentException("JWT_KEYS names the key " + key.kid() + " twice");
      }
      keys.add(key);
    }
    return new SigningKeys(keys);
  }

  private static SigningKey parseKey(String part, int position) {
    int colon = part.indexOf(':');
    if (colon < 0 || !KID.matcher(part.substring(0, colon)).matches()) {
      throw new IllegalArgumentException(
          "JWT_KEYS: key number %d must be kid:base64, the kid 1 to 64 of A-Z a-z 0-9 . _ -"
              .formatted(position));
    }
    String kid = part.substring(0, colon);
    byte[] secret = decode(part.substring(colon + 1), kid);
    if (secret.length < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "JWT_KEYS: key %s has %d bytes, it needs %d or more"
              .formatted(kid, secret.length, LEAST_BYTES));
    }
    return new SigningKey(kid, secret);
  }

  private static byte[] decode(String base64, String kid) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // The decoder's own message quotes a character of the secret.
      throw new IllegalArgumentException("JWT_KEYS: key " + kid + " isn't base64");
    }
  }

  /**
   * The keys that the database keeps; made there first if it has none. All nodes that start at once
   * offer a key of the same name, so one wins and all read that one.
   */
  public static Future<SigningKeys> kept(Sql sql) {
    byte[] offered = new byte[LEAST_BYTES];
    new SecureRandom().nextBytes(offered);
    return sql.query(READ, Tuple.tuple())
        .compose(
            found ->
                found.size() > 0
                    ? Future.succeededFuture(found)
                    : sql.query(MAKE_FIRST, Tuple.of(Buffer.buffer(offered)))
                        .compose(made -> sql.query(READ, Tuple.tuple())))
        .map(
            rows -> {
              List<SigningKey> keys = new ArrayList<>();
              for (Row row : rows) {
                keys.add(new SigningKey(row.getString("kid"), row.getBuffer("secret").getBytes()));
              }
              return new SigningKeys(keys);
            });
  }

  /** Never empty; the first signs. */
  List<SigningKey> all() {
    return keys;
  }

  @Override
  public String toString() {
    return "SigningKeys" + keys;
  }

  /** From the environment; empty: they are kept in the database. */
  public static Optional<SigningKeys> read(Environment env) {
    return env.optional(
            "JWT_KEYS",
            "made once and kept in the database",
            "Keys that sign tokens, kid:base64[,kid:base64…] of 32 bytes or more each; the first"
                + " signs, all verify. They replace the kept one: the same on all nodes.")
        .flatMap(text -> env.orMistake(() -> parse(text)));
  }
}
