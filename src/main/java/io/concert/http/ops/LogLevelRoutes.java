package io.concert.http.ops;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.http.access.Authenticator;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.ops.LogLevels;
import io.concert.ops.LogLevels.Level;
import io.concert.user.Operator.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How much the nodes log. For operators. */
public final class LogLevelRoutes {
  private static final String PATH = "/api/v1/admin/log-level";
  private static final int LONGEST = 10;

  private final LogLevels levels;
  private final Authenticator authenticator;

  public LogLevelRoutes(LogLevels levels, Authenticator authenticator) {
    this.levels = levels;
    this.authenticator = authenticator;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(PATH, this::show),
        Endpoint.put(PATH, BodyRule.JSON, this::change)
            .guardedBy(call -> authenticator.requireOperator(call, Role.OPERATOR)));
  }

  private Future<Answer> show(Call call) {
    authenticator.requireOperator(call, Role.VIEWER);
    return Future.succeededFuture(answer(levels.current()));
  }

  private Future<Answer> change(Call call) {
    JsonFields fields = call.fields();
    Level level = level(fields.text("level", LONGEST));
    fields.end();
    return levels
        .change(level, authenticator.actor(call, Role.OPERATOR))
        .map(changed -> answer(level));
  }

  private static Level level(String text) {
    return Arrays.stream(Level.values())
        .filter(level -> text(level).equals(text))
        .findFirst()
        .orElseThrow(() -> malformed("`level` must be debug, info, warn or error."));
  }

  private static Answer answer(Level level) {
    return Answer.ok(new JsonObject().put("level", text(level)));
  }

  private static String text(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
