package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.BillId;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.Bill;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.ChargeReply;
import io.concert.payment.PaymentMessages.Charged;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.payment.PaymentMessages.Refund;
import io.concert.payment.PaymentMessages.RefundReply;
import io.concert.payment.PaymentMessages.Refunded;
import io.concert.reservation.SaleFixture.Buyer;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Two nodes, a few buyers who fight for a few seats, holds that end in a moment, keys sent again:
 * whatever order it comes in, every answer is in the books and nothing else is.
 */
class LedgerRaceIT extends LedgerFixture {
  private static final int BURSTS = 80;
  private static final int BURST = 50;
  private static final int SEATS = 20;

  private static final String HOLD =
      """
      with live as (
        select id, user_number from room_session
        where id = $1 and ended_at is null for no key update)
      update seat_claim c set state = 1, user_number = live.user_number, session_id = live.id,
        (fence, hold_id) = (select n, n from nextval('fence') n), held_at = clock_timestamp(),
        deadline = clock_timestamp() + $4 * interval '1 millisecond',
        changed_tx = pg_current_xact_id()
      from live
      where c.schedule_id = $2 and c.seat = $3
        and (c.state = 0 or c.state = 1 and c.deadline <= clock_timestamp())
      returning c.hold_id, c.deadline
      """;

  private final Map<Long, Instant> deadlineOfHold = new HashMap<>();
  private final Map<BillId, Bill> billed = new HashMap<>();
  private final Map<BillId, Buyer> buyerOf = new HashMap<>();
  private final Set<BillId> refunded = new HashSet<>();
  private final Map<UUID, Object> answerOfKey = new HashMap<>();
  private final Map<Long, Long> charged = new HashMap<>();

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Till> nodes = new ArrayList<>();
  private final List<Buyer> buyers = new ArrayList<>();

  @Test
  void everyAnswerIsInTheBooksAndNothingElse() throws SQLException {
    nodes.add(new Till(vertx, sql, sale, false));
    nodes.add(new Till(vertx, sql, sale, false));
    buyers.addAll(sale.buyers(6, Won.ZERO));

    for (int burst = 0; burst < BURSTS; burst++) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < BURST; i++) {
        running.add(anything());
      }
      running.add(sql.query("select count(*) from free_due_claims(100)", Tuple.tuple()));
      Future.join(running).await();
    }

    assertBooksAgree();
  }

  private Future<?> anything() {
    Till node = nodes.get(random.nextInt(nodes.size()));
    Buyer buyer = buyers.get(random.nextInt(buyers.size()));
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> hold(buyer);
      case 3, 4 -> pay(node, buyer);
      case 5, 6 -> charge(node, buyer);
      default -> refund(node);
    };
  }

  private Future<?> hold(Buyer buyer) {
    int millis = random.nextInt(10) == 0 ? 1 + random.nextInt(15) : 30_000;
    return sql.query(
            HOLD,
            Tuple.of(
                buyer.session().number(), sale.schedule().number(), random.nextInt(SEATS), millis))
        .map(this::noteHold);
  }

  private synchronized int noteHold(RowSet<Row> rows) {
    rows.forEach(
        row ->
            deadlineOfHold.put(
                row.getLong("hold_id"), row.getOffsetDateTime("deadline").toInstant()));
    return rows.size();
  }

  private Future<?> pay(Till node, Buyer buyer) {
    int first = random.nextInt(SEATS);
    int[] seats =
        random.nextInt(3) == 0 ? new int[] {first, (first + 1) % SEATS} : new int[] {first};
    Optional<IdempotencyKey> key = key(buyer, "pay", seats);
    var command = key.map(k -> node.command(k, buyer, seats)).orElse(node.command(buyer, seats));
    return node.payments.pay(command).map(outcome -> note(outcome.reply(), buyer, key));
  }

  private synchronized PayReply note(PayReply reply, Buyer buyer, Optional<IdempotencyKey> key) {
    if (reply instanceof Paid paid) {
      for (Bill bill : paid.bills()) {
        Bill before = billed.putIfAbsent(bill.id(), bill);
        buyerOf.put(bill.id(), buyer);
        assertThat(before == null || before.equals(bill)).as("seed %d", seed).isTrue();
      }
      noteKey(key, paid.bills(), paid.replayed());
    }
    return reply;
  }

  private Future<?> charge(Till node, Buyer buyer) {
    int amount = 1 + random.nextInt(60_000);
    Optional<IdempotencyKey> key = key(buyer, "charge", amount);
    return node.charges
        .charge(new Charge(buyer.user(), new Won(amount), Till.CEILING, key))
        .map(reply -> note(reply, buyer, amount, key));
  }

  private synchronized ChargeReply note(
      ChargeReply reply, Buyer buyer, int amount, Optional<IdempotencyKey> key) {
    if (reply instanceof Charged done) {
      boolean first = key.isEmpty() || !answerOfKey.containsKey(key.get().id());
      if (first) {
        charged.merge(buyer.user().number(), (long) amount, Long::sum);
      }
      noteKey(key, done.balance(), done.replayed());
    }
    return reply;
  }

  private synchronized Future<?> refund(Till node) {
    if (billed.isEmpty()) {
      return Future.succeededFuture();
    }
    List<BillId> all =
        billed.keySet().stream().sorted((a, b) -> Long.compare(a.number(), b.number())).toList();
    BillId bill = all.get(random.nextInt(all.size()));
    Buyer buyer = Objects.requireNonNull(buyerOf.get(bill));
    Optional<IdempotencyKey> key = key(buyer, "refund", bill);
    Refund command =
        random.nextInt(4) == 0
            ? Till.operatorsRefund(bill, Till.CEILING)
            : new Refund(bill, Optional.of(buyer.user()), Optional.empty(), Till.CEILING, key);
    return node.refunds.refund(command).map(outcome -> note(outcome.reply()));
  }

  private synchronized RefundReply note(RefundReply reply) {
    if (reply instanceof Refunded done) {
      refunded.add(done.bill().id());
    }
    return reply;
  }

  /** Anyone who hears an effect of a key hears the same one as all others. */
  private void noteKey(Optional<IdempotencyKey> key, Object answer, boolean replayed) {
    key.ifPresent(
        sent -> {
          Object before = answerOfKey.putIfAbsent(sent.id(), answer);
          if (replayed && before != null) {
            assertThat(answer).as("seed %d", seed).isEqualTo(before);
          }
        });
  }

  /** Of three commands one has a new key, one a key that is sent often, one none. */
  private Optional<IdempotencyKey> key(Buyer buyer, Object... asked) {
    String body = Arrays.deepToString(asked);
    String name =
        switch (random.nextInt(3)) {
          case 0 -> "new " + random.nextLong();
          case 1 -> "often " + random.nextInt(30);
          default -> "";
        };
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(new IdempotencyKey(id(buyer.user() + name + asked[0]), id(body)));
  }

  private static UUID id(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void assertBooksAgree() {
    Set<BillId> inBooks = new HashSet<>();
    Set<BillId> refundedInBooks = new HashSet<>();
    for (var row :
        sql.query("select id, hold_id, created_at, refunded_at from bill", Tuple.tuple()).await()) {
      BillId id = new BillId(row.getLong("id"));
      inBooks.add(id);
      if (row.getOffsetDateTime("refunded_at") != null) {
        refundedInBooks.add(id);
      }
      assertThat(row.getOffsetDateTime("created_at").toInstant())
          .as("seed %d: %s was paid in time", seed, id)
          .isBefore(deadlineOfHold.get(row.getLong("hold_id")));
    }
    assertThat(inBooks).as("seed %d", seed).isEqualTo(billed.keySet()).hasSizeGreaterThan(50);
    assertThat(refundedInBooks).as("seed %d", seed).isEqualTo(refunded).hasSizeGreaterThan(20);
    for (Buyer buyer : buyers) {
      assertThat(
              database.number(
                  "select coalesce(sum(amount), 0) from ledger_entry where bill_id is null"
                      + " and user_number = "
                      + buyer.user().number()))
          .as("seed %d", seed)
          .isEqualTo(charged.getOrDefault(buyer.user().number(), 0L));
    }
  }
}
