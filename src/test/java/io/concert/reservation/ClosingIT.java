package io.concert.reservation;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.CatalogAdmin;
import io.concert.catalog.PgCatalogAdmin;
import io.concert.catalog.SaleSwitch;
import io.concert.domain.Actor;
import io.concert.domain.Won;
import io.concert.postgres.Sql;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.store.HoldBatch.Judged;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Closing a sale while people hold: in turn with the holds, neither before nor long after them. */
class ClosingIT extends OwnSale {
  private static final Actor ACTOR = new Actor("kim", "operator", "request-7");
  private static final CatalogAdmin.Done<SaleSwitch> CLOSED =
      new CatalogAdmin.Done<>(SaleSwitch.CLOSED);

  private Vertx vertx;
  private CatalogAdmin admin;

  @BeforeEach
  void connect() {
    vertx = Vertx.vertx();
    Sql sql = database.sql(vertx);
    admin = new PgCatalogAdmin(vertx, sql, () -> {});
    // A connection, however long a busy machine takes for one.
    until(() -> sql.query("select 1", Tuple.tuple()).map(rows -> true).otherwise(false).await());
  }

  @AfterEach
  void disconnect() {
    vertx.close().await();
  }

  private static final String HOLD =
      """
      select verdict from hold_seats(null, null, array[?], array[?::bigint], array[?::bigint],
        array[0], array[?::int], 300000)
      """;

  /** Judged, but not committed yet. */
  private int holdOn(Connection open, Buyer buyer, int seat) throws SQLException {
    try (var hold = open.prepareStatement(HOLD)) {
      hold.setString(1, sale.room().name());
      hold.setLong(2, buyer.user().number());
      hold.setLong(3, sale.schedule().number());
      hold.setInt(4, seat);
      try (var rows = hold.executeQuery()) {
        assertThat(rows.next()).isTrue();
        return rows.getInt(1);
      }
    }
  }

  @Test
  void holdsUnderWayAreWaitedForAndLaterOnesWait() throws SQLException {
    var early = sale.buyer(Won.ZERO);
    var late = sale.buyer(Won.ZERO);
    Future<?> closing;
    Future<Judged> asked;
    try (Connection holding = database.jdbc()) {
      holding.setAutoCommit(false);
      assertThat(holdOn(holding, early, 1)).isZero();
      closing = admin.setSaleState(sale.schedule(), false, ACTOR);
      database.awaitLockedOut(closing);
      asked = node().hold(sale.asking(late, 2));
      awaitTwoLockedOut(asked);
      holding.commit();
    }

    assertThat(closing.await()).isEqualTo(CLOSED);
    assertThat(refusal(asked.await().reply())).isEqualTo(HoldRefusal.NOT_ON_SALE);
    assertThat(sale.claim(1).user()).isEqualTo(early.user().number());
  }

  private void awaitTwoLockedOut(Future<?> second) {
    String lockedOut =
        """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
        """;
    until(
        () -> {
          assertThat(second.isComplete()).as("passed the closer").isFalse();
          return database.number(lockedOut) == 2;
        });
  }

  /** What a busy disk makes of a commit. */
  private static void commitSlowly(Connection open) throws SQLException {
    try (var wait = open.createStatement()) {
      wait.execute("select pg_sleep(0.3)");
    }
    open.commit();
  }

  /** There is never a moment at which none of them holds. */
  @Test
  void saleIsClosedUnderARushThatNeverPauses() throws Exception {
    ExecutorService rush = Executors.newFixedThreadPool(8);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger held = new AtomicInteger();
    List<Callable<Void>> holders = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Buyer buyer = sale.buyer(Won.ZERO);
      int seat = i;
      holders.add(
          () -> {
            try (Connection open = database.jdbc()) {
              open.setAutoCommit(false);
              while (!over.get()) {
                held.addAndGet(holdOn(open, buyer, seat) == 0 ? 1 : 0);
                commitSlowly(open);
              }
              return null;
            }
          });
    }
    var running = holders.stream().map(rush::submit).toList();
    until(() -> held.get() >= 16);

    Future<?> closing = admin.setSaleState(sale.schedule(), false, ACTOR);
    until(closing::isComplete);
    over.set(true);
    for (var holder : running) {
      assertThat(holder.get()).isNull();
    }
    rush.shutdown();
    assertThat(closing.result()).isEqualTo(CLOSED);
    assertThat(ask(sale.buyer(Won.ZERO), 20)).isNotInstanceOf(Held.class);
  }
}
