package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.KeyRefused;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.NotReleased;
import io.concert.reservation.api.ReservationMessages.NothingHeld;
import io.concert.reservation.api.ReservationMessages.Release;
import io.concert.reservation.api.ReservationMessages.ReleaseReply;
import io.concert.reservation.api.ReservationMessages.Released;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.store.HoldBatch;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.ReleaseBatch;
import io.concert.reservation.store.SeatClaims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds that are given back, holds with idempotency keys: what the database makes of them. */
class HoldKeysIT {
  private static TestDatabase database;
  private static Vertx vertx;
  private static Sql sql;

  private final UUID body = UUID.randomUUID();
  private final IdempotencyKey key = new IdempotencyKey(UUID.randomUUID(), body);
  private Connection connection;
  private SaleFixture sale;
  private SeatClaims claims;
  private Buyer ann;
  private Buyer ben;

  @BeforeAll
  static void startDatabase() {
    database = TestDatabase.create();
    vertx = Vertx.vertx();
    sql = database.sql(vertx);
  }

  @AfterAll
  static void stopDatabase() {
    vertx.close().await();
    database.close();
  }

  @BeforeEach
  void openSale() throws SQLException {
    connection = database.jdbc();
    sale = SaleFixture.create(connection, 50, new Won(88_000));
    claims = claims();
    ann = sale.buyer(Won.ZERO);
    ben = sale.buyer(Won.ZERO);
  }

  @AfterEach
  void closeSale() throws SQLException {
    connection.close();
  }

  private static SeatClaims claims() {
    var settings = new HoldSettings(Duration.ofMinutes(5));
    return new SeatClaims(vertx, sql, settings, new SimpleMeterRegistry());
  }

  @Test
  void aSeatGivenBackIsFreeForOthersAndNotExpired() throws SQLException {
    hold(ann, 3);
    long fence = sale.claim(3).fence();

    assertThat(release(ann, 3)).isEqualTo(new Released(false));

    var row = sale.claim(3);
    assertThat(row.status()).isEqualTo(SeatStatus.FREE);
    assertThat(row.fence()).isGreaterThan(fence);
    assertThat(row.expiredUser()).as("no expiry").isZero();
    assertThat(row.session()).isZero();
    assertThat(hold(ben, 3)).isInstanceOf(Held.class);
  }

  @Test
  void onlyAStandingHoldOfOnesOwnIsGivenBack() throws SQLException {
    hold(ann, 1, 2, 3);
    sale.passDeadline(1);
    sale.sql(
        "update seat_claim set state = 2, deadline = null where schedule_id = ? and seat = 2",
        sale.schedule().number());

    assertThat(release(ann, 1)).as("past its deadline").isEqualTo(new NotReleased());
    assertThat(release(ann, 2)).as("paid").isEqualTo(new NotReleased());
    assertThat(release(ben, 3)).as("another's").isEqualTo(new NotReleased());
    assertThat(release(ann, 4)).as("free").isEqualTo(new NotReleased());
    assertThat(release(ann, 50)).as("no seat").isEqualTo(new NotReleased());
    assertThat(sale.claim(3).user()).isEqualTo(ann.user().number());
    assertThat(release(ann, 3)).isEqualTo(new Released(false));
    assertThat(release(ann, 3)).as("again").isEqualTo(new NotReleased());
  }

  @Test
  void aSessionLastsAsLongAsWhatItStillHolds() throws SQLException {
    sale.sql(
        "update room_session set ends_at = clock_timestamp() + interval '1 min', lasts_until = "
            + "clock_timestamp() + interval '1 min' where id = ?",
        ann.session().number());
    hold(ann, 1);
    var other = sale.anotherDate();
    var last = held(hold(asking(other, ann, Optional.empty(), 7))).holds().get(0);
    assertThat(release(ann, 1)).isEqualTo(new Released(false));
    assertThat(lastsUntil(ann)).isEqualTo(last.deadline().toEpochMilli());

    assertThat(claims.release(new Release(ann.user(), last.seat(), Optional.empty())).await())
        .extracting(ReleaseBatch.Judged::reply)
        .isEqualTo(new Released(false));

    assertThat(lastsUntil(ann))
        .isEqualTo(
            database.number(
                "select (extract(epoch from ends_at) * 1000)::bigint from room_session where id = "
                    + ann.session().number()));
  }

  private static long lastsUntil(Buyer buyer) {
    return database.number(
        "select (extract(epoch from lasts_until) * 1000)::bigint from room_session where id = "
            + buyer.session().number());
  }

  @Test
  void aRepeatHearsWhatTheFirstWasAnsweredAlsoWhenTheSeatIsAnothers() throws SQLException {
    var first = held(hold(ann, key, 4, 2));
    sale.passDeadline(2, 4);
    var bens = held(hold(ben, 2));

    var again = hold(ann, key, 4, 2);

    assertThat(again).isEqualTo(new Held(first.holds(), true));
    assertThat(first.holds())
        .extracting(HeldSeat::seat)
        .as("the order asked")
        .containsExactly(sale.seat(4), sale.seat(2));
    assertThat(sale.claim(2).hold()).isEqualTo(bens.holds().get(0).hold().fence());
    assertThat(sale.claim(4).status()).as("as the first left it").isEqualTo(SeatStatus.HELD);
    assertThat(claims.records().recall(key).await()).isEqualTo(again);
  }

  @Test
  void aRepeatTellsTheSeatMapNothing() throws SQLException {
    assertThat(judged(asking(sale, ann, Optional.of(key), 4)).seatRows()).hasSize(1);
    assertThat(judged(asking(sale, ann, Optional.of(key), 4)).seatRows()).isEmpty();
  }

  @Test
  void aHoldThatWasThereBeforeIsKeptUnderItsKeyToo() throws SQLException {
    hold(ann, 4);
    var keyed = held(hold(ann, key, 4));
    release(ann, 4);

    assertThat(hold(ann, key, 4)).isEqualTo(new Held(keyed.holds(), true));
    assertThat(sale.claim(4).status()).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void aRefusalIsNotKept() throws SQLException {
    hold(ben, 4);
    assertThat(hold(ann, key, 4)).isInstanceOf(NotHeld.class);
    assertThat(claims.records().recall(key).await()).isEqualTo(new NothingHeld());
    release(ben, 4);

    assertThat(hold(ann, key, 4)).isInstanceOfSatisfying(Held.class, h -> fresh(h));
  }

  @Test
  void aKeyWithAnotherBodyIsRefused() throws SQLException {
    hold(ann, key, 4);
    var reused = new IdempotencyKey(key.id(), UUID.randomUUID());

    assertThat(hold(ann, reused, 5)).isEqualTo(new KeyRefused(KeyRefusal.REUSED));
    assertThat(claims.records().recall(reused).await())
        .isEqualTo(new KeyRefused(KeyRefusal.REUSED));
    assertThat(sale.claim(5).status()).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void aKeyInFlightIsRefusedAtOnceAndHarmsNoNeighbour() throws Exception {
    try (Connection first = database.jdbc()) {
      first.setAutoCommit(false);
      try (var lock = first.createStatement()) {
        lock.execute("select pg_advisory_xact_lock(key_lock('%s'))".formatted(key.id()));
      }
      var asked =
          List.of(asking(sale, ann, Optional.of(key), 4), asking(sale, ben, Optional.empty(), 5));

      var judged = HoldBatch.judged(asked, call(asked));

      assertThat(judged.get(0).reply()).isEqualTo(new KeyRefused(KeyRefusal.IN_FLIGHT));
      assertThat(judged.get(1).reply()).isInstanceOf(Held.class);
      assertThat(claims.release(new Release(ben.user(), sale.seat(5), Optional.of(key))).await())
          .isEqualTo(new ReleaseBatch.Judged(new KeyRefused(KeyRefusal.IN_FLIGHT), List.of()));
      first.rollback();
    }
    assertThat(hold(ann, key, 4)).isInstanceOf(Held.class);
  }

  @Test
  void twoNodesAtOnceHaveOneEffect() throws SQLException {
    for (int round = 0; round < 20; round++) {
      var buyer = sale.buyer(Won.ZERO);
      var date = sale.anotherDate();
      var shared = Optional.of(new IdempotencyKey(UUID.randomUUID(), body));
      var asked = new ArrayList<Future<HoldBatch.Judged>>();
      // As the best seats of two moments: the same request, other candidates.
      for (int node = 0; node < 4; node++) {
        asked.add(claims().hold(asking(date, buyer, shared, node)));
      }
      var replies = asked.stream().map(judged -> judged.await().reply()).toList();

      var held = replies.stream().filter(Held.class::isInstance).map(Held.class::cast).toList();
      assertThat(held.stream().filter(reply -> !reply.replayed())).hasSize(1);
      assertThat(held.stream().map(Held::holds).distinct()).hasSize(1);
      assertThat(replies)
          .allMatch(r -> r instanceof Held || r.equals(new KeyRefused(KeyRefusal.IN_FLIGHT)));
      assertThat(date.claims().stream().filter(claim -> claim.user() != 0)).hasSize(1);
    }
  }

  @Test
  void aReleaseIsDoneOnceAndNotAgainForItsKey() throws SQLException {
    hold(ann, 4);
    var release = new Release(ann.user(), sale.seat(4), Optional.of(key));
    assertThat(claims.release(release).await().reply()).isEqualTo(new Released(false));
    hold(ann, 4);

    assertThat(claims.release(release).await().reply()).isEqualTo(new Released(true));
    assertThat(sale.claim(4).user()).as("held anew").isEqualTo(ann.user().number());
    var reused = new IdempotencyKey(key.id(), UUID.randomUUID());
    assertThat(
            claims
                .release(new Release(ann.user(), sale.seat(4), Optional.of(reused)))
                .await()
                .reply())
        .isEqualTo(new KeyRefused(KeyRefusal.REUSED));
  }

  @Test
  void aBatchThatTouchesAUserOrASeatTwiceIsThrownOut() {
    for (var batch :
        List.of(
            List.of(asking(sale, ann, Optional.empty(), 1), asking(sale, ann, Optional.empty(), 2)),
            List.of(
                asking(sale, ann, Optional.empty(), 1), asking(sale, ben, Optional.empty(), 1)))) {
      assertThat(
              sql.query(CALL, HoldBatch.arguments(batch, Duration.ofMinutes(5)))
                  .otherwiseEmpty()
                  .await())
          .isNull();
    }
  }

  @Test
  void standingHoldsAreListedByDeadline() throws SQLException {
    var other = sale.anotherDate();
    var second = held(hold(ann, 1, 2)).holds();
    var last = held(hold(asking(other, ann, Optional.empty(), 0))).holds();
    hold(ann, 3);
    sale.passDeadline(3);
    hold(ben, 4);

    var listed = claims.records().holdsOf(ann.user()).await().holds();

    assertThat(listed).containsExactly(second.get(0), second.get(1), last.get(0));
    assertThat(claims.records().holdsOf(new UserId(999_999)).await().holds()).isEmpty();
  }

  private static final String CALL = "select * from hold_seats($1, $2, $3, $4, $5, $6, $7, $8)";

  private static Iterable<io.vertx.sqlclient.Row> call(List<Hold> holds) {
    return sql.query(CALL, HoldBatch.arguments(holds, Duration.ofMinutes(5))).await();
  }

  private static void fresh(Held held) {
    assertThat(held.replayed()).isFalse();
  }

  private HoldBatch.Judged judged(Hold hold) {
    return claims.hold(hold).await();
  }

  private HoldReply hold(Hold hold) {
    return judged(hold).reply();
  }

  @CanIgnoreReturnValue
  private HoldReply hold(Buyer buyer, int... seats) {
    return hold(asking(sale, buyer, Optional.empty(), seats));
  }

  @CanIgnoreReturnValue
  private HoldReply hold(Buyer buyer, IdempotencyKey key, int... seats) {
    return hold(asking(sale, buyer, Optional.of(key), seats));
  }

  @CanIgnoreReturnValue
  private ReleaseReply release(Buyer buyer, int seat) {
    var release = new Release(buyer.user(), sale.seat(seat), Optional.empty());
    return claims.release(release).await().reply();
  }

  private static Hold asking(
      SaleFixture date, Buyer buyer, Optional<IdempotencyKey> key, int... seats) {
    var wanted = IntStream.of(seats).mapToObj(date::seat).toList();
    return new Hold(date.room(), buyer.user(), date.schedule(), wanted, key);
  }

  private static Held held(HoldReply reply) {
    assertThat(reply).isInstanceOf(Held.class);
    return (Held) reply;
  }
}
