package io.concert.reservation;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.layout.Layout;
import io.concert.domain.Fault;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.Release;
import io.concert.reservation.api.ReservationMessages.Released;
import io.concert.reservation.seatmap.SeatMap;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Everything that changes claims at once, from two nodes, at random. */
class HoldChaosIT {
  private static final int SEATS = 40;
  private static final int BUYERS = 25;
  private static final int ROUNDS = 15;

  @Test
  void holdsReleasesExpiriesAndEndsLeaveSeatMapAndDatabaseAlike() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("HoldChaosIT -Dseed=" + seed);
    try (var database = TestDatabase.create();
        var connection = database.jdbc();
        var cluster = new TwoNodes(database, Duration.ofMillis(900), Layout.EMPTY)) {
      var sale = SaleFixture.create(connection, SEATS, new Won(88_000));
      var run = new Run(new Random(seed), cluster, List.of(sale, sale.anotherDate()));

      // On a busy machine the first look of a new cluster may take longer than a command waits.
      run.dates.forEach(
          date ->
              until(
                  () ->
                      cluster
                          .node(0)
                          .views
                          .look(date.schedule())
                          .map(true)
                          .otherwise(false)
                          .await()));

      for (int round = 0; round < ROUNDS; round++) {
        run.round();
        assertThat(
                database.number(
                    """
                    select count(*) from (
                      select from seat_claim
                      where state = 1 and deadline > clock_timestamp()
                      group by user_number, schedule_id having count(*) > 4) too_many
                    """))
            .isZero();
        assertThat(
                database.number(
                    """
                    select count(*) from seat_claim c join room_session s on s.id = c.session_id
                    where c.state = 1 and (s.lasts_until < c.deadline or s.ended_at is not null)
                    """))
            .as("a hold keeps its session")
            .isZero();
      }
      run.assertMapsAreAsTheDatabase();

      letPass(Duration.ofMillis(1_200)); // Statistics are told a second late.
      assertThat(cluster.deadlocks()).isZero();
      System.out.println("held " + run.held + " released " + run.released + " ended " + run.ended);
      assertThat(List.of(run.held, run.released, run.ended))
          .as("enough happened")
          .allMatch(count -> count.get() > 20);
    }
  }

  private static final class Run {
    private final Random random;
    private final TwoNodes cluster;
    private final List<SaleFixture> dates;
    private final List<Buyer> buyers;
    private final List<IdempotencyKey> keys = new ArrayList<>();
    private final Queue<Held> standing = new ConcurrentLinkedQueue<>();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    Run(Random random, TwoNodes cluster, List<SaleFixture> dates) throws SQLException {
      this.random = random;
      this.cluster = cluster;
      this.dates = dates;
      this.buyers = new ArrayList<>(dates.get(0).buyers(BUYERS, Won.ZERO));
      for (int i = 0; i < 200; i++) {
        keys.add(new IdempotencyKey(UUID.randomUUID(), UUID.randomUUID()));
      }
    }

    void round() throws SQLException {
      var work = new ArrayList<Future<?>>();
      var leaving = new ArrayList<Integer>();
      for (int i = 0; i < 120; i++) {
        var node = cluster.node(random.nextInt(2));
        var date = dates.get(random.nextInt(2));
        int who = random.nextInt(BUYERS);
        Buyer buyer = buyers.get(who);
        switch (random.nextInt(40)) {
          case 0 -> {
            if (!leaving.contains(who)) {
              leaving.add(who);
              work.add(end(node, buyer));
            }
          }
          case 1, 2, 3, 4 -> work.add(node.expiry.freeDue());
          case 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 ->
              work.add(node.service.release(anyRelease(date, buyer)).onSuccess(this::note));
          default -> work.add(node.service.hold(anyHold(date, buyer)).onSuccess(this::note));
        }
      }
      // Anyone who was about to be judged when a connection was short is no failure of the rules.
      Future.join(work)
          .recover(
              failure ->
                  Fault.of(failure).kind() == Fault.Kind.OVERLOADED
                      ? Future.succeededFuture()
                      : Future.failedFuture(failure))
          .await();
      for (int who : leaving) {
        buyers.set(who, dates.get(0).admit(buyers.get(who)));
        var unused = ended.incrementAndGet();
      }
    }

    private void note(Object reply) {
      if (reply instanceof Held given) {
        var unused = held.incrementAndGet();
        standing.add(given);
      } else if (reply instanceof Released) {
        var unused = released.incrementAndGet();
      }
    }

    /** Mostly of what was held lately, by anybody. */
    private Release anyRelease(SaleFixture date, Buyer buyer) throws SQLException {
      var lately = standing.poll();
      var seat = lately == null ? date.seat(random.nextInt(SEATS)) : lately.holds().get(0).seat();
      for (SaleFixture one : dates) {
        if (one.schedule().equals(seat.schedule()) && one.claim(seat.index()).user() != 0) {
          return new Release(new UserId(one.claim(seat.index()).user()), seat, Optional.empty());
        }
      }
      return new Release(buyer.user(), seat, Optional.empty());
    }

    private Future<?> end(TwoNodes.Node node, Buyer buyer) {
      return node.sql.query(
          "select * from end_session($1, $2, $3)",
          Tuple.of(dates.get(0).room().name(), buyer.user().number(), buyer.session().number()));
    }

    private Hold anyHold(SaleFixture date, Buyer buyer) {
      var seats =
          random
              .ints(0, SEATS)
              .distinct()
              .limit(1 + random.nextInt(3))
              .mapToObj(date::seat)
              .toList();
      Optional<IdempotencyKey> key =
          random.nextInt(3) == 0
              ? Optional.of(keys.get(random.nextInt(keys.size())))
              : Optional.empty();
      return new Hold(date.room(), buyer.user(), date.schedule(), seats, key);
    }

    /** As the rounds of two running nodes, which notice within a second which maps they own. */
    void assertMapsAreAsTheDatabase() throws Exception {
      letPass(Duration.ofMillis(SeatMap.CLAIM_MILLIS)); // Marks that nobody settled run out.
      cluster.node(0).expiry.freeDue().await();
      for (int second = 0; second < 3; second++) {
        cluster.reconcile();
        letPass(Duration.ofSeconds(1));
      }
      for (SaleFixture date : dates) {
        var seen = cluster.node(1).seen(date.schedule());
        for (var claim : date.claims()) {
          assertThat(seen.status(claim.seat()))
              .as("seat " + claim.seat())
              .isEqualTo(claim.status());
        }
      }
    }
  }
}
