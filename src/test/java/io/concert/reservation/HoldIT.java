package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Won;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages.HeldSeat;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A hold, from its beginning to its deadline. */
class HoldIT extends OwnSale {
  @Test
  void askedAgainTheHolderGetsTheSameHold() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    var first = held(ask(buyer, 7));

    assertThat(ask(buyer, 7)).isEqualTo(first);
    var wider = held(ask(buyer, 8, 7));
    assertThat(wider.holds())
        .extracting(HeldSeat::seat)
        .containsExactly(sale.seat(8), sale.seat(7));
    assertThat(wider.holds().get(1)).isEqualTo(first.holds().get(0));
  }

  @Test
  void aSeatPastItsDeadlineGoesToTheNextWhoAsks() throws SQLException {
    var late = sale.buyer(Won.ZERO);
    var next = sale.buyer(Won.ZERO);
    long first = held(ask(late, 7)).holds().get(0).hold().fence();
    assertThat(refusal(ask(next, 7))).isEqualTo(HoldRefusal.SEAT_TAKEN);

    sale.passDeadline(7);

    var second = held(ask(next, 7)).holds().get(0);
    assertThat(second.hold().fence()).isGreaterThan(first);
    assertThat(sale.claim(7).user()).isEqualTo(next.user().number());
  }

  @Test
  void aHoldThatRanOutIsHeldAnewByItsFormerHolder() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    var first = held(ask(buyer, 7)).holds().get(0);
    sale.passDeadline(7);

    var second = held(ask(buyer, 7)).holds().get(0);

    assertThat(second.hold().fence()).isGreaterThan(first.hold().fence());
    assertThat(second.deadline()).isAfterOrEqualTo(first.deadline());
  }

  @Test
  void aHoldKeepsItsSessionUntilItsDeadline() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    sale.sql(
        "update room_session set ends_at = ends_at - interval '9 min', lasts_until = ends_at - "
            + "interval '9 min' where id = ?",
        buyer.session().number());

    var deadline = held(ask(buyer, 7)).holds().get(0).deadline();

    assertThat(
            database.number(
                "select (extract(epoch from lasts_until) * 1000)::bigint from room_session where id = "
                    + buyer.session().number()))
        .isEqualTo(deadline.toEpochMilli());
  }

  @Test
  void aHoldIsAFirstActionAndKeepsItsSession() throws SQLException {
    var acting = sale.buyer(Won.ZERO);
    var idle = sale.buyer(Won.ZERO);
    ask(acting, 7);
    sale.sql(
        "update room_session set act_by = clock_timestamp() where room_id = ?", sale.room().name());

    sale.sql("create temp table due as select * from end_due_sessions()");

    assertThat(ended(acting)).isFalse();
    assertThat(ended(idle)).isTrue();
    sale.sql("drop table due");
  }

  private boolean ended(Buyer buyer) {
    return database.number(
            "select count(*) from room_session where ended_at is not null and id = "
                + buyer.session().number())
        == 1;
  }
}
