package io.concert.http.queue;

import io.concert.http.web.Times;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.WaitEstimate;
import io.concert.user.Token;
import java.time.Duration;
import java.time.Instant;

/**
 * Where somebody stands, as joins, polls and streams tell it. Nothing is asked for as often, so it
 * is written by hand: every text in it is of characters that JSON takes as they are.
 */
final class PlaceBody {
  private static final int USUAL_LENGTH = 768;

  private PlaceBody() {}

  /**
   * @param jwt the text of the place's token
   * @param now the database's time
   */
  static String json(String jwt, Token.Queue token, Placement placed, Instant now) {
    StringBuilder json = new StringBuilder(USUAL_LENGTH);
    json.append("{\"jwt\":\"").append(jwt);
    json.append("\",\"waitingUserNum\":").append(placed.number());
    json.append(",\"state\":\"").append(placed.state().name());
    json.append("\",\"room\":\"").append(token.room().name());
    json.append("\",\"missedTurns\":").append(token.missedTurns());
    json.append(",\"estimatedWaitSeconds\":");
    placed.estimate().ifPresentOrElse(wait -> append(json, wait), () -> json.append("null"));
    json.append(",\"pollAfterMillis\":").append(placed.pollAfter().toMillis());
    json.append(",\"sessionExpiresAt\":");
    placed.sessionExpiresAt().ifPresentOrElse(at -> append(json, at), () -> json.append("null"));
    placed.opensAt().ifPresent(at -> append(json.append(",\"opensAt\":"), at));
    json.append(",\"serverTime\":");
    append(json, now);
    return json.append('}').toString();
  }

  /** Rounded outward: what is promised stays true. */
  private static void append(StringBuilder json, WaitEstimate wait) {
    Duration justUnderASecond = Duration.ofSeconds(1).minusNanos(1);
    json.append("{\"low\":").append(wait.low().toSeconds());
    json.append(",\"high\":").append(wait.high().plus(justUnderASecond).toSeconds()).append('}');
  }

  private static void append(StringBuilder json, Instant time) {
    json.append('"').append(Times.text(time)).append('"');
  }
}
