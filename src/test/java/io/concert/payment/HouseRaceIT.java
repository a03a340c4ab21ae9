package io.concert.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.bus.Bus;
import io.concert.bus.VertxBus;
import io.concert.domain.Actor;
import io.concert.domain.Fault;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.NotPaid;
import io.concert.payment.PaymentMessages.Paid;
import io.concert.payment.PaymentMessages.PayRefusal;
import io.concert.payment.PaymentMessages.PayReply;
import io.concert.reservation.SaleFixture;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.SaleFixture.Claim;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.house.HouseReply;
import io.concert.reservation.house.HouseReply.Done;
import io.concert.reservation.house.HouseReply.HoldEnded;
import io.concert.reservation.house.HouseReply.Refusal;
import io.concert.reservation.house.HouseReply.Refused;
import io.concert.reservation.house.HouseReply.Taken;
import io.concert.reservation.house.HouseSeats;
import io.concert.reservation.house.HouseSeats.Chosen;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.SeatClaims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operators and buyers at the same seats at the same time: one of them has each, and both know. */
class HouseRaceIT extends LedgerFixture {
  private static final Actor OLGA = new Actor("olga", "operator", "request-1");
  private static final int SEATS = 20;
  private static final int ROUNDS = 6;

  private static Bus bus;

  private HouseSeats house;
  private String version = "";
  private SeatClaims claims;

  /** Without a seat map to tell: only the database decides here. */
  @BeforeAll
  static void takeTheBus() {
    bus = new VertxBus(vertx);
  }

  @BeforeEach
  void open() {
    house = new HouseSeats(sql, bus);
    // Of all dates of this sale.
    version =
        String.format(
            "%016x",
            database.number(
                """
                select ('x' || encode(substring(l.digest from 1 for 8), 'hex'))::bit(64)::bigint
                from layout l join schedule s on s.layout_id = l.id where s.id = %d
                """
                    .formatted(sale.schedule().number())));
    claims =
        new SeatClaims(
            vertx, sql, new HoldSettings(Duration.ofMinutes(5)), new SimpleMeterRegistry());
  }

  private Chosen chosen(SaleFixture date, Integer... seats) {
    return new Chosen(date.schedule(), version, List.of(seats), new JsonObject());
  }

  private Future<HouseReply> block(SaleFixture date, int seat) {
    return house.block(chosen(date, seat), Optional.of("x"), OLGA);
  }

  private void assertBlocksAreWrittenDown() {
    assertThat(
            database.number(
                """
                select count(*) from seat_claim c
                full join seat_block b on b.schedule_id = c.schedule_id and b.seat = c.seat
                where (c.state = 3) is distinct from (b.seat is not null)
                """))
        .isZero();
  }

  @Test
  void seatIsHeldOrBlockedNeverBoth() throws SQLException {
    int held = 0;
    for (int round = 0; round < ROUNDS; round++) {
      SaleFixture date = sale.anotherDate();
      List<Buyer> buyers = sale.buyers(SEATS, PRICE);
      List<Future<HoldReply>> holds = new ArrayList<>();
      List<Future<HouseReply>> blocks = new ArrayList<>();
      for (int seat = 0; seat < SEATS; seat++) {
        if (seat % 2 == 0) {
          blocks.add(block(date, seat));
        }
        holds.add(claims.hold(date.asking(buyers.get(seat), seat)).map(judged -> judged.reply()));
        if (seat % 2 == 1) {
          blocks.add(block(date, seat));
        }
      }
      for (int seat = 0; seat < SEATS; seat++) {
        HoldReply hold = holds.get(seat).await();
        HouseReply block = blocks.get(seat).await();
        held += assertOneHasIt(date.claim(seat), hold, block);
      }
    }
    assertThat(held)
        .as("of %s; both must be seen", ROUNDS * SEATS)
        .isBetween(1, ROUNDS * SEATS - 1);
    assertBlocksAreWrittenDown();
  }

  /**
   * @return 1 if the buyer has it
   */
  private static int assertOneHasIt(Claim claim, HoldReply hold, HouseReply block) {
    if (hold instanceof Held) {
      assertThat(claim.status()).isEqualTo(SeatStatus.HELD);
      assertThat(block)
          .isInstanceOfSatisfying(Taken.class, taken -> assertThat(taken.held()).isOne());
      return 1;
    }
    assertThat(((NotHeld) hold).reason()).isEqualTo(HoldRefusal.NOT_ON_SALE);
    assertThat(claim.status()).isEqualTo(SeatStatus.NOT_FOR_SALE);
    assertThat(block).isEqualTo(new Done(1, 1, false));
    return 0;
  }

  @Test
  void holdIsPaidOrEndedNeverBoth() throws SQLException {
    int paid = 0;
    for (int round = 0; round < ROUNDS; round++) {
      sale = sale.anotherDate();
      till = new Till(vertx, sql, sale, round % 2 == 0);
      List<Buyer> buyers = sale.buyers(SEATS, PRICE);
      for (int seat = 0; seat < SEATS; seat++) {
        hold(buyers.get(seat), seat);
      }
      List<Future<PayReply>> payments = new ArrayList<>();
      List<Future<HouseReply>> ends = new ArrayList<>();
      for (int seat = 0; seat < SEATS; seat++) {
        if (seat % 2 == 0) {
          ends.add(house.endHold(sale.seat(seat), OLGA));
        }
        payments.add(till.payments.pay(till.command(buyers.get(seat), seat)).map(o -> o.reply()));
        if (seat % 2 == 1) {
          ends.add(house.endHold(sale.seat(seat), OLGA));
        }
      }
      for (int seat = 0; seat < SEATS; seat++) {
        Buyer buyer = buyers.get(seat);
        paid += assertPaidOrEnded(buyer, seat, payments.get(seat).await(), ends.get(seat).await());
      }
    }
    assertThat(paid)
        .as("of %s; both must be seen", ROUNDS * SEATS)
        .isBetween(1, ROUNDS * SEATS - 1);
  }

  /**
   * @return 1 if it is paid
   */
  private int assertPaidOrEnded(Buyer buyer, int seat, PayReply payment, HouseReply end)
      throws SQLException {
    Claim claim = sale.claim(seat);
    if (payment instanceof Paid) {
      assertThat(end).isEqualTo(new Refused(Refusal.NO_HOLD));
      assertThat(claim.status()).isEqualTo(SeatStatus.SOLD);
      assertThat(till.balance(buyer)).isEqualTo(Won.ZERO);
      return 1;
    }
    assertThat(((NotPaid) payment).reason()).isEqualTo(PayRefusal.HOLD_EXPIRED);
    assertThat(end).isEqualTo(new HoldEnded(buyer.user(), false));
    assertThat(claim.status()).isEqualTo(SeatStatus.FREE);
    assertThat(till.balance(buyer)).isEqualTo(PRICE);
    return 0;
  }

  /**
   * Whatever order it comes in: what is blocked is written down, and sessions cover their holds.
   */
  @Test
  void everybodyAtOnceLeavesNothingBehind() throws SQLException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<Buyer> buyers = sale.buyers(8, new Won(100 * PRICE.amount()));
    till = new Till(vertx, sql, sale, false);
    for (int burst = 0; burst < 40; burst++) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        running.add(
            anything(random, buyers.get(random.nextInt(buyers.size())))
                .recover(HouseRaceIT::unlessNothingHappened));
      }
      Future.join(running).await();
    }
    assertBlocksAreWrittenDown();
    assertThat(database.number("select count(*) from audit where action = 'schedule.block'"))
        .isPositive();
    assertThat(database.number("select count(*) from audit where action = 'hold.end'"))
        .isPositive();
    assertThat(
            database.number(
                """
                select count(*) from seat_claim c join room_session s on s.id = c.session_id
                where c.state = 1 and (s.lasts_until < c.deadline or s.ended_at is not null)
                """))
        .as("seed %d", seed)
        .isZero();
  }

  /** A machine that is busy with other tests may leave one without a connection. */
  private static <T> Future<T> unlessNothingHappened(Throwable failure) {
    return failure instanceof Fault fault && fault.kind() == Fault.Kind.UNAVAILABLE
        ? Future.succeededFuture()
        : Future.failedFuture(failure);
  }

  private Future<?> anything(Random random, Buyer buyer) {
    int seat = random.nextInt(SEATS);
    return switch (random.nextInt(6)) {
      case 0, 1 -> claims.hold(sale.asking(buyer, seat, (seat + 1) % SEATS));
      case 2 -> till.payments.pay(till.command(buyer, seat));
      case 3 -> house.endHold(sale.seat(seat), OLGA);
      case 4 -> {
        Integer[] some =
            IntStream.range(0, 4).mapToObj(n -> (seat + 3 * n) % SEATS).toArray(Integer[]::new);
        yield house.block(chosen(sale, some), Optional.empty(), OLGA);
      }
      default -> house.release(chosen(sale, seat, (seat + 5) % SEATS), OLGA);
    };
  }

  /** As when it is given back: until the session's own end and what else is held, no longer. */
  @Test
  void endedHoldKeepsNoSessionAlive() throws SQLException {
    Buyer buyer = sale.buyer(PRICE);
    assertThat(claims.hold(sale.asking(buyer, 1)).await().reply()).isInstanceOf(Held.class);
    assertThat(claims.hold(sale.asking(buyer, 2)).await().reply()).isInstanceOf(Held.class);
    sale.sql(
        "update room_session set ends_at = clock_timestamp() - interval '1 second' where id = ?",
        buyer.session().number());
    assertThat(house.endHold(sale.seat(1), OLGA).await()).isInstanceOf(HoldEnded.class);
    assertThat(secondsLeft(buyer)).as("the other hold's").isGreaterThan(200);
    assertThat(house.endHold(sale.seat(2), OLGA).await()).isInstanceOf(HoldEnded.class);
    assertThat(secondsLeft(buyer)).isNegative();
    assertThat(((NotPaid) till.pay(buyer, 2)).reason()).isEqualTo(PayRefusal.HOLD_EXPIRED);
  }

  private static long secondsLeft(Buyer buyer) {
    return database.number(
        "select floor(extract(epoch from lasts_until - clock_timestamp()))::bigint"
            + " from room_session where id = "
            + buyer.session().number());
  }

  /** A standing area is large, and people are buying meanwhile. */
  @Test
  void tenThousandSeatsAreBlockedInTime() throws SQLException {
    sale = SaleFixture.create(connection, 10_000, PRICE);
    open();
    Integer[] all = IntStream.range(0, 10_000).boxed().toArray(Integer[]::new);
    assertThat(house.block(chosen(sale, all), Optional.of("x"), OLGA).await())
        .isEqualTo(new Done(10_000, 10_000, false));
    assertThat(house.release(chosen(sale, all), OLGA).await())
        .isEqualTo(new Done(10_000, 10_000, false));
    assertBlocksAreWrittenDown();
  }

  /** The date was given another plan between the choice and the command. */
  @Test
  void choiceOnAnotherPlanIsRefused() throws SQLException {
    var old = new Chosen(sale.schedule(), "0123456789abcdef", List.of(1), new JsonObject());
    assertThat(house.block(old, Optional.empty(), OLGA).await())
        .isEqualTo(new Refused(Refusal.OTHER_PLAN));
    assertThat(house.release(old, OLGA).await()).isEqualTo(new Refused(Refusal.OTHER_PLAN));
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.FREE);
  }
}
