package io.concert.queue.store;

import io.concert.domain.Won;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.room.RoomCommand;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code room_reading} writes. Whatever isn't as agreed is a defect and throws: a
 * setting that is missed or cut off in silence would be a wrong one.
 */
final class RoomSnapshots {
  private RoomSnapshots() {}

  static RoomCommand.RoomSnapshot reading(long sinceXid, long asOfXid, JsonObject json) {
    return new RoomCommand.RoomSnapshot(
        sinceXid,
        asOfXid,
        whole(json, "version"),
        settings(json),
        number(json, "epoch"),
        number(json, "newestEpoch"),
        number(json, "reserved"),
        ahead(json),
        draws(json));
  }

  static RoomSettings settings(JsonObject reading) {
    JsonObject json = object(reading, "settings");
    return new RoomSettings(
        number(json, "capacity"),
        Duration.ofSeconds(number(json, "sessionSeconds")),
        Duration.ofSeconds(number(json, "firstActionSeconds")),
        number(json, "admitPerSecond"),
        number(json, "joinsPerSecond"),
        Duration.ofSeconds(number(json, "presenceSeconds")),
        Duration.ofSeconds(number(json, "reentrySeconds")),
        isNull(json, "opensAtMillis")
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(whole(json, "opensAtMillis"))),
        value(json, "paused", Boolean.class),
        new Won(whole(json, "minimumBalance")));
  }

  static Optional<PlannedDraw> ahead(JsonObject reading) {
    if (isNull(reading, "ahead")) {
      return Optional.empty();
    }
    JsonObject json = object(reading, "ahead");
    return Optional.of(
        new PlannedDraw(
            number(json, "firstEpoch"), whole(json, "opensAtMillis"), text(json, "commitment")));
  }

  static List<DrawResult> draws(JsonObject reading) {
    return value(reading, "draws", JsonArray.class).stream()
        .map(draw -> draw(cast(draw, "draw", JsonObject.class)))
        .toList();
  }

  private static DrawResult draw(JsonObject json) {
    return new DrawResult(
        number(json, "number"),
        number(json, "firstEpoch"),
        value(json, "sizes", JsonArray.class).stream()
            .map(size -> Math.toIntExact(whole("size", size)))
            .toList(),
        whole(json, "drawnAtMillis"),
        text(json, "seed"));
  }

  private static JsonObject object(JsonObject json, String key) {
    return value(json, key, JsonObject.class);
  }

  private static String text(JsonObject json, String key) {
    return value(json, key, String.class);
  }

  private static int number(JsonObject json, String key) {
    return Math.toIntExact(whole(json, key));
  }

  /** Not {@code getLong}, which wraps and truncates. */
  private static long whole(JsonObject json, String key) {
    return whole(key, json.getValue(key));
  }

  private static long whole(String key, @Nullable Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw new IllegalStateException("a room's " + key + " isn't a whole number");
  }

  private static boolean isNull(JsonObject json, String key) {
    if (!json.containsKey(key)) {
      throw new IllegalStateException("a room's " + key + " is missing");
    }
    return json.getValue(key) == null;
  }

  private static <T> T value(JsonObject json, String key, Class<T> type) {
    return cast(json.getValue(key), key, type);
  }

  private static <T> T cast(@Nullable Object value, String key, Class<T> type) {
    if (!type.isInstance(value)) {
      throw new IllegalStateException("a room's " + key + " is missing or no " + type);
    }
    return Objects.requireNonNull(type.cast(value));
  }
}
