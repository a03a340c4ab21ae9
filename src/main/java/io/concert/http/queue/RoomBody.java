package io.concert.http.queue;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.domain.Won;
import io.concert.http.web.JsonFields;
import io.concert.http.web.ProblemException;
import io.concert.http.web.Times;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomChange;
import io.concert.queue.api.RoomChange.Opening;
import io.concert.queue.api.RoomSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Waiting rooms as they are written and read. */
final class RoomBody {
  private static final int CAPACITY = 100;
  private static final int SESSION_SECONDS = 600;
  private static final int PRESENCE_SECONDS = 30;
  private static final int REENTRY_SECONDS = 10;
  private static final long MOST_BALANCE = 1_000_000_000_000_000L;

  private RoomBody() {}

  /**
   * Settings as an operator gives them; what is left out is as in a new room.
   *
   * @throws ProblemException MALFORMED
   */
  static RoomSettings read(JsonFields fields) {
    int capacity = number(fields, "capacity", CAPACITY, 1, RoomSettings.MOST_CAPACITY);
    Duration session =
        seconds(
            fields,
            "sessionSeconds",
            SESSION_SECONDS,
            Duration.ofSeconds(1),
            RoomSettings.LONGEST_SESSION);
    RoomSettings settings =
        new RoomSettings(
            capacity,
            session,
            seconds(
                fields,
                "firstActionSeconds",
                RoomSettings.usualFirstAction(session).toSeconds(),
                Duration.ZERO,
                session),
            number(fields, "admitPerSecond", 0, 0, RoomSettings.MOST_PER_SECOND),
            number(fields, "joinsPerSecond", 0, 0, RoomSettings.MOST_PER_SECOND),
            seconds(
                fields,
                "presenceSeconds",
                PRESENCE_SECONDS,
                RoomSettings.LEAST_PRESENCE,
                RoomSettings.LONGEST_PRESENCE),
            seconds(
                fields,
                "reentrySeconds",
                REENTRY_SECONDS,
                Duration.ZERO,
                RoomSettings.LONGEST_REENTRY),
            fields.optionalTime("opensAt"),
            fields.optionalFlag("paused").orElse(false),
            new Won(whole(fields, "minimumBalance", 0, 0, MOST_BALANCE)));
    fields.end();
    return settings;
  }

  /**
   * Settings that an operator names. Here null isn't as if absent: it takes the opening's time
   * away, and nothing else can be taken away.
   *
   * @throws ProblemException MALFORMED
   */
  static RoomChange readChange(JsonFields fields) {
    if (fields.members().isEmpty()) {
      throw malformed("Nothing to change.");
    }
    RoomChange change =
        new RoomChange(
            named(fields, "capacity", 1, RoomSettings.MOST_CAPACITY).map(Long::intValue),
            namedSeconds(
                fields, "sessionSeconds", Duration.ofSeconds(1), RoomSettings.LONGEST_SESSION),
            namedSeconds(fields, "firstActionSeconds", Duration.ZERO, RoomSettings.LONGEST_SESSION),
            named(fields, "admitPerSecond", 0, RoomSettings.MOST_PER_SECOND).map(Long::intValue),
            named(fields, "joinsPerSecond", 0, RoomSettings.MOST_PER_SECOND).map(Long::intValue),
            namedSeconds(
                fields,
                "presenceSeconds",
                RoomSettings.LEAST_PRESENCE,
                RoomSettings.LONGEST_PRESENCE),
            namedSeconds(fields, "reentrySeconds", Duration.ZERO, RoomSettings.LONGEST_REENTRY),
            fields.has("opensAt")
                ? Optional.of(new Opening(fields.optionalTime("opensAt")))
                : Optional.empty(),
            fields.has("paused")
                ? Optional.of(
                    fields.optionalFlag("paused").orElseThrow(() -> cannotBeTakenAway("paused")))
                : Optional.empty(),
            named(fields, "minimumBalance", 0, MOST_BALANCE).map(Won::new));
    fields.end();
    return change;
  }

  private static Optional<Duration> namedSeconds(
      JsonFields fields, String name, Duration least, Duration most) {
    return named(fields, name, least.toSeconds(), most.toSeconds()).map(Duration::ofSeconds);
  }

  private static Optional<Long> named(JsonFields fields, String name, long least, long most) {
    if (!fields.has(name)) {
      return Optional.empty();
    }
    OptionalLong value = fields.optionalWhole(name);
    return Optional.of(within(name, value.orElseThrow(() -> cannotBeTakenAway(name)), least, most));
  }

  private static ProblemException cannotBeTakenAway(String name) {
    return malformed("`" + name + "` can't be taken away.");
  }

  private static Duration seconds(
      JsonFields fields, String name, long otherwise, Duration least, Duration most) {
    return Duration.ofSeconds(whole(fields, name, otherwise, least.toSeconds(), most.toSeconds()));
  }

  private static int number(JsonFields fields, String name, long otherwise, int least, int most) {
    return (int) whole(fields, name, otherwise, least, most);
  }

  private static long whole(JsonFields fields, String name, long otherwise, long least, long most) {
    return within(name, fields.optionalWhole(name).orElse(otherwise), least, most);
  }

  private static long within(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw malformed("`" + name + "` must be " + least + " to " + most + ".");
    }
    return value;
  }

  /** All that an operator may set, as {@link #read} takes it. */
  static JsonObject settings(RoomSettings settings) {
    return new JsonObject()
        .put("capacity", settings.capacity())
        .put("sessionSeconds", settings.session().toSeconds())
        .put("firstActionSeconds", settings.firstAction().toSeconds())
        .put("admitPerSecond", settings.admitPerSecond())
        .put("joinsPerSecond", settings.joinsPerSecond())
        .put("presenceSeconds", settings.presence().toSeconds())
        .put("reentrySeconds", settings.reentry().toSeconds())
        .put("opensAt", settings.opensAt().map(Times::text).orElse(null))
        .put("paused", settings.paused())
        .put("minimumBalance", settings.minimumBalance().amount());
  }

  /** The promise that binds a draw before it is made; null without one. */
  static Optional<JsonObject> ahead(Optional<PlannedDraw> ahead) {
    return ahead.map(
        draw ->
            new JsonObject()
                .put("commitment", draw.commitment())
                .put("opensAt", Times.text(Instant.ofEpochMilli(draw.opensAtMillis()))));
  }

  /** Everything that anyone needs to compute the draws again. */
  static JsonArray draws(List<DrawResult> draws) {
    JsonArray all = new JsonArray();
    for (DrawResult draw : draws) {
      all.add(
          new JsonObject()
              .put("number", draw.number())
              .put("firstEpoch", draw.firstEpoch())
              .put("sizes", new JsonArray(draw.sizes()))
              .put("drawnAt", Times.text(Instant.ofEpochMilli(draw.drawnAtMillis())))
              .put("seed", draw.seed())
              .put("commitment", commitment(draw.seed())));
    }
    return all;
  }

  private static String commitment(String seed) {
    try {
      byte[] bytes = HexFormat.of().parseHex(seed);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
