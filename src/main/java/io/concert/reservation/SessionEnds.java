package io.concert.reservation;

import io.concert.bus.Bus;
import io.concert.domain.SaleTally;
import io.concert.domain.ScheduleId;
import io.concert.postgres.Sql;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.OwnerLeft;
import io.concert.queue.api.QueueMessages.SessionEnded;
import io.concert.reservation.api.ReservationMessages.EndSession;
import io.concert.reservation.api.ReservationMessages.Noted;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.store.SeatClaims;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions before their time. It is done where the holds are, because session and holds end in
 * one transaction; then the seat maps and the waiting room are told so that they needn't find out
 * by themselves, which they would within two seconds.
 */
final class SessionEnds {
  private static final Logger log = LoggerFactory.getLogger(SessionEnds.class);

  /** It has happened already: who leaves doesn't wait for those who are only told. */
  private static final Duration TELL_WITHIN = Duration.ofMillis(500);

  private final Sql sql;
  private final SeatMaps maps;
  private final Bus bus;
  private final SaleTally tally;

  SessionEnds(Sql sql, SeatMaps maps, Bus bus, SaleTally tally) {
    this.sql = sql;
    this.maps = maps;
    this.bus = bus;
    this.tally = tally;
  }

  private static final String END_SESSION = "select * from end_session($1, $2, $3)";

  /**
   * Repeated, or for a session that isn't the user's, it changes nothing.
   *
   * @return fails with a {@link io.concert.domain.Fault} as the database does
   */
  Future<Noted> end(EndSession asked) {
    var arguments = Tuple.of(asked.room().name(), asked.user().number(), asked.session().number());
    return sql.query(END_SESSION, arguments)
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture()
                    : Future.join(tellSeatMaps(rows), tellWaitingRoom(asked)))
        .map(told -> new Noted());
  }

  /** The same, for somebody who left before knowing of a session. */
  Future<QueueMessages.Noted> ownerLeft(OwnerLeft left) {
    return end(new EndSession(left.room(), left.user(), left.session()))
        .map(ended -> new QueueMessages.Noted());
  }

  private Future<?> tellSeatMaps(RowSet<Row> rows) {
    Map<ScheduleId, List<SeatRow>> freed = new HashMap<>();
    for (Row row : rows) {
      if (row.getInteger("seat") != null) {
        freed
            .computeIfAbsent(SeatClaims.schedule(row), first -> new ArrayList<>())
            .add(SeatClaims.claim(row));
      }
    }
    List<Future<Void>> told = new ArrayList<>();
    freed.forEach(
        (schedule, seats) -> {
          tally.count(schedule, HoldMetrics.GIVEN_BACK, seats.size());
          told.add(maps.learn(schedule, seats));
        });
    return courtesy("seat map", Future.join(told));
  }

  private Future<?> tellWaitingRoom(EndSession asked) {
    var ended = new SessionEnded(asked.room(), asked.user(), asked.session());
    return courtesy("waiting room", bus.request(QueueMessages.SESSION_ENDED, ended));
  }

  /** Never fails. */
  private static Future<?> courtesy(String whom, Future<?> told) {
    return told.timeout(TELL_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> log.debug("the {} will find out by itself", whom, failure))
        .otherwiseEmpty();
  }
}
