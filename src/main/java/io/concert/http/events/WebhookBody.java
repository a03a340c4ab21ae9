package io.concert.http.events;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.events.api.DeadLetter;
import io.concert.events.api.EventCursor;
import io.concert.events.api.EventKind;
import io.concert.events.api.Webhook;
import io.concert.events.delivery.WebhookTargets;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Webhooks and dead letters as they are read and written. */
final class WebhookBody {
  private static final int LONGEST_NAME = 40;
  private static final int MOST_EVENTS = 1_000;

  private WebhookBody() {}

  static JsonObject write(Webhook webhook) {
    JsonArray kinds = new JsonArray();
    List<EventKind> wanted =
        webhook.kinds().isEmpty() ? List.of(EventKind.values()) : webhook.kinds();
    wanted.forEach(kind -> kinds.add(kind.text()));
    return new JsonObject()
        .put("id", webhook.id().toString())
        .put("url", webhook.url())
        .put("kinds", kinds)
        .put("active", webhook.active())
        .put("createdAt", Times.text(webhook.createdAt()))
        .put("keyId", webhook.keyId())
        .put("deadLetters", webhook.deadLetters())
        .put("oldestUndeliveredSeconds", webhook.oldestUndeliveredSeconds().orElse(null))
        .put("error", webhook.error().orElse(null));
  }

  static JsonObject write(DeadLetter letter) {
    return new JsonObject()
        .put("event", letter.event().json())
        .put("at", Times.text(letter.at()))
        .put("attempts", letter.attempts())
        .put("error", letter.error())
        .put("redelivering", letter.wanted());
  }

  static Optional<String> url(JsonFields fields) {
    return fields.optionalText("url", WebhookTargets.LONGEST_URL);
  }

  static Optional<List<EventKind>> kinds(JsonFields fields) {
    return fields
        .optionalTexts("kinds", EventKind.values().length, LONGEST_NAME)
        .map(texts -> texts.stream().distinct().map(WebhookBody::kind).toList());
  }

  private static EventKind kind(String text) {
    return EventKind.parse(text)
        .orElseThrow(
            () ->
                malformed(
                    "`kinds` must be some of "
                        + Arrays.stream(EventKind.values())
                            .map(EventKind::text)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  static Optional<EventCursor> after(JsonFields fields) {
    return fields.optionalText("after", LONGEST_NAME).map(text -> cursor("after", text));
  }

  static List<EventCursor> events(JsonFields fields) {
    List<EventCursor> events = new ArrayList<>();
    fields
        .optionalTexts("events", MOST_EVENTS, LONGEST_NAME)
        .ifPresent(texts -> texts.forEach(text -> events.add(cursor("events", text))));
    return List.copyOf(events);
  }

  private static EventCursor cursor(String name, String text) {
    return EventCursor.parse(text)
        .orElseThrow(() -> malformed("`" + name + "` must have ids of events, such as e17."));
  }
}
