package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.domain.Won;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.SeatStatus;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may hold nothing, and what nobody may hold. */
class HoldRefusalsIT extends OwnSale {
  @Test
  void boughtSeatsAndOtherSeatsOfTheSameCommandCountTowardTheLimit() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    ask(buyer, 0, 1);
    sale.sql(
        "update seat_claim set state = 2, deadline = null where schedule_id = ? and seat = 0",
        sale.schedule().number());

    assertThat(refusal(ask(buyer, 2, 3, 4))).isEqualTo(HoldRefusal.LIMIT_REACHED);
    assertThat(ask(buyer, 2, 3)).isInstanceOf(Held.class);
    assertThat(refusal(ask(buyer, 4))).isEqualTo(HoldRefusal.LIMIT_REACHED);
    assertThat(held(ask(buyer, 1, 2)).holds()).as("again, adds nothing").hasSize(2);
  }

  @Test
  void anotherDateHasALimitOfItsOwn() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    ask(buyer, 0, 1, 2, 3);

    assertThat(ask(sale.anotherDate(), buyer, 0, 1, 2, 3)).isInstanceOf(Held.class);
  }

  @Test
  void severalSeatsAreHeldAllOrNone() throws SQLException {
    var ann = sale.buyer(Won.ZERO);
    var ben = sale.buyer(Won.ZERO);
    ask(ann, 5);

    assertThat(ask(ben, 4, 5, 6))
        .isEqualTo(new NotHeld(HoldRefusal.SEAT_TAKEN, List.of(sale.seat(5))));
    assertThat(sale.claim(4).status()).isEqualTo(SeatStatus.FREE);
    assertThat(sale.claim(6).status()).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void onlyWhoHasALiveSessionInTheConcertsRoomMayHold() throws SQLException {
    var stranger = sale.stranger(Won.ZERO);
    var gone = sale.buyer(Won.ZERO);
    sale.sql(
        "update room_session set ended_at = clock_timestamp() where id = ?",
        gone.session().number());
    var over = sale.buyer(Won.ZERO);
    sale.sql(
        "update room_session set ends_at = clock_timestamp() where id = ?",
        over.session().number());
    var elsewhere = SaleFixture.create(connection, 1, PRICE).buyer(Won.ZERO);
    var admitted = sale.buyer(Won.ZERO);

    for (Buyer refused : List.of(stranger, gone, over, elsewhere)) {
      assertThat(refusal(ask(refused, 1))).isEqualTo(HoldRefusal.NOT_ADMITTED);
    }
    var wrongRoom =
        new Hold(RoomId.DEFAULT, admitted.user(), sale.schedule(), List.of(sale.seat(1)));
    assertThat(refusal(judged(wrongRoom).reply())).isEqualTo(HoldRefusal.NOT_ADMITTED);
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void onlyAScheduleOnSaleGivesSeats() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    for (String change :
        List.of(
            "state = 1",
            "state = 2",
            "opens_at = clock_timestamp() + interval '1 hour'",
            "closes_at = clock_timestamp()",
            "closes_at = null, starts_at = clock_timestamp()")) {
      var date = sale.anotherDate();
      date.sql("update schedule set " + change + " where id = ?", date.schedule().number());

      assertThat(refusal(ask(date, buyer, 0))).as(change).isEqualTo(HoldRefusal.NOT_ON_SALE);
    }
    var always = sale.anotherDate();
    always.sql(
        "update schedule set opens_at = null, closes_at = null where id = ?",
        always.schedule().number());
    assertThat(ask(always, buyer, 0)).isInstanceOf(Held.class);
    var late = sale.anotherDate();
    late.sql(
        "update schedule set starts_at = clock_timestamp() where id = ?", late.schedule().number());
    assertThat(ask(late, buyer, 0)).as("closes after the show begins").isInstanceOf(Held.class);
  }

  @Test
  void houseSeatsAndSeatsThatDoNotExistAreNotOnSale() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    sale.sql(
        "update seat_claim set state = 3 where schedule_id = ? and seat = 9",
        sale.schedule().number());

    assertThat(ask(buyer, 8, 9))
        .isEqualTo(new NotHeld(HoldRefusal.NOT_ON_SALE, List.of(sale.seat(9))));
    assertThat(ask(buyer, 8, 50))
        .isEqualTo(new NotHeld(HoldRefusal.NOT_ON_SALE, List.of(sale.seat(50))));
  }

  @Test
  void whoLosesASeatLearnsWhoHasIt() throws SQLException {
    var ann = sale.buyer(Won.ZERO);
    var ben = sale.buyer(Won.ZERO);
    var given = held(ask(ann, 5)).holds().get(0);

    assertThat(judged(sale.asking(ben, 5)).seatRows())
        .containsExactly(
            new SeatRow(
                5,
                SeatStatus.HELD,
                ann.user().number(),
                given.hold().fence(),
                given.deadline().toEpochMilli()));
  }
}
