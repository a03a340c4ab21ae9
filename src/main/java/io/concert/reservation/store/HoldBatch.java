package io.concert.reservation.store;

import io.concert.domain.HoldId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.KeyRefused;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Holds as {@code hold_seats} takes them, and its {@code hold_verdict} rows as replies. */
public final class HoldBatch {
  static final String FUNCTION = "hold_seats";
  static final int ARGUMENTS = 8;
  static final String VERDICT = "hold_verdict";

  private HoldBatch() {}

  /**
   * @param seatRows the rows of the seats as they were after judging; none for a seat without a
   *     row, and none of a repeat, whose rows are of another time
   */
  public record Judged(HoldReply reply, List<SeatRow> seatRows) {}

  /** One user's holds are counted together, one seat's are judged in turn. */
  static Collection<?> touches(Hold hold) {
    var touched = new ArrayList<Object>(hold.seats());
    touched.add(hold.user());
    return touched;
  }

  public static Tuple arguments(List<Hold> holds, Duration holdFor) {
    var command = new ArrayList<Integer>();
    var seat = new ArrayList<Integer>();
    for (int i = 0; i < holds.size(); i++) {
      for (SeatId wanted : holds.get(i).seats()) {
        command.add(i);
        seat.add(wanted.index());
      }
    }
    var keys = holds.stream().map(Hold::key).toList();
    return Tuple.tuple()
        .addValue(keyIds(keys))
        .addValue(keyBodies(keys))
        .addValue(holds.stream().map(hold -> hold.room().name()).toArray(String[]::new))
        .addValue(holds.stream().map(hold -> hold.user().number()).toArray(Long[]::new))
        .addValue(holds.stream().map(hold -> hold.schedule().number()).toArray(Long[]::new))
        .addValue(command.toArray(Integer[]::new))
        .addValue(seat.toArray(Integer[]::new))
        .addValue(holdFor.toMillis());
  }

  /**
   * @return null if there is no key at all, which spares the database looking
   */
  static UUID @Nullable [] keyIds(List<Optional<IdempotencyKey>> keys) {
    return keys.stream().allMatch(Optional::isEmpty)
        ? null
        : keys.stream().map(key -> key.map(IdempotencyKey::id).orElse(null)).toArray(UUID[]::new);
  }

  /** As {@link #keyIds}. */
  static UUID @Nullable [] keyBodies(List<Optional<IdempotencyKey>> keys) {
    return keys.stream().allMatch(Optional::isEmpty)
        ? null
        : keys.stream().map(key -> key.map(IdempotencyKey::body).orElse(null)).toArray(UUID[]::new);
  }

  /**
   * @param rows of all commands
   */
  public static List<Judged> judged(List<Hold> holds, Iterable<Row> rows) {
    var ofCommand = new ArrayList<List<Row>>();
    holds.forEach(hold -> ofCommand.add(new ArrayList<>()));
    rows.forEach(row -> ofCommand.get(row.getInteger("command")).add(row));
    return ofCommand.stream().map(HoldBatch::judged).toList();
  }

  private static Judged judged(List<Row> rows) {
    if (rows.isEmpty()) {
      throw new IllegalStateException("a hold without a verdict");
    }
    rows.sort(Comparator.comparing(row -> row.getInteger("nth")));
    return switch (HoldVerdict.READ.of(rows.get(0))) {
      case HELD -> new Judged(held(rows, false), seatRows(rows));
      case SEAT_TAKEN ->
          new Judged(new NotHeld(HoldRefusal.SEAT_TAKEN, blocking(rows)), seatRows(rows));
      case LIMIT_REACHED ->
          new Judged(new NotHeld(HoldRefusal.LIMIT_REACHED, List.of()), seatRows(rows));
      case NOT_ON_SALE ->
          new Judged(new NotHeld(HoldRefusal.NOT_ON_SALE, blocking(rows)), seatRows(rows));
      case NOT_ADMITTED ->
          new Judged(new NotHeld(HoldRefusal.NOT_ADMITTED, List.of()), seatRows(rows));
      case HELD_BEFORE -> new Judged(held(rows, true), List.of());
      case KEY_IN_FLIGHT -> new Judged(new KeyRefused(KeyRefusal.IN_FLIGHT), List.of());
      case KEY_REUSED -> new Judged(new KeyRefused(KeyRefusal.REUSED), List.of());
      case BANNED -> new Judged(new NotHeld(HoldRefusal.BANNED, List.of()), seatRows(rows));
    };
  }

  /**
   * @param rows in the order asked
   */
  static Held held(List<Row> rows, boolean replayed) {
    return new Held(rows.stream().map(HoldBatch::heldSeat).toList(), replayed);
  }

  public static HeldSeat heldSeat(Row row) {
    return new HeldSeat(
        seat(row),
        new HoldId(row.getLong("hold_id")),
        new Won(row.getLong("price")),
        row.getOffsetDateTime("held_at").toInstant(),
        row.getOffsetDateTime("deadline").toInstant());
  }

  private static List<SeatRow> seatRows(List<Row> rows) {
    return rows.stream()
        .filter(row -> row.getValue("state") != null)
        .map(SeatClaims::claim)
        .toList();
  }

  private static List<SeatId> blocking(List<Row> rows) {
    return rows.stream().filter(row -> row.getBoolean("blocking")).map(HoldBatch::seat).toList();
  }

  private static SeatId seat(Row row) {
    return new SeatId(new ScheduleId(row.getLong("schedule_id")), row.getInteger("seat"));
  }
}
