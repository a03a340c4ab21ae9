package io.concert.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Instant OPENS = Instant.parse("2026-03-01T10:00:00Z");
  private static final Instant CLOSES = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant STARTS = Instant.parse("2026-03-03T10:00:00Z");

  @Test
  void isOnSaleFromItsOpeningUpToButWithoutItsClosing() {
    Schedule schedule = schedule(Optional.of(OPENS), Optional.of(CLOSES), SaleSwitch.OPEN);

    assertThat(schedule.state(OPENS.minusMillis(1))).isEqualTo(SaleState.NOT_YET_OPEN);
    assertThat(schedule.onSale(OPENS)).isTrue();
    assertThat(schedule.onSale(CLOSES.minusMillis(1))).isTrue();
    assertThat(schedule.state(CLOSES)).isEqualTo(SaleState.CLOSED);
  }

  @Test
  void isOnSaleUntilTheShowBeginsWithoutOpeningAndClosing() {
    Schedule schedule = schedule(Optional.empty(), Optional.empty(), SaleSwitch.OPEN);

    assertThat(schedule.onSale(Instant.MIN)).isTrue();
    assertThat(schedule.onSale(STARTS.minusMillis(1))).isTrue();
    assertThat(schedule.state(STARTS)).isEqualTo(SaleState.CLOSED);
  }

  @Test
  void isOnSaleAfterTheShowHasBegunIfItSaysSo() {
    Schedule late =
        schedule(Optional.empty(), Optional.of(STARTS.plusSeconds(3600)), SaleSwitch.OPEN);

    assertThat(late.onSale(STARTS.plusSeconds(3599))).isTrue();
    assertThat(late.onSale(STARTS.plusSeconds(3600))).isFalse();
  }

  @Test
  void isNotOnSaleWhateverTheTimeWhenSwitchedOff() {
    assertThat(schedule(Optional.of(OPENS), Optional.empty(), SaleSwitch.CLOSED).state(OPENS))
        .isEqualTo(SaleState.CLOSED);
    assertThat(schedule(Optional.of(OPENS), Optional.empty(), SaleSwitch.CANCELLED).state(OPENS))
        .isEqualTo(SaleState.CANCELLED);
  }

  private static Schedule schedule(
      Optional<Instant> opensAt, Optional<Instant> closesAt, SaleSwitch saleSwitch) {
    return new Schedule(
        new ScheduleId(1),
        new ConcertId(1),
        RoomId.DEFAULT,
        4,
        STARTS,
        opensAt,
        closesAt,
        Optional.empty(),
        saleSwitch,
        0,
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
