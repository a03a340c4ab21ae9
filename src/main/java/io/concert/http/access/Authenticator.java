package io.concert.http.access;

import io.concert.http.web.Access;
import io.concert.http.web.AccessCheck;
import io.concert.http.web.Call;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.user.Operator;
import io.concert.user.Operators;
import io.concert.user.Token;
import io.concert.user.TokenCheck;
import io.concert.user.Tokens;
import java.util.List;
import java.util.Optional;

/**
 * Finds out who is calling, by the Authorization header, and keeps out whom an endpoint isn't for:
 * 401 for who has no valid token of the right kind, 403 for an operator without the role.
 */
public final class Authenticator implements AccessCheck {
  private static final String SCHEME = "Bearer ";

  private final Tokens tokens;
  private final Operators operators;

  public Authenticator(Tokens tokens, Operators operators) {
    this.tokens = tokens;
    this.operators = operators;
  }

  /**
   * @return empty without the header; 401 for anything in it that isn't one bearer token
   */
  private static Optional<String> bearer(Call call) {
    List<String> headers = call.headers("Authorization");
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    String token = bearer(headers.get(0));
    if (headers.size() > 1 || token.isEmpty()) {
      throw unauthorized("Authorization must be `Bearer` and a token, once.");
    }
    return Optional.of(token);
  }

  /**
   * RFC 6750's {@code "Bearer" 1*SP b64token}. What the token is made of is looked at by the code
   * that knows it, once: that it isn't one of ours is all that there is to say of any other.
   *
   * @return the token, or nothing
   */
  private static String bearer(String header) {
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return "";
    }
    int begin = SCHEME.length();
    while (begin < header.length() && header.charAt(begin) == ' ') {
      begin++;
    }
    return header.substring(begin);
  }

  @Override
  public void require(Access access, Call call) {
    switch (access) {
      case PUBLIC -> {}
      case TOKEN_OR_UUID -> bearer(call).ifPresent(jwt -> requireUser(call, jwt));
      case TOKEN_OR_UUID_OR_OPERATOR -> {
        if (operator(call).isEmpty()) {
          bearer(call).ifPresent(jwt -> requireUser(call, jwt));
        }
      }
      case USER ->
          requireUser(
              call,
              bearer(call)
                  .orElseThrow(
                      () -> unauthorized("A token is needed: log in or enter the queue first.")));
      case QUEUE_TOKEN, ADMITTED -> requirePlace(call);
      case VIEWER -> requireOperator(call, Operator.Role.VIEWER);
      case OPERATOR -> requireOperator(call, Operator.Role.OPERATOR);
      case PAYMENTS -> requireOperator(call, Operator.Role.PAYMENTS);
    }
  }

  private void requireUser(Call call, String jwt) {
    call.remember(new Caller.Signed(valid(call, jwt), jwt));
  }

  private void requirePlace(Call call) {
    bearer(call).ifPresent(jwt -> requireUser(call, jwt));
    Optional<Caller.Signed> signed = Caller.signedIfSent(call);
    if (signed.map(Caller.Signed::token).filter(Token.Queue.class::isInstance).isEmpty()) {
      throw unauthorized("A queue token is needed: enter the queue first.");
    }
  }

  private Token valid(Call call, String text) {
    TokenCheck check = tokens.check(text);
    if (check instanceof TokenCheck.Valid valid) {
      call.caller("user " + valid.token().user().number());
      return valid.token();
    }
    if (check instanceof TokenCheck.Expired) {
      throw Problem.of(ProblemCode.TOKEN_EXPIRED, "Log in or enter the queue again.").exception();
    }
    throw unauthorized("This token isn't valid here.");
  }

  private Optional<Operator> operator(Call call) {
    Optional<Operator> operator = bearer(call).flatMap(operators::find);
    operator.ifPresent(
        known -> {
          call.caller("operator " + known.name());
          call.remember(known);
        });
    return operator;
  }

  private void requireOperator(Call call, Operator.Role role) {
    Operator operator =
        operator(call).orElseThrow(() -> unauthorized("An operator's token is needed."));
    if (!operator.may(role)) {
      throw Problem.of(ProblemCode.FORBIDDEN, "This takes the role " + role.text() + ".")
          .exception();
    }
  }

  public static ProblemException unauthorized(String detail) {
    return Problem.of(ProblemCode.UNAUTHORIZED, detail).exception();
  }
}
