package io.concert.reservation.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Won;
import io.concert.postgres.RestoredRows;
import io.concert.postgres.Sql;
import io.concert.reservation.OwnSale;
import io.concert.reservation.SaleFixture;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows as a dump brings them into a new server: changed by transactions that are to come there. */
class RestoredRowsIT extends OwnSale {
  private static final long AHEAD = 1L << 40;
  private static final int SEATS = 2_345;

  private static final String SESSIONS_CHANGED =
      "select count(*) from sessions_changed('%s', 1, 1) where session_id is not null";

  private Vertx vertx;
  private SeatClaims claims;
  private RestoredRows restored;

  @BeforeEach
  void restore() throws SQLException {
    sale = SaleFixture.create(connection, SEATS, PRICE);
    assertThat(sale.buyers(20, Won.ZERO)).hasSize(20);
    sale.sql("update seat_claim set changed_tx = (?::text)::xid8", AHEAD);
    sale.sql("update room_session set changed_tx = (?::text)::xid8", AHEAD);
    claims = node();
    vertx = Vertx.vertx();
    Sql sql = database.sql(vertx);
    restored = new RestoredRows(sql);
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void areNotReadAgainWithEachLookAtChanges() throws SQLException {
    var all = claims.all(sale.schedule()).await();
    assertThat(all.rows()).as("a map is loaded with all of them").hasSize(SEATS);
    assertThat(changedSince(1)).as("nothing has changed here yet").isZero();

    sale.sql(
        """
        update seat_claim set state = 3, fence = nextval('fence'),
          changed_tx = pg_current_xact_id()
        where schedule_id = ? and seat = 6
        """,
        sale.schedule().number());

    assertThat(changedSince(all.next())).isEqualTo(1);
    assertThat(database.number(SESSIONS_CHANGED.formatted(sale.room().name()))).isZero();
  }

  @Test
  void areBroughtIntoTheServersTimeOnce() throws SQLException {
    long fences = database.number("select sum(fence) from seat_claim");

    restored.bringIntoTime().await();

    assertThat(ahead()).isZero();
    assertThat(database.number("select sum(fence) from seat_claim"))
        .as("nothing else has changed")
        .isEqualTo(fences);
    assertThat(changedSince(1)).isEqualTo(SEATS);
    long after = changes(1).next();
    restored.bringIntoTime().await();
    assertThat(changedSince(after)).as("not twice").isZero();
  }

  @Test
  void aFewAreChangedATime() {
    long before = ahead();

    assertThat(database.number("select bring_into_time(100)")).isEqualTo(100);

    assertThat(ahead()).isEqualTo(before - 100);
  }

  private long ahead() {
    return database.number(
        """
        select (select count(*) from seat_claim where changed_tx >= pg_current_xact_id())
          + (select count(*) from room_session where changed_tx >= pg_current_xact_id())
        """);
  }

  private int changedSince(long xid) {
    return changes(xid).rows().size();
  }

  private SeatClaims.Changes changes(long xid) {
    return Objects.requireNonNull(
        claims.changed(Map.of(sale.schedule(), xid)).await().get(sale.schedule()));
  }
}
