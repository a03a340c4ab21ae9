package io.concert.http.payments;

import io.concert.domain.UserId;
import io.concert.http.access.Authenticator;
import io.concert.user.User;
import io.concert.user.Users;
import io.vertx.core.Future;

/** The people behind tokens: a receipt names its buyer. */
record Buyers(Users users) {
  /** Fails with UNAUTHORIZED for a user who isn't there any more. */
  Future<User> of(UserId user) {
    return users
        .find(user)
        .map(found -> found.orElseThrow(() -> Authenticator.unauthorized("No such user.")));
  }
}
