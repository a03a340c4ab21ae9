package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.domain.Won;
import io.concert.postgres.CuttingProxy;
import io.concert.postgres.CuttingProxy.Cut;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.SaleFixture.Claim;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.KeyRefused;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.NotReleased;
import io.concert.reservation.api.ReservationMessages.Release;
import io.concert.reservation.api.ReservationMessages.Released;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.ReleaseBatch;
import io.concert.reservation.store.SeatClaims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * As {@code LostRepliesIT}: the COMMIT is done and its reply lost; the holder hears the verdict.
 */
class LostHoldRepliesIT extends OwnSale {
  private Vertx vertx;
  private CuttingProxy proxy;
  private SeatClaims cut;

  @BeforeEach
  void connect() throws SQLException {
    vertx = Vertx.vertx();
    proxy = CuttingProxy.before(vertx, database.url());
    cut =
        new SeatClaims(
            vertx,
            database.sql(vertx, proxy.url(), 2),
            new HoldSettings(HOLD),
            new SimpleMeterRegistry());
    Buyer first = sale.buyer(Won.ZERO);
    assertThat(cut.hold(sale.asking(first, 49)).await().reply()).isInstanceOf(Held.class);
    assertThat(release(first, 49, Optional.empty()).reply()).isInstanceOf(Released.class);
  }

  @AfterEach
  void disconnect() {
    int cuts = proxy.cuts();
    vertx.close().await();
    assertThat(cuts).isEqualTo(1);
  }

  private ReleaseBatch.Judged release(Buyer buyer, int seat, Optional<IdempotencyKey> key) {
    return cut.release(new Release(buyer.user(), sale.seat(seat), key)).await();
  }

  private static IdempotencyKey key() {
    return new IdempotencyKey(UUID.randomUUID(), UUID.randomUUID());
  }

  @Test
  void holderHearsOfTheHolds() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);

    proxy.cutOnce(Cut.BEFORE_REPLY);
    var judged = cut.hold(sale.asking(buyer, 5, 3)).await();

    Held held = (Held) judged.reply();
    assertThat(held.replayed()).isFalse();
    assertThat(held.holds()).extracting(HeldSeat::seat).containsExactly(sale.seat(5), sale.seat(3));
    for (HeldSeat hold : held.holds()) {
      Claim row = sale.claim(hold.seat().index());
      assertThat(row.user()).isEqualTo(buyer.user().number());
      assertThat(row.hold()).isEqualTo(hold.hold().fence());
      assertThat(row.deadlineMillis()).isEqualTo(hold.deadline().toEpochMilli());
    }
    assertThat(judged.seatRows()).hasSize(2);
    assertThat(ask(buyer, 5, 3)).as("asked again").isEqualTo(held);
  }

  @Test
  void holderWithAKeyHearsTheFirstAnswer() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);
    Hold plain = sale.asking(buyer, 5);
    var hold =
        new Hold(plain.room(), plain.user(), plain.schedule(), plain.seats(), Optional.of(key()));

    proxy.cutOnce(Cut.BEFORE_REPLY);
    Held held = held(cut.hold(hold).await().reply());

    assertThat(held.replayed()).isFalse();
    assertThat(judged(hold).reply()).isEqualTo(new Held(held.holds(), true));
  }

  @Test
  void whoCameTooLateHearsSo() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);
    assertThat(ask(sale.buyer(Won.ZERO), 7)).isInstanceOf(Held.class);

    proxy.cutOnce(Cut.BEFORE_REPLY);
    assertThat(cut.hold(sale.asking(buyer, 6, 7)).await().reply())
        .isEqualTo(new NotHeld(HoldRefusal.SEAT_TAKEN, List.of(sale.seat(7))));
    assertThat(sale.claim(6).status()).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void whoGivesBackHearsThatItIsDone() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);
    ask(buyer, 5);

    proxy.cutOnce(Cut.BEFORE_REPLY);
    var judged = release(buyer, 5, Optional.of(key()));

    assertThat(judged.reply()).isEqualTo(new Released(false));
    assertThat(judged.seatRows())
        .singleElement()
        .satisfies(row -> assertThat(row.fence()).isEqualTo(sale.claim(5).fence()));
  }

  @Test
  void whoHadNothingToGiveBackHearsSo() throws SQLException {
    proxy.cutOnce(Cut.BEFORE_REPLY);
    assertThat(release(sale.buyer(Won.ZERO), 5, Optional.empty()).reply())
        .isEqualTo(new NotReleased());
  }

  @Test
  void keyThatWasUsedForSomethingElseIsRefused() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);
    ask(buyer, 5);
    IdempotencyKey key = key();
    assertThat(
            node()
                .release(new Release(buyer.user(), sale.seat(5), Optional.of(key)))
                .await()
                .reply())
        .isEqualTo(new Released(false));

    proxy.cutOnce(Cut.BEFORE_REPLY);
    assertThat(
            release(buyer, 5, Optional.of(new IdempotencyKey(key.id(), UUID.randomUUID()))).reply())
        .isEqualTo(new KeyRefused(KeyRefusal.REUSED));
  }
}
