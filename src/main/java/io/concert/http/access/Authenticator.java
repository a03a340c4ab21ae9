package io.concert.http.access;

import io.concert.domain.Actor;
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

/** Who is calling, by the Authorization header. Every method throws {@link ProblemException}. */
public final class Authenticator {
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
  Optional<String> bearer(Call call) {
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

  /** A valid token and its text. */
  public record Signed(Token token, String jwt) {}

  /** The caller's token of either kind, if one was sent; a bad one is 401. */
  public Optional<Signed> signed(Call call) {
    return bearer(call).map(jwt -> new Signed(valid(call, jwt), jwt));
  }

  public Optional<Token> token(Call call) {
    return signed(call).map(Signed::token);
  }

  /** 401 without a queue token. */
  public Token.Queue queueToken(Call call) {
    if (token(call).orElse(null) instanceof Token.Queue queue) {
      return queue;
    }
    throw unauthorized("A queue token is needed: enter the queue first.");
  }

  /** The same with its text. */
  public Signed signedQueueToken(Call call) {
    return signed(call)
        .filter(signed -> signed.token() instanceof Token.Queue)
        .orElseThrow(() -> unauthorized("A queue token is needed: enter the queue first."));
  }

  /** A token of either kind, whether or not its room has let the caller in; 401 without. */
  public Token anyToken(Call call) {
    return token(call)
        .orElseThrow(() -> unauthorized("A token is needed: log in or enter the queue first."));
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
  public Optional<Operator> operator(Call call) {
    Optional<Operator> operator = bearer(call).flatMap(operators::find);
    operator.ifPresent(known -> call.caller("operator " + known.name()));
    return operator;
  }

  /** 401 for anyone but an operator, 403 for one without the role. */
  public Operator operator(Call call, Operator.Role role) {
    Operator operator =
        operator(call).orElseThrow(() -> unauthorized("An operator's token is needed."));
    if (!operator.may(role)) {
      throw Problem.of(ProblemCode.FORBIDDEN, "This takes the role " + role.text() + ".")
          .exception();
    }
    return operator;
  }

  /** 401 for anyone but an operator, 403 for one without the role. */
  public void requireOperator(Call call, Operator.Role role) {
    var unused = operator(call, role);
  }

  /** Who is about to change something, and by which key; 401 and 403 as above. */
  public Actor actor(Call call, Operator.Role role) {
    Operator operator = operator(call, role);
    return new Actor(
        operator.name(),
        operator.rolesText(),
        call.requestId(),
        IdempotencyKeys.of(call, operator));
  }

  public static ProblemException unauthorized(String detail) {
    return Problem.of(ProblemCode.UNAUTHORIZED, detail).exception();
  }
}
