package io.concert.http.ops;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.http.access.Caller;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.ops.LogLevels;
import io.concert.ops.LogLevels.Level;
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

  public LogLevelRoutes(LogLevels levels) {
    this.levels = levels;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(PATH, Access.VIEWER, this::show),
        Endpoint.put(PATH, Access.OPERATOR, BodyRule.JSON, this::change));
  }

  private Future<Answer> show(Call call) {
    return Future.succeededFuture(answer(levels.current()));
  }

  private Future<Answer> change(Call call) {
    JsonFields fields = call.fields();
    Level level = level(fields.text("level", LONGEST));
    fields.end();
    return levels.change(level, Caller.actor(call)).map(changed -> answer(level));
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
