package io.concert.http.queue;

import io.concert.customer.Bans;
import io.concert.domain.RoomId;
import io.concert.http.web.EventSource;
import io.concert.http.web.stream.EventStream;
import io.concert.http.web.stream.EventStream.Event;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.view.RoomViews;
import io.concert.queue.view.RoomViews.Following;
import io.concert.queue.view.RoomViews.Update;
import io.concert.user.Token;
import io.concert.user.TokenCheck;
import io.concert.user.Tokens;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Pushes where somebody stands for as long as the token says that it is theirs. Each event is the
 * whole answer to a poll, so one that a slow client misses is no loss.
 */
final class PlaceStream implements EventSource {
  private static final Duration CHECK_TOKEN_EVERY = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final RoomViews views;
  private final Bans bans;
  private final Tokens tokens;
  private final InstantSource time;
  private final Token.Queue place;
  private final String jwt;
  private final String lastSeen;
  private boolean first = true;

  /**
   * @param jwt the text of {@code place}
   * @param lastSeen the id of the last event that the client knows; empty for none
   */
  PlaceStream(
      Vertx vertx,
      RoomViews views,
      Bans bans,
      Tokens tokens,
      InstantSource time,
      Token.Queue place,
      String jwt,
      String lastSeen) {
    this.vertx = vertx;
    this.views = views;
    this.bans = bans;
    this.tokens = tokens;
    this.time = time;
    this.place = place;
    this.jwt = jwt;
    this.lastSeen = lastSeen;
  }

  @Override
  public void feed(EventStream stream) {
    RoomId room = place.room();
    Following following =
        views.follow(
            new Poll(room, place.user(), place.place(), place.arrivalMillis()),
            update -> tell(stream, update),
            stream::isTaken);
    // A follower who is gone has to be found out well within the time in which a poller would be.
    views
        .status(room)
        .onSuccess(
            status ->
                status.ifPresent(
                    known -> stream.beatEvery(known.settings().presence().dividedBy(3))));
    Context context = vertx.getOrCreateContext();
    Runnable forget =
        bans.whenBanned(
            place.user(), () -> context.runOnContext(now -> stream.end("{\"reason\":\"BANNED\"}")));
    long timer = vertx.setPeriodic(CHECK_TOKEN_EVERY.toMillis(), tick -> endWithoutToken(stream));
    stream.onClose(
        () -> {
          following.close();
          forget.run();
          vertx.cancelTimer(timer);
        });
  }

  private void tell(EventStream stream, Update update) {
    boolean known = first && update.version().equals(lastSeen);
    first = false;
    boolean ended = update.placement().state() == PlaceState.ENDED;
    if (!known || ended) {
      stream.offer(() -> event(update));
    }
    if (ended) {
      stream.end("{\"reason\":\"ENDED\"}");
    }
  }

  private Event event(Update update) {
    Token.Queue now = place.movedTo(update.placement().place(), update.placement().arrivalMillis());
    String text = now.equals(place) ? jwt : tokens.queue(now);
    String data = PlaceBody.json(text, now, update.placement(), time.instant());
    return new Event("place", update.version(), data);
  }

  private void endWithoutToken(EventStream stream) {
    if (!(tokens.check(jwt) instanceof TokenCheck.Valid)) {
      stream.end("{\"reason\":\"TOKEN_EXPIRED\"}");
    }
  }
}
