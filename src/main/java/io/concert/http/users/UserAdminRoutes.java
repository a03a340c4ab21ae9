package io.concert.http.users;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.customer.BanReply;
import io.concert.customer.BanReply.Done;
import io.concert.customer.BanReply.KeyRefused;
import io.concert.customer.Customer;
import io.concert.customer.Customer.Ban;
import io.concert.customer.Customer.Session;
import io.concert.customer.Customers;
import io.concert.domain.Actor;
import io.concert.domain.UserId;
import io.concert.http.access.Caller;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.concert.http.web.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Single buyers: looking them up, banning them. For operators. */
public final class UserAdminRoutes {
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

  private final Customers customers;

  public UserAdminRoutes(Customers customers) {
    this.customers = customers;
  }

  public List<Endpoint> endpoints() {
    String user = "/api/v1/admin/users/{number}";
    return List.of(
        Endpoint.get(user, Access.VIEWER, this::user),
        Endpoint.patch(user, Access.OPERATOR, BodyRule.JSON, this::change));
  }

  private Future<Answer> user(Call call) {
    return customers
        .find(userInPath(call))
        .map(found -> Answer.ok(body(found.orElseThrow(UserAdminRoutes::noSuchUser))));
  }

  private static JsonObject body(Customer customer) {
    JsonArray sessions = new JsonArray();
    for (Session session : customer.sessions()) {
      sessions.add(
          new JsonObject()
              .put("room", session.room().name())
              .put("admittedAt", Times.text(session.admittedAt()))
              .put("lastsUntil", Times.text(session.lastsUntil())));
    }
    return new JsonObject()
        .put("number", customer.number().number())
        .put("name", customer.name().orElse(null))
        .put("email", customer.email().orElse(null))
        .put("createdAt", Times.text(customer.since()))
        .put("balance", customer.balance().amount())
        .put("banned", customer.ban().isPresent())
        .put("bannedAt", customer.ban().map(Ban::since).map(Times::text).orElse(null))
        .put("banReason", customer.ban().map(Ban::reason).orElse(null))
        .put("sessions", sessions)
        .put("holds", customer.holds())
        .put("bills", customer.bills())
        .put("refundedBills", customer.refunded());
  }

  private Future<Answer> change(Call call) {
    UserId user = userInPath(call);
    JsonFields fields = call.fields();
    boolean banned =
        fields.optionalFlag("banned").orElseThrow(() -> malformed("`banned` is missing."));
    Optional<String> reason = fields.optionalText("reason", Customers.LONGEST_REASON);
    fields.end();
    if (banned && reason.map(String::isBlank).orElse(true)) {
      throw malformed("A ban needs a `reason`, which operators will read.");
    }
    if (!banned && reason.isPresent()) {
      throw malformed("`reason` goes with a ban.");
    }
    Actor actor = Caller.actor(call);
    return reason
        .map(why -> customers.ban(user, why.strip(), actor))
        .orElseGet(() -> customers.unban(user, actor))
        .map(reply -> answer(user, reply));
  }

  private static Answer answer(UserId user, BanReply reply) {
    if (reply instanceof Done done) {
      JsonObject body =
          new JsonObject()
              .put("number", user.number())
              .put("banned", done.banned())
              .put("sessionsEnded", done.sessionsEnded())
              .put("holdsReleased", done.holdsReleased());
      return IdempotencyKeys.marked(Answer.ok(body), done.replayed());
    }
    if (reply instanceof KeyRefused refused) {
      throw IdempotencyKeys.refused(refused.reason());
    }
    throw noSuchUser();
  }

  private static UserId userInPath(Call call) {
    String number = call.path("number");
    if (!NUMBER.matcher(number).matches()) {
      throw noSuchUser();
    }
    return new UserId(Long.parseLong(number));
  }

  private static ProblemException noSuchUser() {
    return Problem.of(ProblemCode.NOT_FOUND, "No such user.").exception();
  }
}
