package io.concert.http.payments;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.bus.Bus;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.UserUuid;
import io.concert.domain.Won;
import io.concert.http.access.Authenticator;
import io.concert.http.access.Caller;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.queue.AdmissionGuard;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.AskBalance;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.ChargeBanned;
import io.concert.payment.PaymentMessages.ChargeReply;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.payment.PaymentMessages.KeyRefused;
import io.concert.payment.PaymentMessages.OverCeiling;
import io.concert.user.Operator;
import io.concert.user.Token;
import io.concert.user.User;
import io.concert.user.Users;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Charging a balance and asking for it. */
public final class AccountRoutes {
  /** What isn't a UUID is nobody's and 401, however long within reason. */
  private static final int LONGEST_ID = 1_000;

  private final Bus bus;
  private final Users users;
  private final ChargePolicy policy;
  private final Won ceiling;

  public AccountRoutes(Bus bus, Users users, ChargePolicy policy, Won ceiling) {
    this.bus = bus;
    this.users = users;
    this.policy = policy;
    this.ceiling = ceiling;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.patch(
            "/api/v1/accounts/balances", policy.access(), BodyRule.SEED_JSON, this::chargeOrAsk));
  }

  private Future<Answer> chargeOrAsk(Call call) {
    Optional<Operator> operator = Caller.operatorIfAny(call);
    Optional<Token> token = Caller.signedIfSent(call).map(Caller.Signed::token);
    JsonFields fields = call.fields();
    String userId = fields.text("userId", LONGEST_ID);
    long adjustment = fields.optionalWhole("balanceAdjustment").orElse(0);
    fields.end();
    return account(call, userId, token, operator)
        .compose(user -> adjust(call, user, adjustment, operator));
  }

  /** Whose balance it is: the token's own, an open guest's, or anyone's for an operator. */
  private Future<User> account(
      Call call, String userId, Optional<Token> token, Optional<Operator> operator) {
    UserUuid uuid =
        UserUuid.parse(userId)
            .orElseThrow(() -> Authenticator.unauthorized("`userId` isn't a user's UUID."));
    return users
        .find(uuid)
        .map(
            found ->
                found
                    .filter(user -> operator.isPresent() || mayTouch(user, token))
                    .orElseThrow(
                        () -> Authenticator.unauthorized("This `userId` isn't yours to use.")))
        .onSuccess(
            user -> {
              if (operator.isEmpty()) {
                call.caller("user " + user.number().number());
              }
            });
  }

  private static boolean mayTouch(User user, Optional<Token> token) {
    return token.map(known -> known.user().equals(user.number())).orElse(!user.isProtected());
  }

  private Future<Answer> adjust(
      Call call, User user, long adjustment, Optional<Operator> operator) {
    if (adjustment < 0) {
      throw malformed("`balanceAdjustment` can't be negative.");
    }
    if (adjustment > ceiling.amount()) {
      throw overCeiling();
    }
    Optional<IdempotencyKey> key =
        operator
            .map(known -> IdempotencyKeys.of(call, known))
            .orElseGet(() -> IdempotencyKeys.of(call, user.number()));
    requireRole(adjustment, operator);
    // With a key it is a charge that moves nothing: it, too, is answered once and for all.
    if (adjustment == 0 && key.isEmpty()) {
      return bus.request(PaymentMessages.ASK_BALANCE, new AskBalance(user.number()))
          .map(balance -> answer(balance.amount()));
    }
    return bus.request(
            PaymentMessages.CHARGE, new Charge(user.number(), new Won(adjustment), ceiling, key))
        .map(this::charged);
  }

  private void requireRole(long adjustment, Optional<Operator> operator) {
    boolean byOperatorOnly = policy == ChargePolicy.OPERATOR && adjustment > 0;
    boolean pays = operator.map(known -> known.may(Operator.Role.PAYMENTS)).orElse(false);
    if ((byOperatorOnly || operator.isPresent()) && !pays) {
      throw Problem.of(ProblemCode.FORBIDDEN, "This takes an operator of the role payments.")
          .exception();
    }
  }

  private Answer charged(ChargeReply reply) {
    if (reply instanceof Charged charged) {
      return IdempotencyKeys.marked(answer(charged.balance()), charged.replayed());
    }
    if (reply instanceof KeyRefused refused) {
      throw IdempotencyKeys.refused(refused.reason());
    }
    if (reply instanceof ChargeBanned) {
      throw AdmissionGuard.banned();
    }
    throw overCeiling()
        .problem()
        .with("balance", ((OverCeiling) reply).balance().amount())
        .exception();
  }

  private ProblemException overCeiling() {
    return Problem.of(
            ProblemCode.BALANCE_LIMIT, "No balance may exceed " + ceiling.amount() + " won.")
        .exception();
  }

  private static Answer answer(Won balance) {
    return Answer.ok(new JsonObject().put("balance", balance.amount()));
  }
}
