package io.concert.e2e;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The least that Vert.x can do to answer: verify the token, and answer what the service answered
 * once, with this token in it where it had one. As many event loops as the service has.
 */
public final class BareServer {
  private static final String BEARER = "Bearer ";

  private final JWTAuth tokens;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final int status;
  private final Buffer body;

  /** Where the token stands in the body; -1: nowhere. */
  private final int tokenAt;

  private final int tokenLength;

  private BareServer(Vertx vertx, String kid, String secret, JsonObject sample) {
    JsonObject key =
        new JsonObject().put("kty", "oct").put("alg", "HS256").put("kid", kid).put("k", secret);
    tokens =
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addJwk(key)
                .setJWTOptions(
                    new JWTOptions().setIssuer("concert-reservation").setIgnoreExpiration(true)));
    sample
        .getJsonObject("headers")
        .forEach(header -> headers.put(header.getKey(), header.getValue().toString()));
    status = sample.getInteger("status");
    byte[] bytes = sample.getBinary("body");
    String token = sample.getString("jwt");
    tokenAt = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(token);
    tokenLength = token.length();
    body = Buffer.buffer(bytes);
  }

  /**
   * @param arguments port, key's id, key in Base64URL, and the file with the answer to copy
   */
  public static void main(String[] arguments) throws IOException {
    Vertx vertx = Vertx.vertx();
    String sample = Files.readString(Path.of(arguments[3]));
    BareServer server = new BareServer(vertx, arguments[1], arguments[2], new JsonObject(sample));
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      vertx
          .deployVerticle(
              context ->
                  vertx
                      .createHttpServer()
                      .requestHandler(server::answer)
                      .listen(Integer.parseInt(arguments[0]), "127.0.0.1"))
          .await();
    }
    for (int said = 0; said >= 0; said = System.in.read()) {
      // Nothing is said until it is time to go.
    }
    vertx.close().await();
  }

  private void answer(HttpServerRequest request) {
    String jwt = request.getHeader("Authorization").substring(BEARER.length());
    Future<io.vertx.ext.auth.User> verified = tokens.authenticate(new TokenCredentials(jwt));
    var response = request.response();
    if (verified.succeeded()) {
      response.setStatusCode(status);
      headers.forEach(response::putHeader);
      response.end(tokenAt < 0 ? body : withToken(jwt));
    } else {
      response.setStatusCode(401).end();
    }
  }

  private Buffer withToken(String jwt) {
    return body.getBuffer(0, tokenAt)
        .appendString(jwt)
        .appendBuffer(body.slice(tokenAt + tokenLength, body.length()));
  }
}
