package io.concert.reservation;

import io.concert.domain.ScheduleId;
import io.concert.domain.UserId;
import io.concert.grid.api.ReplicatedAggregate;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.seatmap.SeatCommand;
import io.concert.reservation.seatmap.SeatCommand.AskBound;
import io.concert.reservation.seatmap.SeatCommand.Claim;
import io.concert.reservation.seatmap.SeatCommand.ClaimFirst;
import io.concert.reservation.seatmap.SeatCommand.Compare;
import io.concert.reservation.seatmap.SeatCommand.Learn;
import io.concert.reservation.seatmap.SeatCommand.Look;
import io.concert.reservation.seatmap.SeatCommand.Overrule;
import io.concert.reservation.seatmap.SeatCommand.Settle;
import io.concert.reservation.seatmap.SeatEvent;
import io.concert.reservation.seatmap.SeatMap;
import io.concert.reservation.seatmap.SeatReply;
import io.concert.reservation.seatmap.SeatReply.Bound;
import io.concert.reservation.seatmap.SeatReply.Compared;
import io.concert.reservation.store.SeatClaims;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** The seat maps in the grid, by schedule. Every future fails with a fault as the grid does. */
final class SeatMaps {
  /** 29 bytes each: an operation that no link or partition thread is stuck with for long. */
  static final int MOST_TRUTHS = 4_096;

  private final ReplicatedAggregate<SeatMap, SeatCommand, SeatEvent, SeatReply> maps;

  SeatMaps(ReplicatedAggregate<SeatMap, SeatCommand, SeatEvent, SeatReply> maps) {
    this.maps = maps;
  }

  /**
   * Makes a map of all claim rows of a schedule. Without rows, or without such a schedule, it has
   * no seats and grows when it learns of some.
   */
  static ReplicatedAggregate.Loader<SeatMap> loader(SeatClaims claims) {
    return key -> {
      long epoch = ThreadLocalRandom.current().nextLong(1, SeatMap.EPOCHS);
      var schedule = ScheduleId.parse(key);
      if (schedule.isEmpty()) {
        return Future.succeededFuture(SeatMap.of(epoch, List.of(), 0));
      }
      return claims.all(schedule.get()).map(all -> SeatMap.of(epoch, all.rows(), all.next()));
    };
  }

  Future<SeatReply> claim(ScheduleId schedule, long claim, UserId user, List<Integer> seats) {
    return maps.submit(key(schedule), new Claim(claim, user.number(), seats));
  }

  Future<SeatReply> claimFirst(
      ScheduleId schedule, long claim, UserId user, List<List<Integer>> groups) {
    return maps.submit(key(schedule), new ClaimFirst(claim, user.number(), groups));
  }

  Future<SeatReply> settle(
      ScheduleId schedule, long claim, List<Integer> seats, List<SeatRow> seatRows) {
    return maps.submit(key(schedule), new Settle(claim, seats, seatRows));
  }

  /** Also without seatRows: claims that ran out are cleared. */
  Future<Void> learn(ScheduleId schedule, List<SeatRow> seatRows) {
    return learn(schedule, seatRows, 0);
  }

  /**
   * @param asOfXid see {@link Learn}; the map takes note of it together with the last of the rows,
   *     and only when it has heard of the others
   */
  Future<Void> learn(ScheduleId schedule, List<SeatRow> seatRows, long asOfXid) {
    if (seatRows.size() <= MOST_TRUTHS) {
      return maps.submit(key(schedule), new Learn(seatRows, asOfXid)).mapEmpty();
    }
    return maps.submit(key(schedule), new Learn(seatRows.subList(0, MOST_TRUTHS)))
        .compose(told -> learn(schedule, seatRows.subList(MOST_TRUTHS, seatRows.size()), asOfXid));
  }

  /** From which transaction on the map doesn't know of changes. */
  Future<Long> bound(ScheduleId schedule) {
    return maps.submit(key(schedule), new AskBound()).map(reply -> ((Bound) reply).asOfXid());
  }

  /**
   * What the map says of seats of which a row says something else that isn't newer.
   *
   * @param rows no more than {@link #MOST_TRUTHS}
   */
  Future<List<SeatRow>> compare(ScheduleId schedule, List<SeatRow> rows) {
    return maps.submit(key(schedule), new Compare(rows))
        .map(reply -> ((Compared) reply).contradicting());
  }

  /** Has the map believe rows although it has newer ones, where it still says the same. */
  Future<Void> overrule(ScheduleId schedule, List<SeatRow> wrong, List<SeatRow> rows) {
    return maps.submit(key(schedule), new Overrule(wrong, rows)).mapEmpty();
  }

  Future<SeatReply> look(ScheduleId schedule, long epoch, long version) {
    return maps.submit(key(schedule), new Look(epoch, version));
  }

  /** Schedules whose map is on this node at the moment. */
  Set<ScheduleId> owned() {
    return maps.ownedKeys().stream()
        .flatMap(key -> ScheduleId.parse(key).stream())
        .collect(Collectors.toSet());
  }

  private static String key(ScheduleId schedule) {
    return schedule.toString();
  }
}
