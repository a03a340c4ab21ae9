package io.concert.http.users;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.domain.UserUuid;
import io.concert.http.access.Authenticator;
import io.concert.http.access.LoginLimits;
import io.concert.http.access.RateLimits;
import io.concert.http.users.LoginCounts.Outcome;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.Times;
import io.concert.user.Registration;
import io.concert.user.Registration.Credentials;
import io.concert.user.Tokens;
import io.concert.user.Tokens.AccessGrant;
import io.concert.user.User;
import io.concert.user.UserLimits;
import io.concert.user.Users;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Becoming a user and logging in. */
public final class UserRoutes {
  private final Users users;
  private final Tokens tokens;
  private final RateLimits limits;
  private final InstantSource time;
  private final LoginCounts logins;

  public UserRoutes(
      Users users, Tokens tokens, RateLimits limits, InstantSource time, MeterRegistry registry) {
    this.users = users;
    this.tokens = tokens;
    this.limits = limits;
    this.time = time;
    this.logins = new LoginCounts(registry);
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("/api/v1/users", Access.PUBLIC, BodyRule.JSON, this::create),
        Endpoint.post("/api/v1/users/login", Access.PUBLIC, BodyRule.JSON, this::login));
  }

  private Future<Answer> create(Call call) {
    Registration registration =
        call.body().length() == 0 ? Registration.GUEST : registration(call.fields());
    limits.newUser(call).require("Too many users are made from your address.");
    return users
        .create(registration, limits.network(call))
        .map(reply -> created(call, registration, reply));
  }

  private static Answer created(Call call, Registration registration, Users.CreateReply reply) {
    if (reply instanceof Users.Created created) {
      call.caller("user " + created.user().number().number());
      return Answer.json(
          201,
          new JsonObject()
              .put("uuid", created.user().uuid().reveal())
              .put("name", registration.name().orElse(null)));
    }
    throw Problem.of(ProblemCode.EMAIL_TAKEN, "Log in, or use another one.").exception();
  }

  private static Registration registration(JsonFields fields) {
    Optional<String> name = fields.optionalText("name", UserLimits.NAME);
    Optional<String> email = fields.optionalText("email", UserLimits.EMAIL);
    Optional<String> password = fields.optionalText("password", UserLimits.PASSWORD_MOST);
    fields.end();
    if (!name.map(UserLimits::isName).orElse(true)) {
      throw malformed("`name` is empty or holds control characters.");
    }
    if (email.isPresent() != password.isPresent()) {
      throw malformed("`email` and `password` go together.");
    }
    if (!email.map(UserLimits::isEmail).orElse(true)) {
      throw malformed("`email` isn't an email address.");
    }
    if (!password.map(UserLimits::isPassword).orElse(true)) {
      throw malformed("`password` must have " + UserLimits.PASSWORD_LEAST + " characters or more.");
    }
    return new Registration(
        name, email.flatMap(given -> password.map(secret -> new Credentials(given, secret))));
  }

  private Future<Answer> login(Call call) {
    return find(call, call.fields())
        .onComplete(
            found ->
                logins.ended(
                    found.failed()
                        ? Outcome.FAULT
                        : found.result().isPresent() ? Outcome.SUCCEEDED : Outcome.WRONG))
        .map(
            found -> {
              User user =
                  found.orElseThrow(
                      () ->
                          Authenticator.unauthorized(
                              "Wrong email or password, or an unknown `uuid`."));
              call.caller("user " + user.number().number());
              AccessGrant granted = tokens.access(user.number());
              return Answer.ok(
                  new JsonObject()
                      .put("uuid", user.uuid().reveal())
                      .put("jwt", granted.jwt())
                      .put("expiresAt", Times.text(granted.expiresAt()))
                      .put("serverTime", Times.text(time.instant())));
            });
  }

  private Future<Optional<User>> find(Call call, JsonFields fields) {
    Optional<String> uuid = fields.optionalText("uuid", 64);
    Optional<String> email = fields.optionalText("email", UserLimits.EMAIL);
    Optional<String> password = fields.optionalText("password", UserLimits.PASSWORD_MOST);
    fields.end();
    if (uuid.isPresent() && email.isEmpty() && password.isEmpty()) {
      UserUuid guest =
          UserUuid.parse(uuid.get()).orElseThrow(() -> malformed("`uuid` isn't a UUID."));
      return users.find(guest).map(found -> found.filter(user -> !user.isProtected()));
    }
    if (uuid.isEmpty() && email.isPresent() && password.isPresent()) {
      return login(call, email.get(), password.get());
    }
    throw malformed("Give `email` and `password`, or a guest's `uuid`.");
  }

  /** Only wrong guesses count; whatever else comes of it is as if nobody had tried. */
  private Future<Optional<User>> login(Call call, String email, String password) {
    LoginLimits.Guess guess = limits.login(call, email);
    if (!guess.attempt().isAllowed()) {
      logins.ended(Outcome.LIMITED);
      throw guess.attempt().refusal("Too many wrong passwords.");
    }
    return users
        .login(email, password, limits.network(call))
        .onFailure(failure -> guess.attempt().undo())
        .onSuccess(
            found -> {
              if (found.isPresent()) {
                guess.wasRight();
              }
            });
  }
}
