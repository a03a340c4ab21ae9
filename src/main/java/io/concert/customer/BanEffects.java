package io.concert.customer;

import io.concert.bus.Bus;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.SessionEnded;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.ClaimsChanged;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.SeatStatus;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a ban has ended. It is so in the database; those who are told would find out themselves. */
record BanEffects(Set<SessionEnded> sessions, Map<ScheduleId, List<SeatRow>> seats) {
  private static final Logger log = LoggerFactory.getLogger(BanEffects.class);

  static final BanEffects NONE = new BanEffects(Set.of(), Map.of());

  BanEffects {
    sessions = Set.copyOf(sessions);
    seats = Map.copyOf(seats);
  }

  /**
   * @param rows of {@code ban_account}
   */
  static BanEffects of(UserId user, Iterable<Row> rows) {
    Set<SessionEnded> sessions = new HashSet<>();
    Map<ScheduleId, List<SeatRow>> seats = new HashMap<>();
    for (Row row : rows) {
      Long session = row.getLong("session_id");
      if (session != null) {
        sessions.add(
            new SessionEnded(new RoomId(row.getString("room_id")), user, new SessionId(session)));
      }
      if (row.getInteger("seat") != null) {
        seats
            .computeIfAbsent(new ScheduleId(row.getLong("schedule_id")), one -> new ArrayList<>())
            .add(new SeatRow(row.getInteger("seat"), SeatStatus.FREE, 0, row.getLong("fence"), 0));
      }
    }
    return new BanEffects(sessions, seats);
  }

  int seatCount() {
    return seats.values().stream().mapToInt(List::size).sum();
  }

  /** Nobody waits for it. */
  void tell(Bus bus) {
    seats.forEach(
        (schedule, rows) ->
            bus.request(ReservationMessages.CLAIMS_CHANGED, new ClaimsChanged(schedule, rows))
                .onFailure(failure -> log.debug("seat map will find out itself", failure)));
    sessions.forEach(
        ended ->
            bus.request(QueueMessages.SESSION_ENDED, ended)
                .onFailure(failure -> log.debug("waiting room will find out itself", failure)));
  }
}
