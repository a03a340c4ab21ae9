package io.concert.http.seats;

import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.http.web.EventSource;
import io.concert.http.web.stream.EventStream;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.view.RoomViews;
import io.concert.user.Token;
import io.concert.user.TokenCheck;
import io.concert.user.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/**
 * Pushes what becomes of the seats, to somebody who is let in and for as long as that is so. Each
 * event tells all that has changed since the last one that was written, so a slow client gets fewer
 * and larger ones.
 */
final class SeatStream implements EventSource {
  private static final Duration CHECK_ADMISSION_EVERY = Duration.ofSeconds(1);
  private static final int CHECK_TOKEN_EVERY = 15;

  private final Vertx vertx;
  private final RoomViews views;
  private final Tokens tokens;
  private final SeatWatch watch;
  private final SeatHistory history;
  private final ScheduleId schedule;
  private final Token.Queue place;
  private final String jwt;
  private Optional<SeatVersion> written;
  private int checks;

  /**
   * @param jwt the text of {@code place}
   * @param known the version from which on to tell; without it, or if this node hasn't seen it, all
   *     seats are told first
   */
  SeatStream(
      Vertx vertx,
      RoomViews views,
      Tokens tokens,
      SeatWatch watch,
      SeatHistory history,
      ScheduleId schedule,
      Token.Queue place,
      String jwt,
      Optional<SeatVersion> known) {
    this.vertx = vertx;
    this.views = views;
    this.tokens = tokens;
    this.watch = watch;
    this.history = history;
    this.schedule = schedule;
    this.place = place;
    this.jwt = jwt;
    this.written = known;
  }

  @Override
  public void feed(EventStream stream) {
    Runnable leave = watch.follow(schedule, stream.context(), () -> tell(stream));
    long timer =
        vertx.setPeriodic(CHECK_ADMISSION_EVERY.toMillis(), tick -> endWithoutRight(stream));
    stream.onClose(
        () -> {
          leave.run();
          vertx.cancelTimer(timer);
        });
    tell(stream);
  }

  private void tell(EventStream stream) {
    if (!history.version().equals(written)) {
      stream.offerBytes(this::news);
    }
  }

  /** Anyone who is too far behind, or meets a map that was rebuilt, is told of all seats. */
  private Buffer news() {
    SeatChanges newest = written.flatMap(history::since).or(history::whole).orElseThrow();
    written = Optional.of(newest.version());
    return newest.event();
  }

  private void endWithoutRight(EventStream stream) {
    checks++;
    if (checks % CHECK_TOKEN_EVERY == 0 && !(tokens.check(jwt) instanceof TokenCheck.Valid)) {
      stream.end("{\"reason\":\"TOKEN_EXPIRED\"}");
      return;
    }
    RoomId room = place.room();
    // While the room can't be asked nobody is sent away.
    views
        .checkAdmission(room, place.user(), place.place())
        .onSuccess(admission -> endUnlessIn(stream, admission));
  }

  private static void endUnlessIn(EventStream stream, Admission admission) {
    if (admission.state() != AdmissionState.ACTIVE) {
      stream.end("{\"reason\":\"NOT_ADMITTED\"}");
    }
  }
}
