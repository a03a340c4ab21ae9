package io.concert.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The crowd against the figures that it is made from. */
class CrowdTest {
  private static final int PEOPLE = 100_000;
  private static final Behaviour PUBLISHED = Behaviour.PUBLISHED;
  private static final Crowd CROWD = new Crowd(PEOPLE, 3, PUBLISHED);

  private static double share(IntPredicate what) {
    return (double) IntStream.range(0, PEOPLE).filter(what).count() / PEOPLE;
  }

  @Test
  void paysAsFastAsPublished() {
    assertThat(PUBLISHED.payTime().within(4 * 60_000)).isCloseTo(0.581, within(0.002));
    assertThat(PUBLISHED.payTime().within(10 * 60_000)).isCloseTo(0.817, within(0.002));
    // With so long a hold nobody's time is cut.
    int day = 24 * 3_600_000;
    assertThat(share(one -> CROWD.millisToPay(one, day) <= 240_000)).isCloseTo(0.581, within(0.01));
    assertThat(share(CROWD::pays)).isCloseTo(0.8, within(0.01));
  }

  @Test
  void whoPaysDoesSoWithinTheHold() {
    assertThat(share(one -> CROWD.millisToPay(one, 60_000) <= 60_000)).isEqualTo(1);
  }

  @Test
  void paysAtTheHoldsEndWhereNobodyWouldBeSoFast() {
    Behaviour slow =
        new Behaviour(0, 0, 1, 1, 0, 1, 0, 1, new PayTime(99_000, 99_001), 0, List.of(1));

    assertThat(new Crowd(1, 3, slow).millisToPay(0, 10_000)).isEqualTo(10_000);
  }

  @Test
  void payTimeGoesThroughItsMedianAndNinthDecile() {
    PayTime time = new PayTime(30_000, 200_000);

    assertThat(time.within(30_000)).isCloseTo(0.5, within(1e-9));
    assertThat(time.within(200_000)).isCloseTo(0.9, within(1e-9));
    assertThat(time.millis(0.9)).isCloseTo(200_000, within(1e-3));
  }

  @Test
  void comesAsPublished() {
    assertThat(share(one -> CROWD.arrival(one) < Crowd.OPENS)).isCloseTo(0.27, within(0.01));
    assertThat(share(one -> CROWD.arrival(one) < Crowd.OPENS / 2)).isCloseTo(0.135, within(0.01));
    assertThat(share(one -> CROWD.arrival(one) < Crowd.OPENS + 60_000))
        .isCloseTo(0.27 + 0.20 + 0.53 * 0.1175, within(0.01));
    assertThat(IntStream.range(1, PEOPLE).allMatch(i -> CROWD.arrival(i - 1) <= CROWD.arrival(i)))
        .isTrue();
  }

  @Test
  void everybodyNeedsThreeEighthsOfTheMeanTimeToChoose() {
    assertThat(share(one -> CROWD.millisToChoose(one) >= 15_000)).isEqualTo(1);
    assertThat(IntStream.range(0, PEOPLE).map(CROWD::millisToChoose).average().orElse(0))
        .isCloseTo(40_000, within(500.0));
  }

  @Test
  void ordersAsPublished() {
    assertThat(share(one -> CROWD.order(one) == 1)).isCloseTo(0.296, within(0.01));
    assertThat(share(one -> CROWD.order(one) == 4)).isCloseTo(0.153, within(0.01));
    assertThat(IntStream.range(0, PEOPLE).map(CROWD::order).average().orElse(0))
        .isCloseTo(2.12, within(0.02));
  }

  @Test
  void behavesTheSameWhateverOthersDo() {
    Crowd fewerPay = new Crowd(PEOPLE, 3, PUBLISHED.withUnpaid(0.4));

    assertThat(share(one -> fewerPay.arrival(one) == CROWD.arrival(one))).isEqualTo(1);
    assertThat(share(one -> fewerPay.pays(one) && !CROWD.pays(one))).isZero();
    assertThat(share(one -> fewerPay.millisToChoose(one) == CROWD.millisToChoose(one)))
        .isEqualTo(1);
  }

  @Test
  void refusesWhatNoCrowdIs() {
    assertThatThrownBy(() -> PUBLISHED.withUnpaid(1.1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PayTime(5, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Behaviour(0.7, 0.4, 1, 1, 0, 1, 0, 1, PUBLISHED.payTime(), 0, List.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Behaviour(0.7, 0.1, 1, 1, 0, 1, 0, 1, PUBLISHED.payTime(), 0, List.of(0, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
