package io.concert.payment;

import io.concert.domain.BillId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.OrderId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.Bill;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** What the batched functions take and give alike. */
final class VerdictRows {
  private VerdictRows() {}

  /** Each command's rows. */
  static List<List<Row>> byCommand(int commands, RowSet<Row> rows) {
    List<List<Row>> all = new ArrayList<>(commands);
    for (int i = 0; i < commands; i++) {
      all.add(new ArrayList<>(1));
    }
    rows.forEach(row -> all.get(row.getInteger("command")).add(row));
    return all;
  }

  /** A null for each command without a key. */
  static <C> UUID[] keys(List<C> batch, Function<C, Optional<IdempotencyKey>> key) {
    return ids(batch, key, IdempotencyKey::id);
  }

  /** What was asked with the keys; a null for each command without. */
  static <C> UUID[] bodies(List<C> batch, Function<C, Optional<IdempotencyKey>> key) {
    return ids(batch, key, IdempotencyKey::body);
  }

  private static <C> UUID[] ids(
      List<C> batch,
      Function<C, Optional<IdempotencyKey>> key,
      Function<IdempotencyKey, UUID> part) {
    return batch.stream()
        .map(command -> key.apply(command).map(part).orElse(null))
        .toArray(UUID[]::new);
  }

  /** A row that names all of a bill. */
  static Bill bill(Row row) {
    return new Bill(
        new BillId(row.getLong("bill_id")),
        new OrderId(row.getLong("order_id")),
        new UserId(row.getLong("user_number")),
        new SeatId(new ScheduleId(row.getLong("schedule_id")), row.getInteger("seat")),
        new Won(row.getLong("price")),
        at(row, "billed_at"),
        Optional.ofNullable(row.getOffsetDateTime("refunded_at")).map(OffsetDateTime::toInstant));
  }

  static Instant at(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }
}
