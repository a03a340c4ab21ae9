package io.concert.user;

import java.util.Base64;

/** A named HS256 secret. */
final class SigningKey {
  private final String kid;
  private final byte[] secret;

  SigningKey(String kid, byte[] secret) {
    if (secret.length < SigningKeys.LEAST_BYTES) {
      throw new IllegalArgumentException("signing key " + kid + " is too short");
    }
    this.kid = kid;
    this.secret = secret.clone();
  }

  String kid() {
    return kid;
  }

  /** As a JSON Web Key writes it. */
  String base64Url() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  @Override
  public String toString() {
    return kid;
  }
}
