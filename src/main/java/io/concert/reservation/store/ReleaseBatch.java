package io.concert.reservation.store;

import io.concert.domain.KeyRefusal;
import io.concert.reservation.api.ReservationMessages.KeyRefused;
import io.concert.reservation.api.ReservationMessages.NotReleased;
import io.concert.reservation.api.ReservationMessages.Release;
import io.concert.reservation.api.ReservationMessages.ReleaseReply;
import io.concert.reservation.api.ReservationMessages.Released;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Releases as {@code release_seats} takes them, and its {@code release_verdict} rows as replies.
 */
public final class ReleaseBatch {
  static final String FUNCTION = "release_seats";
  static final int ARGUMENTS = 5;
  static final String VERDICT = "release_verdict";

  private ReleaseBatch() {}

  /**
   * @param seatRows the seat's row if it was given back now
   */
  public record Judged(ReleaseReply reply, List<SeatRow> seatRows) {}

  /** A session's end follows from all its holds, so a user's releases are judged in turn. */
  static Collection<?> touches(Release release) {
    return List.of(release.user(), release.seat());
  }

  static Tuple arguments(List<Release> releases) {
    var keys = releases.stream().map(Release::key).toList();
    return Tuple.tuple()
        .addValue(HoldBatch.keyIds(keys))
        .addValue(HoldBatch.keyBodies(keys))
        .addValue(releases.stream().map(one -> one.user().number()).toArray(Long[]::new))
        .addValue(releases.stream().map(one -> one.seat().schedule().number()).toArray(Long[]::new))
        .addValue(releases.stream().map(one -> one.seat().index()).toArray(Integer[]::new));
  }

  /**
   * @param rows one a command, in order
   */
  static List<Judged> judged(Iterable<Row> rows) {
    var judged = new ArrayList<Judged>();
    rows.forEach(row -> judged.add(judged(row)));
    return judged;
  }

  private static Judged judged(Row row) {
    return switch (ReleaseVerdict.READ.of(row)) {
      case RELEASED -> new Judged(new Released(false), List.of(SeatClaims.claim(row)));
      case NOT_HELD -> new Judged(new NotReleased(), List.of());
      case RELEASED_BEFORE -> new Judged(new Released(true), List.of());
      case KEY_IN_FLIGHT -> new Judged(new KeyRefused(KeyRefusal.IN_FLIGHT), List.of());
      case KEY_REUSED -> new Judged(new KeyRefused(KeyRefusal.REUSED), List.of());
    };
  }
}
