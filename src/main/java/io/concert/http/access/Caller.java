package io.concert.http.access;

import io.concert.domain.Actor;
import io.concert.http.web.Call;
import io.concert.user.Operator;
import io.concert.user.Token;
import java.util.Optional;

/**
 * Who is calling, as {@link Authenticator} found out when it let the call in. An endpoint that asks
 * for more than its declared access promises has a defect and fails with 500, never open.
 */
public final class Caller {
  private Caller() {}

  /** A valid token and its text. */
  public record Signed(Token token, String jwt) {}

  /** The user's token, where none is needed. */
  public static Optional<Signed> signedIfSent(Call call) {
    return call.remembered(Signed.class);
  }

  /** The user's token, of either kind. */
  public static Token token(Call call) {
    return signedIfSent(call).map(Signed::token).orElseThrow(Caller::undeclared);
  }

  /** The user's place in line. */
  public static Token.Queue queueToken(Call call) {
    if (token(call) instanceof Token.Queue place) {
      return place;
    }
    throw undeclared();
  }

  /** The queue token's text. */
  public static String queueJwt(Call call) {
    return signedIfSent(call)
        .filter(signed -> signed.token() instanceof Token.Queue)
        .map(Signed::jwt)
        .orElseThrow(Caller::undeclared);
  }

  /** The operator, where users may call, too. */
  public static Optional<Operator> operatorIfAny(Call call) {
    return call.remembered(Operator.class);
  }

  /**
   * The operator who is about to change something, and by which key; 400 for one that is no key.
   */
  public static Actor actor(Call call) {
    Operator operator = operatorIfAny(call).orElseThrow(Caller::undeclared);
    return new Actor(
        operator.name(),
        operator.rolesText(),
        call.requestId(),
        IdempotencyKeys.of(call, operator));
  }

  private static IllegalStateException undeclared() {
    return new IllegalStateException("the endpoint's access doesn't promise such a caller");
  }
}
