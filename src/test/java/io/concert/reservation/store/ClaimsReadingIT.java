package io.concert.reservation.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import io.concert.reservation.OwnSale;
import io.concert.reservation.SaleFixture;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.SeatStatus;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a node reads of the claims that others changed, and frees of those that are due. */
class ClaimsReadingIT extends OwnSale {
  @Test
  void dueHoldsAreFreedAndTheirHolderIsRemembered() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    ask(buyer, 1, 2, 3);
    sale.passDeadline(1, 2);
    var claims = node();

    var freed = claims.freeDue(100).await();

    assertThat(freed.get(sale.schedule()))
        .extracting(SeatRow::seat)
        .containsExactlyInAnyOrder(1, 2);
    assertThat(freed.get(sale.schedule()))
        .allMatch(row -> row.status() == SeatStatus.FREE && row.user() == 0);
    assertThat(sale.claim(1).expiredUser()).isEqualTo(buyer.user().number());
    assertThat(sale.claim(3).status()).isEqualTo(SeatStatus.HELD);
    assertThat(claims.freeDue(100).await()).doesNotContainKey(sale.schedule());
  }

  @Test
  void aThousandDueHoldsAreFreedWithinASecond() throws SQLException {
    var hall = SaleFixture.create(connection, 1_000, PRICE, 1_000);
    ask(hall, hall.buyer(Won.ZERO), IntStream.range(0, 1_000).toArray());
    hall.passDeadline(IntStream.range(0, 1_000).boxed().toArray(Integer[]::new));
    var nodes = nodes(3);

    long begun = System.nanoTime();
    var freed = Future.all(nodes.stream().map(node -> node.freeDue(5_000)).toList()).await();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    int count = 0;
    for (Map<ScheduleId, List<SeatRow>> rows : freed.<Map<ScheduleId, List<SeatRow>>>list()) {
      count += rows.getOrDefault(hall.schedule(), List.of()).size();
    }
    assertThat(count).as("each once, no matter who freed it").isEqualTo(1_000);
  }

  @Test
  void changesAreSeenHoweverLateTheirTransactionCommits() throws SQLException {
    var buyer = sale.buyer(Won.ZERO);
    var claims = node();
    long bound = changes(claims, 0).next();
    try (Connection slow = database.jdbc()) {
      slow.setAutoCommit(false);
      try (var update = slow.createStatement()) {
        update.executeUpdate(
            """
            update seat_claim set state = 3, fence = nextval('fence'),
              changed_tx = pg_current_xact_id()
            where schedule_id = %d and seat = 1
            """
                .formatted(sale.schedule().number()));
      }
      ask(buyer, 2);
      var early = changes(claims, bound);
      assertThat(early.rows()).extracting(SeatRow::seat).containsExactly(2);
      slow.commit();

      var late = changes(claims, early.next());

      assertThat(late.rows()).extracting(SeatRow::seat).contains(1);
      var last = changes(claims, late.next());
      assertThat(last.rows()).isEmpty();
    }
  }

  @Test
  void anUnknownScheduleHasNoClaims() {
    var nowhere = new ScheduleId(999_999);
    assertThat(node().all(nowhere).await().rows()).isEmpty();
  }

  private SeatClaims.Changes changes(SeatClaims claims, long since) {
    return claims.changed(Map.of(sale.schedule(), since)).await().values().iterator().next();
  }
}
