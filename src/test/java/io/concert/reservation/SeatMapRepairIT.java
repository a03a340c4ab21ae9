package io.concert.reservation;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Fault;
import io.concert.domain.Won;
import io.concert.postgres.CuttingProxy;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.seatmap.SeatCommand.Learn;
import io.concert.reservation.seatmap.SeatMap;
import io.concert.reservation.store.HoldBatch;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.SeatClaims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Seat maps that are behind the database, ahead of it, or beside it. */
@SuppressWarnings("NullAway.Init") // Each test loads the map first.
class SeatMapRepairIT extends OwnSale {
  private static final SeatRow NEVER = new SeatRow(7, SeatStatus.SOLD, 99, 1L << 40, 0);

  private SeatClaims claims;
  private OneMap grid;
  private SeatMaps maps;
  private SeatMapSync sync;

  /** The same node goes on with it, and nothing changes afterwards. */
  @Test
  void aCopyThatWasLeftBehindIsToldWhatItMissed() throws SQLException {
    load();
    byte[] leftBehind = grid.copy();
    hold(5);
    catchUp();
    assertThat(grid.status(5)).isEqualTo(SeatStatus.HELD);

    grid.goOnWith(leftBehind);
    catchUp();

    assertThat(grid.status(5)).isEqualTo(SeatStatus.HELD);
  }

  @Test
  void theBoundStaysWhereItIsUntilTheMapHasHeard() throws SQLException {
    load();
    long bound = grid.asOfXid();
    hold(5);

    grid.lose(Learn.class::isInstance);
    catchUp();
    assertThat(grid.asOfXid()).isEqualTo(bound);
    grid.lose(command -> false);
    catchUp();

    assertThat(grid.status(5)).isEqualTo(SeatStatus.HELD);
    assertThat(grid.asOfXid()).isGreaterThan(bound);
  }

  /** More rows than one command takes, the last of which don't arrive, or only these. */
  @Test
  void theBoundOfManyRowsMovesOnlyWithAllOfThem() throws SQLException {
    sale = SaleFixture.create(connection, 2 * SeatMaps.MOST_TRUTHS + 10, PRICE);
    load();
    long bound = grid.asOfXid();
    sale.sql(
        """
        update seat_claim set state = 3, fence = nextval('fence'),
          changed_tx = pg_current_xact_id()
        where schedule_id = ?
        """,
        sale.schedule().number());

    for (boolean whole : new boolean[] {true, false}) {
      grid.lose(
          command ->
              command instanceof Learn learn
                  && (learn.seatRows().size() == SeatMaps.MOST_TRUTHS) == whole);
      catchUp();
      assertThat(grid.asOfXid()).isEqualTo(bound);
    }
    grid.lose(command -> false);
    catchUp();

    assertThat(grid.asOfXid()).isGreaterThan(bound);
    assertThat(grid.status(0)).isEqualTo(SeatStatus.NOT_FOR_SALE);
    assertThat(grid.status(2 * SeatMaps.MOST_TRUTHS)).isEqualTo(SeatStatus.NOT_FOR_SALE);
  }

  @Test
  void whatTheDatabaseNeverHadIsGoneAfterAComparison() throws SQLException {
    load();
    var unused = grid.decide(new Learn(List.of(NEVER)));
    catchUp();
    assertThat(grid.status(7)).as("no row is newer").isEqualTo(SeatStatus.SOLD);

    compare();

    assertThat(grid.status(7)).isEqualTo(SeatStatus.FREE);
  }

  /** A database that lost its end draws the same fences again, for others. */
  @Test
  void aRowWithTheSameFenceCountsForMoreThanTheMap() throws SQLException {
    hold(7);
    var row = sale.claim(7);
    load();
    grid.goOnWith(emptied());
    var unused =
        grid.decide(
            new Learn(List.of(new SeatRow(7, SeatStatus.SOLD, row.user() + 1, row.fence(), 0))));

    compare();

    assertThat(grid.status(7)).isEqualTo(SeatStatus.HELD);
  }

  @Test
  void whatAMapLearnsDuringAComparisonStays() throws SQLException {
    load();
    grid.beforeComparing(
        () -> {
          var unused = grid.decide(new Learn(List.of(keptFromSale(7))));
        }); // Rows are read before.
    compare();

    assertThat(grid.status(7)).isEqualTo(SeatStatus.NOT_FOR_SALE);
  }

  @Test
  void everySeatOfALargeMapIsComparedInTurn() throws SQLException {
    int seats = SeatMaps.MOST_TRUTHS + 10;
    sale = SaleFixture.create(connection, seats, PRICE);
    load();
    compare();
    var last = new SeatRow(seats - 1, SeatStatus.SOLD, 99, 1L << 40, 0);
    var unused = grid.decide(new Learn(List.of(last, NEVER)));

    for (int round = 0; round < 4; round++) {
      compare();
    }

    assertThat(grid.status(7)).isEqualTo(SeatStatus.FREE);
    assertThat(grid.status(seats - 1)).isEqualTo(SeatStatus.FREE);
  }

  /** Shown free, the seat would be clicked by people who then hear that it is taken. */
  @Test
  void seatsWhoseHoldHasAnUnknownOutcomeStayMarked() throws SQLException {
    load();
    var buyer = sale.buyer(Won.ZERO);
    var vertx = Vertx.vertx();
    var proxy = CuttingProxy.before(vertx, database.url());
    var lame =
        new SeatClaims(
            vertx,
            database.sql(vertx, proxy.url(), 1),
            new HoldSettings(HOLD),
            new SimpleMeterRegistry());
    var service = new ReservationService(maps, lame);
    assertThat(lame.all(sale.schedule()).await().rows()).as("connected").isNotEmpty();

    proxy.cutOnce(CuttingProxy.Cut.AFTER_REQUEST);
    var held = service.hold(sale.asking(buyer, 5));
    until(() -> proxy.cuts() == 1);
    proxy.close();

    assertThatThrownBy(held::await)
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.OUTCOME_UNKNOWN));
    assertThat(grid.isMarked(5)).isTrue();
    vertx.close().await();
  }

  private void load() {
    claims = node();
    var loaded = claims.all(sale.schedule()).await();
    grid = new OneMap(sale.schedule(), SeatMap.of(1, loaded.rows(), loaded.next()));
    maps = new SeatMaps(grid);
    sync = new SeatMapSync(claims, maps);
  }

  /** The map as it was before seat 7 was held. */
  private byte[] emptied() {
    var rows =
        claims.all(sale.schedule()).await().rows().stream()
            .map(row -> new SeatRow(row.seat(), SeatStatus.FREE, 0, 0, 0))
            .toList();
    return new OneMap(sale.schedule(), SeatMap.of(1, rows, 0)).copy();
  }

  @CanIgnoreReturnValue
  private HoldBatch.Judged hold(int seat) {
    try {
      var judged = claims().hold(sale.asking(sale.buyer(Won.ZERO), seat)).await();
      assertThat(judged.seatRows()).isNotEmpty();
      return judged;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private SeatRow keptFromSale(int seat) {
    try {
      sale.sql(
          """
          update seat_claim set state = 3, fence = nextval('fence'),
            changed_tx = pg_current_xact_id()
          where schedule_id = ? and seat = ?
          """,
          sale.schedule().number(),
          seat);
      return new SeatRow(seat, SeatStatus.NOT_FOR_SALE, 0, sale.claim(seat).fence(), 0);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private SeatClaims claims() {
    return claims == null ? node() : claims;
  }

  /** Both also fail in part, as one map is never in reach. */
  private void catchUp() {
    assertThatThrownBy(() -> sync.catchUp().await()).isInstanceOf(Fault.class);
  }

  private void compare() {
    assertThatThrownBy(() -> sync.compare().await()).isInstanceOf(Fault.class);
  }
}
