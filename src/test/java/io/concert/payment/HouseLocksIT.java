package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.bus.VertxBus;
import io.concert.domain.Actor;
import io.concert.domain.Won;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.SaleFixture.Claim;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.house.HouseReply;
import io.concert.reservation.house.HouseReply.Refusal;
import io.concert.reservation.house.HouseReply.Refused;
import io.concert.reservation.house.HouseReply.Taken;
import io.concert.reservation.house.HouseSeats;
import io.concert.reservation.house.HouseSeats.Chosen;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An operator's command comes while a buyer's isn't committed yet: it waits, and is judged by what
 * the buyer's has left. {@link HouseRaceIT} has the same by chance.
 */
class HouseLocksIT extends LedgerFixture {
  private static final Actor OLGA = new Actor("olga", "operator", "request-1");
  private static final int SEAT = 3;

  private HouseSeats house;
  private Connection buying;

  @BeforeEach
  void open() throws SQLException {
    house = new HouseSeats(sql, new VertxBus(vertx));
    buying = database.jdbc();
    buying.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    buying.close();
  }

  @Test
  void seatIsNotBlockedUnderAHoldThatIsBeingGiven() throws SQLException {
    Buyer buyer = sale.buyer(PRICE);
    assertThat(heldBy(buyer)).isZero();
    Future<HouseReply> block = block();
    database.awaitLockedOut(block);
    buying.commit();

    assertThat(block.await()).isEqualTo(new Taken(List.of(sale.seat(SEAT)), 1, 0));
    Claim claim = sale.claim(SEAT);
    assertThat(claim.status()).isEqualTo(SeatStatus.HELD);
    assertThat(claim.user()).isEqualTo(buyer.user().number());
    assertThat(database.number("select count(*) from seat_block where schedule_id = " + date()))
        .isZero();
  }

  @Test
  void holdThatBeganMeanwhileIsNotTheOneToEnd() throws SQLException {
    Buyer first = holder(0, SEAT);
    Buyer second = sale.buyer(PRICE);
    assertThat(givenBackBy(first)).isZero();
    assertThat(heldBy(second)).isZero();
    assertThat(endedOnceCommitted()).isEqualTo(new Refused(Refusal.NO_HOLD));

    Claim claim = sale.claim(SEAT);
    assertThat(claim.status()).isEqualTo(SeatStatus.HELD);
    assertThat(claim.user()).isEqualTo(second.user().number());
  }

  /** The same person's next hold is another one, too, though the session is the same. */
  @Test
  void nextHoldOfTheSamePersonIsNotTheOneToEnd() throws SQLException {
    Buyer buyer = holder(0, SEAT);
    assertThat(givenBackBy(buyer)).isZero();
    assertThat(heldBy(buyer)).isZero();
    assertThat(endedOnceCommitted()).isEqualTo(new Refused(Refusal.NO_HOLD));
    assertThat(sale.claim(SEAT).status()).isEqualTo(SeatStatus.HELD);
  }

  @Test
  void holdThatIsBeingPaidIsNotEnded() throws SQLException {
    Buyer buyer = holder(PRICE.amount(), SEAT);
    assertThat(
            verdict(
                """
                select verdict from pay_for_seats('{0}', '{%d}', '{%s}', '{%d}', '{%d}', '{%d}',
                  array[null]::uuid[], array[null]::uuid[], true)
                """
                    .formatted(
                        buyer.user().number(), sale.room().name(), date(), SEAT, PRICE.amount())))
        .isZero();
    assertThat(endedOnceCommitted()).isEqualTo(new Refused(Refusal.NO_HOLD));
    assertThat(sale.claim(SEAT).status()).isEqualTo(SeatStatus.SOLD);
    assertThat(till.balance(buyer)).isEqualTo(Won.ZERO);
  }

  /** Its end is its deadline's then: that is told as an event, and free_due_claims does so. */
  @Test
  void holdThatCameToItsDeadlineMeanwhileIsNotEnded() throws SQLException {
    Buyer holder = holder(0, SEAT);
    try (Statement statement = buying.createStatement()) {
      statement.execute(
          "select from room_session where id = " + holder.session().number() + " for update");
    }
    Future<HouseReply> end = house.endHold(sale.seat(SEAT), OLGA);
    database.awaitLockedOut(end);
    sale.passDeadline(SEAT);
    buying.commit();

    assertThat(end.await()).isEqualTo(new Refused(Refusal.NO_HOLD));
    assertThat(sale.claim(SEAT).status()).isEqualTo(SeatStatus.HELD);
  }

  /** The command begins before the commit and goes on after it. */
  private HouseReply endedOnceCommitted() throws SQLException {
    Future<HouseReply> end = house.endHold(sale.seat(SEAT), OLGA);
    database.awaitLockedOut(end);
    buying.commit();
    return end.await();
  }

  private Future<HouseReply> block() {
    String version =
        String.format(
            "%016x",
            database.number(
                """
                select ('x' || encode(substring(l.digest from 1 for 8), 'hex'))::bit(64)::bigint
                from layout l join schedule s on s.layout_id = l.id where s.id = %d
                """
                    .formatted(date())));
    return house.block(
        new Chosen(sale.schedule(), version, List.of(SEAT), new JsonObject()),
        Optional.empty(),
        OLGA);
  }

  private int heldBy(Buyer buyer) throws SQLException {
    return verdict(
        """
        select verdict from hold_seats(null, null, '{%s}', '{%d}', '{%d}', '{0}', '{%d}', 60000)
        """
            .formatted(sale.room().name(), buyer.user().number(), date(), SEAT));
  }

  private int givenBackBy(Buyer buyer) throws SQLException {
    return verdict(
        "select verdict from release_seats(null, null, '{%d}', '{%d}', '{%d}')"
            .formatted(buyer.user().number(), date(), SEAT));
  }

  /** Of the buyer's connection, which doesn't commit. */
  private int verdict(String call) throws SQLException {
    try (Statement statement = buying.createStatement();
        ResultSet row = statement.executeQuery(call)) {
      row.next();
      return row.getInt(1);
    }
  }

  private long date() {
    return sale.schedule().number();
  }
}
