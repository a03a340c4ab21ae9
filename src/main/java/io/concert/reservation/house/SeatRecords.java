package io.concert.reservation.house;

import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.postgres.Sql;
import io.concert.reservation.api.SeatStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the database says of single seats, for operators. Every future fails with a {@link
 * io.concert.domain.Fault} as the database does.
 */
public final class SeatRecords {
  private final Sql sql;

  public SeatRecords(Sql sql) {
    this.sql = sql;
  }

  /**
   * A seat that is kept from sale.
   *
   * @param operator who has blocked it
   */
  public record Block(SeatId seat, Optional<String> note, String operator, Instant blockedAt) {}

  private static final String BLOCKS =
      """
      select schedule_id, seat, note, operator, blocked_at from seat_block
      where schedule_id = $1 and seat > $2 order by seat limit $3
      """;

  /**
   * The seats of a date that are kept from sale, by index.
   *
   * @param after an index; -1 for the first page
   */
  public Future<List<Block>> blocks(ScheduleId schedule, int after, int limit) {
    return sql.query(BLOCKS, Tuple.of(schedule.number(), after, limit))
        .map(rows -> rows.stream().map(SeatRecords::block).toList());
  }

  /** A person's time with a seat. */
  public record StandingHold(UserId holder, Instant heldAt, Instant deadline) {}

  /** One seat: how it stands now, and by whom. A sold one's buyer stands in its bill. */
  public record Seat(
      SeatId seat, SeatStatus status, Optional<StandingHold> hold, Optional<Block> block) {}

  private static final String SEAT =
      """
      select c.schedule_id, c.seat, c.user_number, c.held_at, c.deadline, b.note, b.operator,
        b.blocked_at,
        case when c.state = 1 and c.deadline <= clock_timestamp() then 0 else c.state end as now
      from seat_claim c left join seat_block b on b.schedule_id = c.schedule_id and b.seat = c.seat
      where c.schedule_id = $1 and c.seat = $2
      """;

  /** Empty for a seat that no plan of the date ever had. */
  public Future<Optional<Seat>> seat(SeatId seat) {
    return sql.query(SEAT, Tuple.of(seat.schedule().number(), seat.index()))
        .map(rows -> rows.stream().findFirst().map(row -> seat(seat, row)));
  }

  private static Seat seat(SeatId seat, Row row) {
    SeatStatus status = SeatStatus.of(row.getInteger("now"));
    return new Seat(
        seat,
        status,
        status == SeatStatus.HELD
            ? Optional.of(
                new StandingHold(
                    new UserId(row.getLong("user_number")),
                    row.getOffsetDateTime("held_at").toInstant(),
                    row.getOffsetDateTime("deadline").toInstant()))
            : Optional.empty(),
        row.getString("operator") == null ? Optional.empty() : Optional.of(block(row)));
  }

  private static Block block(Row row) {
    return new Block(
        new SeatId(new ScheduleId(row.getLong("schedule_id")), row.getInteger("seat")),
        Optional.ofNullable(row.getString("note")),
        row.getString("operator"),
        row.getOffsetDateTime("blocked_at").toInstant());
  }
}
