package io.concert.user;

import java.util.Optional;

/**
 * Somebody who wants to become a user.
 *
 * @param credentials none for a guest
 */
public record Registration(Optional<String> name, Optional<Credentials> credentials) {
  public static final Registration GUEST = new Registration(Optional.empty(), Optional.empty());

  public Registration {
    if (!name.map(UserLimits::isName).orElse(true)) {
      throw new IllegalArgumentException("not a name");
    }
  }

  /** An email and a password within {@link UserLimits}. */
  public record Credentials(String email, String password) {
    public Credentials {
      if (!UserLimits.isEmail(email) || !UserLimits.isPassword(password)) {
        throw new IllegalArgumentException("not an email and a password");
      }
    }

    @Override
    public String toString() {
      return "Credentials[secret]";
    }
  }
}
