package io.concert.user;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * An Argon2id digest with all that is needed to make it again (RFC 9106). Written in the PHC string
 * format: {@code $argon2id$v=19$m=19456,t=2,p=1$salt$digest}.
 */
final class Argon2Hash {
  /** OWASP's password storage cheat sheet: 19 MiB, two passes, one lane. */
  private static final int MEMORY_KIB = 19 * 1024;

  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int DIGEST_BYTES = 32;

  /** A row somebody tampered with mustn't cost a gigabyte. */
  private static final int MEMORY_KIB_MOST = 256 * 1024;

  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,6}),t=(\\d{1,2}),p=(\\d)"
              + "\\$([A-Za-z0-9+/]{11,64})\\$([A-Za-z0-9+/]{16,128})");

  private final int memoryKib;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] digest;

  private Argon2Hash(int memoryKib, int passes, int lanes, byte[] salt, byte[] digest) {
    this.memoryKib = memoryKib;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
    this.digest = digest;
  }

  static Argon2Hash of(String password, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] digest = new byte[DIGEST_BYTES];
    fill(digest, password, MEMORY_KIB, PASSES, LANES, salt);
    return new Argon2Hash(MEMORY_KIB, PASSES, LANES, salt, digest);
  }

  /**
   * @throws IllegalArgumentException if this isn't what {@link #toString} writes
   */
  static Argon2Hash parse(String phc) {
    Matcher parts = PHC.matcher(phc);
    if (!parts.matches() || Integer.parseInt(parts.group(1)) > MEMORY_KIB_MOST) {
      throw new IllegalArgumentException("not an Argon2id PHC string of ours");
    }
    return new Argon2Hash(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)),
        Base64.getDecoder().decode(parts.group(4)),
        Base64.getDecoder().decode(parts.group(5)));
  }

  byte[] digest() {
    return digest.clone();
  }

  /** What {@link #digest} would be if this were the password. */
  byte[] digestOf(String password) {
    byte[] other = new byte[digest.length];
    fill(other, password, memoryKib, passes, lanes, salt);
    return other;
  }

  private static void fill(
      byte[] digest, String password, int memoryKib, int passes, int lanes, byte[] salt) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    int written = generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), digest);
    if (written != digest.length) {
      throw new IllegalStateException("Argon2 wrote " + written + " bytes");
    }
  }

  @Override
  public String toString() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            memoryKib, passes, lanes, base64.encodeToString(salt), base64.encodeToString(digest));
  }
}
