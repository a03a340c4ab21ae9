package io.concert.events.delivery;

import io.concert.events.store.SigningSecret;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what is delivered: HMAC-SHA256 (RFC 2104) over the timestamp as it stands in its header, a
 * dot, and the exact bytes of the body. The timestamp is part of it, so that anyone who recorded a
 * delivery can't send it again later.
 */
public final class Signature {
  /** Seconds since 1970. */
  public static final String TIMESTAMP = "Webhook-Timestamp";

  /** {@code key id=64 hex digits}, one for each key that is in use, separated by a space. */
  public static final String SIGNATURE = "Webhook-Signature";

  private static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  /** The value of {@link #SIGNATURE}. */
  static String header(List<SigningSecret> secrets, long timestamp, Buffer body) {
    return secrets.stream()
        .map(secret -> secret.id() + "=" + sign(secret.bytes(), timestamp, body))
        .collect(Collectors.joining(" "));
  }

  private static String sign(Buffer secret, long timestamp, Buffer body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(), ALGORITHM));
      mac.update((timestamp + ".").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
