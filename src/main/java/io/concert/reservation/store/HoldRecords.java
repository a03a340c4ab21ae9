package io.concert.reservation.store;

import io.concert.domain.HoldId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.domain.UserId;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.BatchLimits;
import io.concert.postgres.batch.Batcher;
import io.concert.postgres.batch.NaturalBatcher;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.Holds;
import io.concert.reservation.api.ReservationMessages.KeyRefused;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.NothingHeld;
import io.concert.reservation.api.ReservationMessages.RecallReply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads of what was held. They change nothing and lock nothing. */
public final class HoldRecords {
  /** A crowd that repeats its requests costs a few reads, beside the commands' connections. */
  private static final BatchLimits LIMITS = new BatchLimits(128, 2, 4_096);

  private final Sql sql;
  private final HoldSettings settings;
  private final Batcher<IdempotencyKey, RecallReply> recalls;
  private final Batcher<UserId, Holds> standing;

  HoldRecords(Vertx vertx, Sql sql, HoldSettings settings) {
    this.sql = sql;
    this.settings = settings;
    recalls = new NaturalBatcher<>(vertx, LIMITS, this::recallAll);
    standing = new NaturalBatcher<>(vertx, LIMITS, this::holdsOfAll);
  }

  /**
   * What a hold with this key was answered. One that is being judged isn't seen yet.
   *
   * @return fails with a {@link io.concert.domain.Fault} as the database does
   */
  public Future<RecallReply> recall(IdempotencyKey key) {
    return recalls.submit(key);
  }

  /**
   * A user's standing holds, the one that ends first before the others.
   *
   * @return fails with a {@link io.concert.domain.Fault} as the database does
   */
  public Future<Holds> holdsOf(UserId user) {
    return standing.submit(user);
  }

  /**
   * For refusals from memory, which knows no keys: a repeat must hear what the first was answered,
   * also if its seats are another's by now.
   *
   * @param refusal the answer unless a hold was given to the key, or the key refuses it
   */
  public Future<HoldReply> unlessHeldBefore(Optional<IdempotencyKey> key, NotHeld refusal) {
    if (key.isEmpty()) {
      return Future.succeededFuture(refusal);
    }
    return recall(key.get()).map(recalled -> recalled instanceof HoldReply first ? first : refusal);
  }

  private static final String RECALL =
      """
      select k.id as key_id, k.body as key_body, answer.*
      from idempotency_key k
      cross join lateral jsonb_populate_recordset(null::hold_verdict, k.answer) answer
      where k.id = any ($1)
      order by k.id, answer.nth
      """;

  private Future<List<RecallReply>> recallAll(List<IdempotencyKey> keys) {
    var ids = keys.stream().map(IdempotencyKey::id).distinct().toArray(UUID[]::new);
    return sql.query(RECALL, Tuple.tuple().addValue(ids))
        .map(
            rows -> {
              Map<UUID, List<Row>> answers = new HashMap<>();
              for (Row row : rows) {
                answers.computeIfAbsent(row.getUUID("key_id"), id -> new ArrayList<>()).add(row);
              }
              return keys.stream()
                  .map(key -> recalled(key, answers.getOrDefault(key.id(), List.of())))
                  .toList();
            });
  }

  private static RecallReply recalled(IdempotencyKey key, List<Row> answer) {
    if (answer.isEmpty()) {
      return new NothingHeld();
    }
    return answer.get(0).getUUID("key_body").equals(key.body())
        ? HoldBatch.held(answer, true)
        : new KeyRefused(KeyRefusal.REUSED);
  }

  private static final String STANDING =
      """
      select user_number, schedule_id, seat, hold_id, price, held_at, deadline,
        exists (select from hold_extension e where e.hold_id = claim.hold_id) as extended
      from (
        -- The users' first, or it might go through all standing holds by their deadlines.
        select * from seat_claim where user_number = any ($1) offset 0) claim
      where state = 1 and deadline > clock_timestamp()
      order by deadline, schedule_id, seat
      """;

  private Future<List<Holds>> holdsOfAll(List<UserId> users) {
    var numbers = users.stream().map(UserId::number).distinct().toArray(Long[]::new);
    return sql.query(STANDING, Tuple.tuple().addValue(numbers))
        .map(
            rows -> {
              Map<Long, List<HeldSeat>> holds = new HashMap<>();
              Set<HoldId> extended = new HashSet<>();
              for (Row row : rows) {
                if (row.getBoolean("extended")) {
                  extended.add(new HoldId(row.getLong("hold_id")));
                }
                holds
                    .computeIfAbsent(row.getLong("user_number"), user -> new ArrayList<>())
                    .add(HoldBatch.heldSeat(row));
              }
              return users.stream()
                  .map(user -> told(holds.getOrDefault(user.number(), List.of()), extended))
                  .toList();
            });
  }

  private Holds told(List<HeldSeat> holds, Set<HoldId> extended) {
    return settings.extension().isZero()
        ? new Holds(holds)
        : new Holds(
            holds,
            holds.stream().map(HeldSeat::hold).filter(hold -> !extended.contains(hold)).toList(),
            settings.extension());
  }
}
