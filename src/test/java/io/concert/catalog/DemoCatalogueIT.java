package io.concert.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.demo.DemoCatalogue;
import io.concert.catalog.layout.Layout;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoCatalogueIT extends CatalogFixture {
  @Test
  void loadsDemoConcertsOnceAndThenNothing() {
    var demo = new DemoCatalogue(vertx, database.sql(vertx));

    // Two nodes that both hold the lock.
    List<Boolean> both =
        Future.<Boolean>all(List.of(demo.loadIfEmpty(), demo.loadIfEmpty())).await().list();
    assertThat(both).containsExactlyInAnyOrder(true, false);
    assertThat(demo.loadIfEmpty().await()).isFalse();

    List<Concert> concerts = catalog.concerts().await();
    assertThat(concerts).hasSize(4);
    assertThat(database.number("select count(*) from layout")).isEqualTo(4);
    Instant now =
        Instant.ofEpochMilli(
            database.number("select extract(epoch from clock_timestamp()) * 1000"));
    for (Schedule date :
        concerts.stream().flatMap(concert -> concert.schedules().stream()).toList()) {
      Layout layout = catalog.layout(date.id()).await();
      assertThat(layout.seats()).isEqualTo(date.seats()).isPositive();
      assertThat(date.onSale(now)).isTrue();
      assertThat(date.state(date.startsAt())).isEqualTo(SaleState.CLOSED);
      assertThat(date.priceFrom()).isPresent();
      assertThat(
              database.number(
                  "select count(*) from seat_claim where schedule_id = " + date.id().number()))
          .isEqualTo(date.seats());
    }
    assertThat(
            concerts.stream().flatMap(concert -> concert.schedules().stream()).map(Schedule::seats))
        .contains(39_616, 10_504, 6_967, 1_115);
  }

  @Test
  void leavesACatalogueAloneThatHasAConcert() {
    concert();

    assertThat(new DemoCatalogue(vertx, database.sql(vertx)).loadIfEmpty().await()).isFalse();
    assertThat(database.number("select count(*) from concert")).isEqualTo(1);
  }
}
