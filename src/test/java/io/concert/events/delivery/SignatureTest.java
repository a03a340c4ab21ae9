package io.concert.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.events.store.SigningSecret;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The vectors stand in src/docs/events.md, too; they were made with OpenSSL. */
class SignatureTest {
  private static final SigningSecret FIRST =
      new SigningSecret(
          "k1",
          Buffer.buffer(
              HexFormat.of()
                  .parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")));
  private static final SigningSecret SECOND =
      new SigningSecret(
          "k2",
          Buffer.buffer(
              HexFormat.of()
                  .parseHex("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")));

  @Test
  void isThatOfTheVectors() {
    assertThat(Signature.header(List.of(FIRST), 1_767_225_600, Buffer.buffer("{\"events\":[]}")))
        .isEqualTo("k1=641184e23f78b52193d4d300879e0ab4fdafc128973f7b441dc77c7081aeee74");
    assertThat(
            Signature.header(
                List.of(SECOND, FIRST),
                1_767_225_601,
                Buffer.buffer("{\"events\":[{\"id\":\"e1\",\"room\":\"대기\"}]}")))
        .isEqualTo(
            "k2=feef7be239710ec44145ebc9385bce99d85cf8ba79d8a6867d638c905e0021bc k1=631bbe764731054a15aeebc8a22cb3b051fb719afaf17ce7eb1a4b1db4e7647f");
  }

  static String hmac(byte[] secret, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }
}
