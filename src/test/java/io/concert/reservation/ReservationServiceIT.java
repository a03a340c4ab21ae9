package io.concert.reservation;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.HoldReply;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.seatmap.SeatMapCodecs;
import io.concert.reservation.seatmap.SeatReply;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.SeatClaims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Grid and database together, on one node. */
class ReservationServiceIT {
  private static final Won PRICE = new Won(88_000);

  private static TestDatabase database;
  private static ReservationNode node;

  private Connection connection;
  private SaleFixture sale;
  private SeatClaims claims;
  private SeatMaps maps;
  private SeatViews views;
  private ReservationService service;
  private SeatMapSync sync;

  @BeforeAll
  static void startNode() {
    node = new ReservationNode();
    database = node.database;
  }

  @AfterAll
  static void stopNode() {
    node.stop();
  }

  @BeforeEach
  void openSale() throws SQLException {
    connection = database.jdbc();
    sale = SaleFixture.create(connection, 50, PRICE);
    claims =
        new SeatClaims(
            node.vertx,
            node.sql,
            new HoldSettings(Duration.ofMinutes(5)),
            new SimpleMeterRegistry());
    maps =
        new SeatMaps(
            node.grid.replicated(
                node.vertx,
                node.grid.lock(node.vertx),
                node.clock,
                SeatMapCodecs.TYPE,
                SeatMaps.loader(claims)));
    views = new SeatViews(maps, System::nanoTime);
    service = new ReservationService(maps, claims);
    sync = new SeatMapSync(claims, maps);
  }

  @AfterEach
  void closeSale() throws SQLException {
    connection.close();
  }

  @Test
  void aHeldSeatIsShownHeldAndGoneForOthers() throws SQLException {
    var ann = sale.buyer(Won.ZERO);

    var held = (Held) hold(ann, 3);

    assertThat(held.holds().get(0).seat()).isEqualTo(sale.seat(3));
    assertThat(seen().status(3)).isEqualTo(SeatStatus.HELD);
    assertThat(seen().free()).isEqualTo(49);
    assertThat(hold(sale.buyer(Won.ZERO), 3))
        .isEqualTo(new NotHeld(HoldRefusal.SEAT_TAKEN, List.of(sale.seat(3))));
    assertThat(hold(ann, 3)).as("asked again").isEqualTo(held);
  }

  @Test
  void aViewSeenBeforeIsNeverOlderThanTwoHundredMillisecondsAfterAHold() throws Exception {
    var buyer = sale.buyer(Won.ZERO);
    for (int seat = 0; seat < 4; seat++) {
      assertThat(view().status(seat)).isEqualTo(SeatStatus.FREE);
      hold(buyer, seat);
      letPass(Duration.ofMillis(100));
      assertThat(view().status(seat)).isEqualTo(SeatStatus.HELD);
    }
  }

  @Test
  void aRefusedHoldDoesNotTouchTheDatabase() throws SQLException {
    hold(sale.buyer(Won.ZERO), 3);
    learn(new SeatRow(4, SeatStatus.NOT_FOR_SALE, 0, Long.MAX_VALUE, 0));
    var ben = sale.buyer(Won.ZERO);
    var cutOff = cutOffFromTheDatabase();

    assertThat(cutOff.hold(sale.asking(ben, 2, 3)).await())
        .isEqualTo(new NotHeld(HoldRefusal.SEAT_TAKEN, List.of(sale.seat(3))));
    assertThat(cutOff.hold(sale.asking(ben, 4)).await())
        .isEqualTo(new NotHeld(HoldRefusal.NOT_ON_SALE, List.of(sale.seat(4))));
    assertThatThrownBy(() -> cutOff.hold(sale.asking(ben, 2)).await())
        .as("a free seat does need it")
        .isInstanceOf(Fault.class);
  }

  @Test
  void aHoldThatCouldNotBeAskedForLeavesTheSeatFree() throws SQLException {
    var ann = sale.buyer(Won.ZERO);
    var ben = sale.buyer(Won.ZERO);

    assertThatThrownBy(() -> cutOffFromTheDatabase().hold(sale.asking(ann, 2)).await())
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.UNAVAILABLE));

    assertThat(seen().status(2)).isEqualTo(SeatStatus.FREE);
    assertThat(hold(ben, 2)).isInstanceOf(Held.class);
  }

  /** The connection dies while the command waits for a lock: its outcome is looked up. */
  @Test
  void aHoldWhoseConnectionDiesBeforeItsCommitFreesTheSeat() throws Exception {
    var ann = sale.buyer(Won.ZERO);
    var ben = sale.buyer(Won.ZERO);
    Future<HoldReply> lost;
    try (Connection blocker = database.jdbc()) {
      blocker.setAutoCommit(false);
      try (var lock = blocker.createStatement()) {
        lock.execute(
            "select 1 from seat_claim where schedule_id = %d and seat = 2 for update"
                .formatted(sale.schedule().number()));
        lost = service.hold(sale.asking(ann, 2));
        until(
            "a hold waits for the lock",
            Duration.ofSeconds(2),
            () ->
                database.number(
                        """
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'
                        """)
                    > 0);
      }
      blocker.rollback();
    }
    assertThatThrownBy(lost::await)
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.UNAVAILABLE));

    assertThat(seen().status(2)).isEqualTo(SeatStatus.FREE);
    assertThat(hold(ben, 2)).isInstanceOf(Held.class);
  }

  @Test
  void aSeatMapThatMissedAVerdictLearnsItFromTheDatabase() throws SQLException {
    assertThat(seen().status(5)).isEqualTo(SeatStatus.FREE);
    sync.catchUp().await();
    var buyer = sale.buyer(Won.ZERO);
    claims.hold(sale.asking(buyer, 5)).await();
    sale.sql(
        """
        update seat_claim set state = 3, fence = nextval('fence'),
          changed_tx = pg_current_xact_id()
        where schedule_id = ? and seat = 6
        """,
        sale.schedule().number());
    assertThat(seen().status(5)).as("nobody told the map").isEqualTo(SeatStatus.FREE);

    sync.catchUp().await();

    assertThat(seen().status(5)).isEqualTo(SeatStatus.HELD);
    assertThat(seen().status(6)).isEqualTo(SeatStatus.NOT_FOR_SALE);
    assertThat(refusal(hold(sale.buyer(Won.ZERO), 5))).isEqualTo(HoldRefusal.SEAT_TAKEN);
  }

  /** Nothing changes afterwards, so only a look at everything finds it. */
  @Test
  void aMapThatCameToThisNodeIsToldEverythingOnce() throws SQLException {
    seen();
    claims.hold(sale.asking(sale.buyer(Won.ZERO), 5)).await();

    new SeatMapSync(claims, maps).catchUp().await();

    assertThat(seen().status(5)).isEqualTo(SeatStatus.HELD);
  }

  @Test
  void whoLosesInTheDatabaseTeachesTheMap() throws SQLException {
    seen();
    claims.hold(sale.asking(sale.buyer(Won.ZERO), 5)).await();

    assertThat(hold(sale.buyer(Won.ZERO), 5))
        .isEqualTo(new NotHeld(HoldRefusal.SEAT_TAKEN, List.of(sale.seat(5))));

    assertThat(seen().status(5)).isEqualTo(SeatStatus.HELD);
  }

  @Test
  void seatsImportedAfterTheMapWasLoadedAreFound() throws SQLException {
    sale = SaleFixture.create(connection, 0, PRICE);
    assertThat(seen().seats()).isZero();
    sale.importSeats(0, 10);

    assertThat(hold(sale.buyer(Won.ZERO), 3)).isInstanceOf(Held.class);
    sync.catchUp().await();

    assertThat(seen().seats()).isEqualTo(10);
    assertThat(seen().free()).isEqualTo(9);
  }

  @Test
  void anUnknownScheduleHasNoSeatsAndGivesNone() throws SQLException {
    var nowhere = new ScheduleId(999_999);
    var seat = new SeatId(nowhere, 0);
    var buyer = sale.buyer(Won.ZERO);

    assertThat(views.look(nowhere).await().seats()).isZero();
    assertThat(service.hold(new Hold(sale.room(), buyer.user(), nowhere, List.of(seat))).await())
        .isInstanceOf(NotHeld.class);
  }

  @Test
  void seatsOfAnotherDateAndAbsurdSeatsAreRefusedAtOnce() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    for (SeatId wrong :
        List.of(sale.anotherDate().seat(0), sale.seat(Integer.MAX_VALUE), sale.seat(-1))) {
      var asked = new Hold(sale.room(), buyer.user(), sale.schedule(), List.of(wrong));
      assertThat(service.hold(asked).await())
          .isEqualTo(new NotHeld(HoldRefusal.NOT_ON_SALE, List.of(wrong)));
    }
    assertThat(refusal(hold(buyer, IntStream.range(0, 101).toArray())))
        .isEqualTo(HoldRefusal.LIMIT_REACHED);
    assertThat(((Held) hold(buyer, 7, 7)).holds()).hasSize(1);
  }

  @Test
  void aCrowdGetsEachSeatOnce() throws SQLException {
    var buyers = sale.buyers(100, Won.ZERO);
    var asked = new ArrayList<Future<HoldReply>>();
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < buyers.size(); i++) {
        asked.add(service.hold(sale.asking(buyers.get(i), (i * 7 + round * 13) % 50)));
      }
    }
    var seats = new ArrayList<SeatId>();
    for (int i = 0; i < asked.size(); i++) {
      if (asked.get(i).await() instanceof Held held) {
        var row = sale.claim(held.holds().get(0).seat().index());
        assertThat(row.user()).isEqualTo(buyers.get(i % 100).user().number());
        seats.add(held.holds().get(0).seat());
      }
    }

    assertThat(seats.stream().distinct()).hasSize(50);
    assertThat(seen().free()).isZero();
  }

  private ReservationService cutOffFromTheDatabase() {
    return new ReservationService(
        maps,
        new SeatClaims(
            node.vertx,
            database.sql(node.vertx, "postgresql://nobody@127.0.0.1:1/none", 1),
            new HoldSettings(Duration.ofMinutes(5)),
            new SimpleMeterRegistry()));
  }

  private void learn(SeatRow seatRow) {
    maps.learn(sale.schedule(), List.of(seatRow)).await();
  }

  @CanIgnoreReturnValue
  private HoldReply hold(Buyer buyer, int... seats) {
    return service.hold(sale.asking(buyer, seats)).await();
  }

  /** What the map shows now, past any view. */
  @CanIgnoreReturnValue
  private SeatStates seen() {
    return ((SeatReply.Seen) maps.look(sale.schedule(), 0, 0).await()).states();
  }

  private SeatStates view() {
    return views.look(sale.schedule()).await();
  }

  private static HoldRefusal refusal(HoldReply reply) {
    assertThat(reply).isInstanceOf(NotHeld.class);
    return ((NotHeld) reply).reason();
  }
}
