package io.concert.reservation;

import static io.concert.Patience.letPass;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.domain.Won;
import io.concert.queue.api.QueueMessages.SessionEnded;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.SaleFixture.Claim;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.EndSession;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.LookAtSeats;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.Noted;
import io.concert.reservation.api.SeatStatus;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leaving with a session, from the bus to PostgreSQL. */
class SessionEndsIT extends LeavingFixture {
  @Test
  void whoLeavesGivesSlotAndSeatsToOthersAtOnce() throws Exception {
    Buyer leaving = sale.buyer(Won.ZERO);
    Buyer staying = sale.buyer(Won.ZERO);
    assertThat(hold(leaving, 1, 2)).isInstanceOf(Held.class);
    assertThat(hold(staying, 3)).isInstanceOf(Held.class);
    long fence = sale.claim(1).fence();

    assertThat(end(leaving)).isEqualTo(new Noted());

    assertThat(live(leaving)).isFalse();
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.FREE);
    assertThat(sale.claim(1).fence()).isGreaterThan(fence);
    assertThat(sale.claim(1).user()).isZero();
    assertThat(sale.claim(1).expiredUser()).isZero();
    assertThat(sale.claim(3).status()).isEqualTo(SeatStatus.HELD);
    assertThat(told)
        .containsExactly(new SessionEnded(sale.room(), leaving.user(), leaving.session()));
    letPass(Duration.ofMillis(150)); // Or what was seen before is still shown.
    var seen =
        node.bus
            .request(ReservationMessages.LOOK_AT_SEATS, new LookAtSeats(sale.schedule()))
            .await();
    assertThat(seen.free()).as("nobody had to ask the database").isEqualTo(49);
    assertThat(hold(staying, 1, 2)).isInstanceOf(Held.class);
    assertThat(hold(leaving, 4)).isEqualTo(new NotHeld(HoldRefusal.NOT_ADMITTED, List.of()));
  }

  @Test
  void leavingAgainChangesNothing() throws SQLException {
    Buyer leaving = sale.buyer(Won.ZERO);
    assertThat(hold(leaving, 1)).isInstanceOf(Held.class);
    end(leaving);
    List<Claim> claims = sale.claims();
    long endedAt = endedAt(leaving);

    assertThat(end(leaving)).isEqualTo(new Noted());

    assertThat(sale.claims()).isEqualTo(claims);
    assertThat(endedAt(leaving)).isEqualTo(endedAt);
  }

  @Test
  void onlyTheOwnerEndsASession() throws SQLException {
    Buyer ann = sale.buyer(Won.ZERO);
    Buyer ben = sale.buyer(Won.ZERO);
    assertThat(hold(ann, 1)).isInstanceOf(Held.class);

    for (EndSession wrong :
        List.of(
            new EndSession(sale.room(), ben.user(), ann.session()),
            new EndSession(RoomId.DEFAULT, ann.user(), ann.session()),
            new EndSession(sale.room(), ann.user(), new SessionId(Long.MAX_VALUE)))) {
      assertThat(node.bus.request(ReservationMessages.END_SESSION, wrong).await())
          .isEqualTo(new Noted());
    }

    assertThat(live(ann)).isTrue();
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.HELD);
    assertThat(told).isEmpty();
  }

  @Test
  void boughtSeatsStay() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1, 2)).isInstanceOf(Held.class);
    assertThat(pay(buyer, 1).await()).isZero();

    end(buyer);

    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.SOLD);
    assertThat(sale.claim(1).user()).isEqualTo(buyer.user().number());
    assertThat(sale.claim(2).status()).isEqualTo(SeatStatus.FREE);
  }

  /** 4: not held by the user, 5: held past the deadline, 6: not admitted. */
  @Test
  void paymentForWhatWasGivenBackIsToldThatThereIsNoHold() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1)).isInstanceOf(Held.class);
    sale.passDeadline(1);
    assertThat(hold(buyer, 1)).as("held anew after it expired").isInstanceOf(Held.class);
    assertThat(sale.claim(1).expiredUser()).isEqualTo(buyer.user().number());
    end(buyer);

    assertThat(pay(buyer, 1).await()).isEqualTo(NOT_ADMITTED);
    assertThat(sale.admit(buyer).user()).isEqualTo(buyer.user());
    assertThat(pay(buyer, 1).await()).isEqualTo(NOT_HELD);
  }

  @Test
  void holdThatHadExpiredByThenHasExpired() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1)).isInstanceOf(Held.class);
    sale.passDeadline(1);
    // The hold expiry may have freed it before; either way it says the same.
    end(buyer);

    assertThat(sale.claim(1).expiredUser()).isEqualTo(buyer.user().number());
    assertThat(pay(buyer, 1).await()).isEqualTo(EXPIRED);
  }
}
