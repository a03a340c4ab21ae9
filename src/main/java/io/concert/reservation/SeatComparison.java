package io.concert.reservation;

import io.concert.domain.ScheduleId;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.store.SeatClaims;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares seat maps with the database, row by row. A map is told of newer rows anyway; here it
 * also loses what the database never had, or has lost, and which no newer row would correct. A map
 * that has come to this node is compared as a whole, the others a slice after the other.
 *
 * <p>What a map has learned between the reading of a row and the comparison contradicts that row,
 * too. So the seats in question are read once more: what the map said before, and the database
 * doesn't say afterwards, can't be true.
 *
 * <p>Confined to one context.
 */
final class SeatComparison {
  private static final Logger log = LoggerFactory.getLogger(SeatComparison.class);
  private static final int SLICE = SeatMaps.MOST_TRUTHS;

  private final SeatClaims claims;
  private final SeatMaps maps;
  private final Set<ScheduleId> known = new HashSet<>();
  private final TreeSet<Long> left = new TreeSet<>();
  private int nextSeat;

  SeatComparison(SeatClaims claims, SeatMaps maps) {
    this.claims = claims;
    this.maps = maps;
  }

  /**
   * @param owned maps on this node
   */
  Future<Void> goOn(Set<ScheduleId> owned) {
    known.retainAll(owned);
    var compared = new ArrayList<Future<Void>>();
    var last = Future.<Void>succeededFuture();
    for (ScheduleId schedule : owned) {
      if (!known.contains(schedule)) {
        last = last.transform(done -> compareAll(schedule, 0));
        compared.add(last.onSuccess(done -> known.add(schedule)));
      }
    }
    compared.add(last.transform(done -> compareSlice(owned)));
    return Future.join(compared).mapEmpty();
  }

  private Future<Void> compareAll(ScheduleId schedule, int from) {
    return compare(schedule, from)
        .compose(next -> next == 0 ? Future.succeededFuture() : compareAll(schedule, next));
  }

  /** The next slice of all maps in turn. */
  private Future<Void> compareSlice(Set<ScheduleId> owned) {
    if (left.isEmpty()) {
      owned.forEach(schedule -> left.add(schedule.number()));
      nextSeat = 0;
    }
    if (left.isEmpty()) {
      return Future.succeededFuture();
    }
    var schedule = new ScheduleId(left.first());
    if (!owned.contains(schedule)) {
      left.remove(schedule.number());
      nextSeat = 0;
      return Future.succeededFuture();
    }
    return compare(schedule, nextSeat)
        .onComplete(
            done -> {
              // One that can't be compared waits for its next turn and keeps no other one waiting.
              nextSeat = done.succeeded() ? done.result() : 0;
              if (nextSeat == 0) {
                left.remove(schedule.number());
              }
            })
        .mapEmpty();
  }

  /**
   * @return the first seat of the next slice, 0 after the last one
   */
  private Future<Integer> compare(ScheduleId schedule, int from) {
    return claims
        .slice(schedule, from, SLICE)
        .compose(
            rows ->
                maps.learn(schedule, rows)
                    .compose(told -> maps.compare(schedule, rows))
                    .compose(said -> lookAgain(schedule, said))
                    .map(done -> rows.size() < SLICE ? 0 : rows.get(SLICE - 1).seat() + 1));
  }

  private Future<Void> lookAgain(ScheduleId schedule, List<SeatRow> said) {
    if (said.isEmpty()) {
      return Future.succeededFuture();
    }
    return claims
        .some(schedule, said.stream().map(SeatRow::seat).toList())
        .compose(rows -> overrule(schedule, said, rows));
  }

  private Future<Void> overrule(ScheduleId schedule, List<SeatRow> said, List<SeatRow> rows) {
    var saidBefore = Set.copyOf(said);
    var wrong =
        rows.stream().filter(row -> !saidBefore.contains(row) && !isNewer(row, said)).toList();
    if (wrong.isEmpty()) {
      return Future.succeededFuture();
    }
    log.warn(
        "the seat map of {} showed {} seats as the database doesn't have them, for instance {};"
            + " corrected",
        schedule,
        wrong.size(),
        wrong.get(0));
    return maps.overrule(schedule, said, wrong);
  }

  private static boolean isNewer(SeatRow row, List<SeatRow> said) {
    return said.stream().anyMatch(it -> it.seat() == row.seat() && row.fence() > it.fence());
  }
}
