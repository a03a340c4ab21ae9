package io.concert.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TokensTest {
  private static final Vertx vertx = Vertx.vertx();
  private static final byte[] SECRET = secret(1);
  private static final byte[] OTHER = secret(2);
  private static final UserId USER = new UserId(42);

  private Instant now = Instant.parse("2026-05-01T10:00:00.500Z");
  private final Tokens tokens = tokens("a:" + base64(SECRET));

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  @Test
  void readsBackWhoAndWhere() {
    var place = new Token.Queue(USER, RoomId.DEFAULT, new Place(3, 9_000_000_000L), 1_777_000_123L);

    assertThat(tokens.check(tokens.access(USER).jwt()))
        .isEqualTo(new TokenCheck.Valid(new Token.Access(USER)));
    now = Instant.ofEpochMilli(1_777_000_123L);
    assertThat(tokens.check(tokens.queue(place))).isEqualTo(new TokenCheck.Valid(place));
  }

  @Test
  void givesTheIdenticalQueueTokenWheneverAsked() {
    var place = new Token.Queue(USER, RoomId.DEFAULT, new Place(0, 1), now.toEpochMilli());
    String first = tokens.queue(place);

    now = now.plusSeconds(7_000);

    assertThat(tokens.queue(place)).isEqualTo(first);
  }

  @Test
  void expiresByTheDatabasesTimeToTheSecond() {
    String access = tokens.access(USER).jwt();
    String queue =
        tokens.queue(new Token.Queue(USER, RoomId.DEFAULT, new Place(0, 1), now.toEpochMilli()));
    Instant issued = Instant.ofEpochSecond(now.getEpochSecond());

    now = issued.plus(Tokens.ACCESS_LIFE).minusMillis(1);
    assertThat(tokens.check(access)).isInstanceOf(TokenCheck.Valid.class);
    now = issued.plus(Tokens.ACCESS_LIFE);
    assertThat(tokens.check(access)).isEqualTo(new TokenCheck.Expired());

    now = issued.plus(Tokens.QUEUE_LIFE).minusMillis(1);
    assertThat(tokens.check(queue)).isInstanceOf(TokenCheck.Valid.class);
    now = issued.plus(Tokens.QUEUE_LIFE);
    assertThat(tokens.check(queue)).isEqualTo(new TokenCheck.Expired());
  }

  @Test
  void placeOlderThanADayStillGetsATokenThatOpens() {
    Token.Queue place = new Token.Queue(USER, RoomId.DEFAULT, new Place(0, 1), now.toEpochMilli());

    for (int hours = 22; hours < 100; hours++) {
      now = Instant.ofEpochMilli(place.arrivalMillis()).plus(Duration.ofHours(hours));
      String token = tokens.queue(place);
      now = now.plus(Duration.ofMinutes(59));
      assertThat(tokens.check(token)).as("%d h", hours).isInstanceOf(TokenCheck.Valid.class);
    }
  }

  @Test
  void refusesATokenFromTheFuture() {
    String access = tokens.access(USER).jwt();

    now = now.minusSeconds(120);

    assertThat(tokens.check(access)).isEqualTo(new TokenCheck.Invalid());
  }

  @Test
  void signsWithTheFirstKeyAndVerifiesWithAll() {
    Tokens before = tokens("old:" + base64(OTHER));
    Tokens rotated = tokens("new:" + base64(SECRET) + ",old:" + base64(OTHER));

    assertThat(rotated.check(before.access(USER).jwt())).isInstanceOf(TokenCheck.Valid.class);
    for (int i = 0; i < 50; i++) {
      assertThat(before.check(rotated.access(USER).jwt())).isEqualTo(new TokenCheck.Invalid());
      assertThat(kid(rotated.access(USER).jwt())).isEqualTo("new");
    }
  }

  @Test
  void refusesForeignKeysWhateverTheyCallThemselves() {
    assertInvalid(tokens("a:" + base64(OTHER)).access(USER).jwt());
    assertInvalid(tokens("b:" + base64(SECRET)).access(USER).jwt());
  }

  @Test
  void acceptsTheTokenThatTheForgeriesBelowStartFrom() {
    assertThat(tokens.check(signed(header(), claims()))).isInstanceOf(TokenCheck.Valid.class);
  }

  @Test
  void refusesOtherAlgorithmsAndHeadersWithoutKey() {
    assertInvalid(signed(header().put("alg", "none"), claims()));
    assertInvalid(signed(header().put("alg", "HS512"), claims()));
    assertInvalid(signed(header().put("alg", "RS256"), claims()));
    assertInvalid(signed(header().put("alg", 7), claims()));
    JsonObject withoutAlg = header();
    withoutAlg.remove("alg");
    assertInvalid(signed(withoutAlg, claims()));
    JsonObject withoutKid = header();
    withoutKid.remove("kid");
    assertInvalid(signed(withoutKid, claims()));
    assertInvalid(signed(header().put("kid", new JsonObject()), claims()));
    String unsigned = part(header().put("alg", "none")) + "." + part(claims());
    assertInvalid(unsigned);
    assertInvalid(unsigned + ".");
  }

  @Test
  void refusesClaimsThatWeWouldNotWriteThoughTheyAreSigned() {
    for (String claim : new String[] {"iss", "typ", "sub", "iat", "exp"}) {
      JsonObject without = claims();
      without.remove(claim);
      assertInvalid(signed(header(), without));
    }
    assertInvalid(signed(header(), claims().put("iss", "elsewhere")));
    assertInvalid(signed(header(), claims().put("typ", "refresh")));
    assertInvalid(signed(header(), claims().put("typ", "queue")));
    assertInvalid(signed(header(), claims().put("sub", "-")));
    assertInvalid(signed(header(), claims().put("sub", 42)));
    assertInvalid(signed(header(), claims().put("exp", "never")));
    assertInvalid(signed(header(), claims().put("exp", 1e300)));
    assertInvalid(signed(header(), claims().put("exp", Long.MAX_VALUE)));
  }

  @Test
  void refusesEveryTamperedByte() {
    String jwt = tokens.access(USER).jwt();
    for (int i = 0; i < jwt.length(); i++) {
      char other = jwt.charAt(i) == 'A' ? 'B' : 'A';
      assertInvalid(jwt.substring(0, i) + other + jwt.substring(i + 1));
    }
  }

  @Test
  void hasOneTextForOneSignature() {
    String jwt = tokens.access(USER).jwt();
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(jwt.charAt(jwt.length() - 1));
    IntStream.range(1, 4)
        .mapToObj(bits -> jwt.substring(0, jwt.length() - 1) + alphabet.charAt(last ^ bits))
        .forEach(this::assertInvalid);
    assertInvalid(jwt + ".");
    assertInvalid(jwt + "=");
  }

  @Test
  void refusesRubbishWithoutFailing() {
    for (String text :
        Arrays.asList("", ".", "..", "a.b.c", "a.b", "🎫.🎫.🎫", "x".repeat(100_000))) {
      assertInvalid(text);
    }
    assertInvalid(signed(header(), claims().put("pad", "x".repeat(2_000))));
    assertInvalid(part(header()) + "." + base64Url("[]") + "." + base64Url("x"));
    assertInvalid(base64Url("[".repeat(300)) + "." + part(claims()) + "." + base64Url("x"));
  }

  private void assertInvalid(String jwt) {
    assertThat(tokens.check(jwt)).isEqualTo(new TokenCheck.Invalid());
  }

  private Tokens tokens(String keys) {
    return new Tokens(vertx, SigningKeys.parse(keys), () -> now);
  }

  private JsonObject claims() {
    return new JsonObject()
        .put("iss", "concert-reservation")
        .put("typ", "access")
        .put("sub", "42")
        .put("iat", now.getEpochSecond())
        .put("exp", now.getEpochSecond() + 60);
  }

  private static JsonObject header() {
    return new JsonObject().put("typ", "JWT").put("alg", "HS256").put("kid", "a");
  }

  private static String kid(String jwt) {
    byte[] header = Base64.getUrlDecoder().decode(jwt.substring(0, jwt.indexOf('.')));
    return new JsonObject(new String(header, StandardCharsets.UTF_8)).getString("kid");
  }

  /** Signed by hand with the right secret: what is wrong is only what the test makes wrong. */
  private static String signed(JsonObject header, JsonObject claims) {
    try {
      String input = part(header) + "." + part(claims);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
      byte[] signature = mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String part(JsonObject json) {
    return base64Url(json.encode());
  }

  private static String base64Url(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] secret(int value) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) value);
    return secret;
  }

  private static String base64(byte[] secret) {
    return Base64.getEncoder().encodeToString(secret);
  }
}
