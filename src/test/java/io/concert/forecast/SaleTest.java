package io.concert.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be sold, and the counts of seats and of admissions. */
class SaleTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 0, 0, 1",
    "1, 0, 1, 0, 0, 1",
    "1, 1, 0, 0, 0, 1",
    "1, 1, 1, 0, 0, 0",
    "1, 1, 1, -1, 0, 1",
    "1, 1, 1, 2, 0, 1",
    "1, 1, 1, 0, -1, 1"
  })
  void refusesWhatNoSaleIs(
      int seats, int capacity, int session, int firstAction, int perSecond, int hold) {
    assertThatThrownBy(() -> new Sale(seats, capacity, session, firstAction, perSecond, hold))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takesTheLeastThatASaleIs() {
    assertThat(new Sale(1, 1, 1, 1, 0, 1).withCapacity(2)).isEqualTo(new Sale(1, 2, 1, 1, 0, 1));
  }

  @Test
  void whoDoesNothingIsOutAfterTheTimeForAFirstActionOrTheSession() {
    assertThat(new Sale(1, 1, 600, 60, 0, 1).idleMillis()).isEqualTo(60);
    assertThat(new Sale(1, 1, 600, 0, 0, 1).idleMillis()).isEqualTo(600);
  }

  @Test
  void noMedianIsNothing() {
    assertThatThrownBy(() -> new PayTime(0, 5)).isInstanceOf(IllegalArgumentException.class);
  }

  /** However long nobody came, a tenth of a second's people at once, and then the pace. */
  @Test
  void paceIsNotSavedUp() {
    AdmissionPace pace = new AdmissionPace(50);

    assertThat(taken(pace, 0)).isEqualTo(5);
    assertThat(pace.next()).isEqualTo(20);
    assertThat(taken(pace, 20)).isEqualTo(1);
    assertThat(taken(pace, 60_000)).isEqualTo(5);
  }

  @Test
  void slowPaceLetsInOneAtATime() {
    AdmissionPace pace = new AdmissionPace(2);

    assertThat(taken(pace, 0)).isEqualTo(1);
    assertThat(pace.next()).isEqualTo(500);
    assertThat(taken(pace, 499)).isZero();
    assertThat(taken(pace, 60_000)).isEqualTo(1);
  }

  private static int taken(AdmissionPace pace, int now) {
    int taken = 0;
    while (pace.take(now)) {
      taken++;
    }
    return taken;
  }

  @Test
  void seatsAreHeldOncePaidOnceAndGivenBack() {
    BoxOffice office = new BoxOffice(5);

    assertThat(office.hold(3)).isEqualTo(3);
    assertThat(office.hold(3)).as("what is left").isEqualTo(2);
    assertThat(office.hold(1)).isZero();
    office.pay(3);
    assertThat(office.isSoldOut()).isFalse();
    office.giveBack(2);
    assertThat(office.held()).isZero();
    assertThat(office.sold()).isEqualTo(3);
    assertThat(office.hold(9)).isEqualTo(2);
    office.pay(2);
    assertThat(office.isSoldOut()).isTrue();
  }
}
