package io.concert.user;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies tokens (JWT, HS256; RFC 8725). Each key has a verifier of its own, found by
 * the token's {@code kid}: a library that holds several keys signs with any of them and tries a
 * token without {@code kid} against all. The library judges the signature and the issuer; kind and
 * time are judged here, the time being the database's and not this machine's.
 */
public final class Tokens {
  public static final Duration ACCESS_LIFE = Duration.ofHours(1);
  public static final Duration QUEUE_LIFE = Duration.ofDays(1);

  private static final Duration LEAST_LEFT = Duration.ofHours(1);

  private static final String ISSUER = "concert-reservation";
  private static final String ALGORITHM = "HS256";
  private static final String ACCESS = "access";
  private static final String QUEUE = "queue";

  /** Ours have about 350 characters. */
  private static final int LONGEST = 1024;

  /** How far the database's time may have stepped back, say at a failover. */
  private static final Duration LEEWAY = Duration.ofMinutes(1);

  private final Map<String, JWTAuth> byKid = new LinkedHashMap<>();

  /** By the header as we write it, which says all of it: others have to be read first. */
  private final Map<String, JWTAuth> byOwnHeader = new HashMap<>();

  private final JWTAuth signer;
  private final InstantSource time;

  /**
   * @param time the database's
   */
  public Tokens(Vertx vertx, SigningKeys keys, InstantSource time) {
    keys.all().forEach(key -> byKid.put(key.kid(), library(vertx, key)));
    byKid.values().forEach(library -> byOwnHeader.put(headerOf(library), library));
    this.signer = byKid.values().iterator().next();
    this.time = time;
  }

  private static JWTAuth library(Vertx vertx, SigningKey key) {
    JsonObject jwk =
        new JsonObject()
            .put("kty", "oct")
            .put("alg", ALGORITHM)
            .put("kid", key.kid())
            .put("k", key.base64Url());
    JWTAuth library =
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addJwk(jwk)
                .setJWTOptions(new JWTOptions().setIssuer(ISSUER).setIgnoreExpiration(true)));
    // A key that it doesn't like it only warns of, and without a key it neither signs nor checks.
    if (CompactToken.of(library.generateToken(new JsonObject())) == null) {
      throw new IllegalStateException("signing key " + key.kid() + " can't be used");
    }
    return library;
  }

  private static String headerOf(JWTAuth library) {
    String example = sign(library, new JsonObject());
    return example.substring(0, example.indexOf('.'));
  }

  /** A new access token. */
  public AccessGrant access(UserId user) {
    Instant issued = Instant.ofEpochSecond(time.instant().getEpochSecond());
    Instant expires = issued.plus(ACCESS_LIFE);
    return new AccessGrant(sign(claims(ACCESS, user, issued, expires)), expires);
  }

  /**
   * @param expiresAt from then on the token opens nothing
   */
  public record AccessGrant(String jwt, Instant expiresAt) {}

  /**
   * The token of a place. It says nothing of when it was made, so asking again gives the identical
   * one; only somebody who waits for more than a day gets one that lives a day longer.
   */
  public String queue(Token.Queue place) {
    Instant arrival = Instant.ofEpochSecond(Math.floorDiv(place.arrivalMillis(), 1000L));
    JsonObject claims =
        claims(QUEUE, place.user(), arrival, queueEnd(arrival))
            .put("room", place.room().name())
            .put("epoch", place.place().epoch())
            .put("seq", place.place().sequence())
            .put("arrival", place.arrivalMillis());
    return sign(place.missedTurns() == 0 ? claims : claims.put("missed", place.missedTurns()));
  }

  /** The first end of a day since the arrival that leaves time for a session. */
  private Instant queueEnd(Instant arrival) {
    Duration waited = Duration.between(arrival, time.instant().plus(LEAST_LEFT));
    long days = Math.max(0, waited.dividedBy(QUEUE_LIFE));
    return arrival.plus(QUEUE_LIFE.multipliedBy(days + 1));
  }

  private static JsonObject claims(String kind, UserId user, Instant issued, Instant expires) {
    return new JsonObject()
        .put("iss", ISSUER)
        .put("typ", kind)
        .put("sub", Long.toString(user.number()))
        .put("iat", issued.getEpochSecond())
        .put("exp", expires.getEpochSecond());
  }

  private String sign(JsonObject claims) {
    return sign(signer, claims);
  }

  private static String sign(JWTAuth library, JsonObject claims) {
    return library.generateToken(
        claims, new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true));
  }

  /** Never fails, whatever the text is. */
  public TokenCheck check(String jwt) {
    try {
      JsonObject claims = signedClaims(jwt);
      return claims == null ? new TokenCheck.Invalid() : judge(claims);
    } catch (RuntimeException e) {
      // Header or claims of other types than ours: no matter who signed it, it is not a token of
      // ours.
      return new TokenCheck.Invalid();
    }
  }

  private @Nullable JsonObject signedClaims(String jwt) {
    if (jwt.length() > LONGEST) {
      return null;
    }
    CompactToken parts = CompactToken.of(jwt);
    if (parts == null || !isCanonical(parts.signature())) {
      return null;
    }
    JWTAuth verifier = verifier(parts.header());
    if (verifier == null) {
      return null;
    }
    // The library works at once and only its answer has the shape of a future.
    Future<io.vertx.ext.auth.User> verified = verifier.authenticate(new TokenCredentials(jwt));
    return verified.succeeded()
        ? verified.result().attributes().getJsonObject("accessToken")
        : null;
  }

  private @Nullable JWTAuth verifier(String base64Url) {
    JWTAuth own = byOwnHeader.get(base64Url);
    if (own != null) {
      return own;
    }
    JsonObject header = new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(base64Url)));
    return ALGORITHM.equals(header.getValue("alg"))
        ? byKid.get(String.valueOf(header.getValue("kid")))
        : null;
  }

  /** One signature, one text: the last character's unused bits are no second form of it. */
  private static boolean isCanonical(String base64Url) {
    byte[] bytes = Base64.getUrlDecoder().decode(base64Url);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(base64Url);
  }

  private TokenCheck judge(JsonObject claims) {
    Instant now = time.instant();
    Instant issued = Instant.ofEpochSecond(whole(claims, "iat"));
    Instant expires = Instant.ofEpochSecond(whole(claims, "exp"));
    Optional<Token> token = token(claims);
    if (token.isEmpty() || issued.isAfter(now.plus(LEEWAY))) {
      return new TokenCheck.Invalid();
    }
    return now.isBefore(expires) ? new TokenCheck.Valid(token.get()) : new TokenCheck.Expired();
  }

  private static Optional<Token> token(JsonObject claims) {
    UserId user = new UserId(Long.parseLong(text(claims, "sub")));
    if (ACCESS.equals(claims.getValue("typ"))) {
      return Optional.of(new Token.Access(user));
    }
    if (!QUEUE.equals(claims.getValue("typ"))) {
      return Optional.empty();
    }
    Place place = new Place(Math.toIntExact(whole(claims, "epoch")), whole(claims, "seq"));
    long arrival = whole(claims, "arrival");
    int missed = claims.containsKey("missed") ? Math.toIntExact(whole(claims, "missed")) : 0;
    return RoomId.parse(text(claims, "room"))
        .map(room -> new Token.Queue(user, room, place, arrival, missed));
  }

  /** {@link JsonObject#getString} would make a text of anything. */
  private static String text(JsonObject claims, String name) {
    if (claims.getValue(name) instanceof String value) {
      return value;
    }
    throw new IllegalArgumentException("claim " + name + " isn't a text");
  }

  /** {@link JsonObject#getLong} would round and wrap in silence. */
  private static long whole(JsonObject claims, String name) {
    Object value = claims.getValue(name);
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw new IllegalArgumentException("claim " + name + " isn't a whole number");
  }
}
