package io.concert.user;

import io.concert.settings.Environment;
import io.concert.user.Operator.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The operators of this installation and how they are known: by a token each. */
public final class Operators {
  private static final int TOKEN_LEAST = 16;
  private static final int TOKEN_MOST = 512;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** What an Authorization header can carry (RFC 6750). */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final List<Known> known;
  private final @Nullable Path tokenFile;

  private static final class Known {
    final byte[] digest;
    final Operator operator;

    Known(String token, Operator operator) {
      this.digest = sha256(token);
      this.operator = operator;
    }
  }

  private Operators(List<Known> known, @Nullable Path tokenFile) {
    this.known = List.copyOf(known);
    this.tokenFile = tokenFile;
  }

  /**
   * Reads the setting {@code ADMIN_TOKENS}.
   *
   * @param text {@code name:role:token,…}, several roles joined by {@code +}
   * @throws IllegalArgumentException in words for the operator, without any token
   */
  public static Operators parse(String text) {
    List<Known> known = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      known.add(parseOne(part.strip(), known.size() + 1));
    }
    return new Operators(known, null);
  }

  private static Known parseOne(String part, int position) {
    String[] fields = part.split(":", 3);
    if (fields.length != 3 || !NAME.matcher(fields[0]).matches()) {
      throw new IllegalArgumentException(
          "ADMIN_TOKENS: entry number %d must be name:role:token, the name 1 to 64 of A-Z a-z 0-9 . _ -"
              .formatted(position));
    }
    String token = fields[2];
    if (token.length() < TOKEN_LEAST
        || token.length() > TOKEN_MOST
        || !TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "ADMIN_TOKENS: the token of %s must be %d to %d of A-Z a-z 0-9 . _ ~ + / -"
              .formatted(fields[0], TOKEN_LEAST, TOKEN_MOST));
    }
    return new Known(token, new Operator(fields[0], parseRoles(fields[0], fields[1])));
  }

  private static Set<Role> parseRoles(String name, String text) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String role : text.split("\\+", -1)) {
      try {
        roles.add(Role.valueOf(role.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "ADMIN_TOKENS: the role of " + name + " must be viewer, operator or payments");
      }
    }
    return roles;
  }

  /**
   * One operator who may do everything, whose token stands in a file that only this user reads;
   * made at the first start. Blocks.
   *
   * @throws IllegalArgumentException if the file is there but holds no token
   */
  public static Operators kept(Path dataDirectory) {
    Path file = dataDirectory.resolve("admin-token");
    String token = SecretFile.readOrMake(file);
    if (token.length() < TOKEN_LEAST || !TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          file + " doesn't hold an operator's token; remove it and another one is made");
    }
    Operator admin = new Operator("admin", EnumSet.allOf(Role.class));
    return new Operators(List.of(new Known(token, admin)), file);
  }

  /** Where the token is that was made here; empty if the setting gave them. */
  public Optional<Path> tokenFile() {
    return Optional.ofNullable(tokenFile);
  }

  /** Looks at every operator, in a time that doesn't depend on how much of a token was right. */
  public Optional<Operator> find(String token) {
    byte[] digest = sha256(token);
    Operator found = null;
    for (Known candidate : known) {
      if (MessageDigest.isEqual(digest, candidate.digest)) {
        found = candidate.operator;
      }
    }
    return Optional.ofNullable(found);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** From the environment; empty: there is one, kept in the data directory. */
  public static Optional<Operators> read(Environment env) {
    return env.optional(
            "ADMIN_TOKENS",
            "one made once and kept in DATA_DIR",
            "Operators, name:role:token[,…]; roles viewer, operator, payments, several joined by"
                + " a plus.")
        .flatMap(text -> env.orMistake(() -> parse(text)));
  }
}
