package io.concert.reservation;

import io.concert.domain.ScheduleId;
import io.concert.domain.UserId;
import io.concert.grid.ReplicatedAggregate;
import io.concert.reservation.ReservationMessages.ClaimState;
import io.concert.reservation.SeatCommand.Claim;
import io.concert.reservation.SeatCommand.ClaimFirst;
import io.concert.reservation.SeatCommand.Learn;
import io.concert.reservation.SeatCommand.Look;
import io.concert.reservation.SeatCommand.Settle;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** The seat maps in the grid, by schedule. Every future fails with a fault as the grid does. */
final class SeatMaps {
  /** 29 bytes each: an operation that no link or partition thread is stuck with for long. */
  private static final int MOST_TRUTHS = 4_096;

  /** Epochs pass through JSON, where integers are exact up to here. */
  private static final long EPOCHS = 1L << 53;

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
      long epoch = ThreadLocalRandom.current().nextLong(1, EPOCHS);
      var schedule = ScheduleId.parse(key);
      if (schedule.isEmpty()) {
        return Future.succeededFuture(SeatMap.of(epoch, List.of()));
      }
      return claims.all(schedule.get()).map(rows -> SeatMap.of(epoch, rows));
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
      ScheduleId schedule, long claim, List<Integer> seats, List<ClaimState> truths) {
    return maps.submit(key(schedule), new Settle(claim, seats, truths));
  }

  /** Also without truths: claims that ran out are cleared. */
  Future<Void> learn(ScheduleId schedule, List<ClaimState> truths) {
    var parts = new ArrayList<Future<SeatReply>>();
    int from = 0;
    do {
      int end = Math.min(truths.size(), from + MOST_TRUTHS);
      parts.add(maps.submit(key(schedule), new Learn(truths.subList(from, end))));
      from = end;
    } while (from < truths.size());
    return Future.all(parts).mapEmpty();
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
