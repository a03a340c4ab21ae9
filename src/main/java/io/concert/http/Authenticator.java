package io.concert.http;

import io.concert.user.Operator;
import io.concert.user.Operators;
import io.concert.user.Token;
import io.concert.user.TokenCheck;
import io.concert.user.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who is calling, by the Authorization header. Every method throws {@link ProblemException}. */
final class Authenticator {
  private static final Pattern BEARER =
      Pattern.compile("[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*)");

  private final Tokens tokens;
  private final Operators operators;

  Authenticator(Tokens tokens, Operators operators) {
    this.tokens = tokens;
    this.operators = operators;
  }

  /**
   * @return empty without the header; 401 for anything in it that isn't one bearer token
   */
  Optional<String> bearer(Call call) {
    List<String> headers = call.headers("Authorization");
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    Matcher bearer = BEARER.matcher(headers.get(0));
    if (headers.size() > 1 || !bearer.matches()) {
      throw unauthorized("Authorization must be `Bearer` and a token, once.");
    }
    return Optional.of(bearer.group(1));
  }

  /** The caller's token of either kind, if one was sent; a bad one is 401. */
  Optional<Token> token(Call call) {
    return bearer(call).map(text -> valid(call, text));
  }

  /** 401 without a queue token. */
  Token.Queue queueToken(Call call) {
    if (token(call).orElse(null) instanceof Token.Queue queue) {
      return queue;
    }
    throw unauthorized("A queue token is needed: enter the queue first.");
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

  /** The operator behind the token that was sent, if it is one's. */
  Optional<Operator> operator(Call call) {
    Optional<Operator> operator = bearer(call).flatMap(operators::find);
    operator.ifPresent(known -> call.caller("operator " + known.name()));
    return operator;
  }

  /** 401 for anyone but an operator, 403 for one without the role. */
  Operator operator(Call call, Operator.Role role) {
    Operator operator =
        operator(call).orElseThrow(() -> unauthorized("An operator's token is needed."));
    if (!operator.may(role)) {
      throw Problem.of(ProblemCode.FORBIDDEN, "This takes the role " + role.text() + ".")
          .exception();
    }
    return operator;
  }

  static ProblemException unauthorized(String detail) {
    return Problem.of(ProblemCode.UNAUTHORIZED, detail).exception();
  }
}
