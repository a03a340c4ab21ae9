package io.concert.queue.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Won;
import io.concert.queue.api.QueueMessages.WaitEstimate;
import io.concert.queue.api.RoomSettings;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitEstimatorTest {
  private static final ThroughputWindow.Sums NOTHING = new ThroughputWindow.Sums(0, 0, 0, 0);

  /** Ten slots a second for five minutes. */
  private static final ThroughputWindow.Sums BRISK =
      new ThroughputWindow.Sums(3_000, 300_000, 0, 0);

  /** So, and of a thousand people one leaves a second. */
  private static final ThroughputWindow.Sums LEAVING =
      new ThroughputWindow.Sums(3_000, 300_000, 300, 300_000_000);

  @Test
  void whoFindsFreeSlotIsInAtOnce() {
    assertThat(estimate(5, 5, BRISK, 0, -1)).isEqualTo(seconds(0, 1));
  }

  @Test
  void whoIsFurtherBackNeverHearsOfLess() {
    for (ThroughputWindow.Sums flow : new ThroughputWindow.Sums[] {NOTHING, BRISK, LEAVING}) {
      for (int free : new int[] {-3, 0, 100}) {
        for (int limit : new int[] {0, 1, 20}) {
          WaitEstimate before = estimate(1, free, flow, limit, 0);
          for (int number = 2; number < 3_000; number++) {
            WaitEstimate next = estimate(number, free, flow, limit, 0);
            assertThat(next.low()).isGreaterThanOrEqualTo(before.low());
            assertThat(next.high()).isGreaterThanOrEqualTo(before.high());
            before = next;
          }
        }
      }
    }
  }

  /** A room that was made smaller lets nobody in until enough have gone. */
  @Test
  void slotsThatMustCloseFirstAreWaitedForToo() {
    assertThat(estimate(7, -3, BRISK, 0, 0)).isEqualTo(estimate(10, 0, BRISK, 0, 0));
  }

  @Test
  void rangeHoldsTheRateSeen() {
    WaitEstimate wait = estimate(1_000, 0, BRISK, 0, 0);
    assertThat(wait.low()).isBetween(Duration.ofMinutes(1), Duration.ofSeconds(95));
    assertThat(wait.high()).isBetween(Duration.ofSeconds(105), Duration.ofSeconds(160));
  }

  @Test
  void sessionLengthIsPromisedBeforeAnythingWasSeen() {
    // 100 slots of 600 s: six seconds each; one of them a minute past is hardly news.
    WaitEstimate wait = estimate(100, 0, NOTHING, 0, 0);
    assertThat(wait.low()).isLessThan(Duration.ofMinutes(10));
    assertThat(wait.high()).isGreaterThan(Duration.ofMinutes(10));
  }

  @Test
  void limitOfAdmissionsHoldsWithFreeSlotsAndWithout() {
    assertThat(estimate(100, 100, BRISK, 1, 0)).isEqualTo(seconds(100, 101));
    assertThat(estimate(101, 100, BRISK, 1, 0)).isEqualTo(seconds(101, 102));
    assertThat(estimate(1_000, 0, BRISK, 2, 0).low()).isEqualTo(Duration.ofSeconds(500));
  }

  @Test
  void peopleWhoLeaveShortenTheWait() {
    assertThat(estimate(5_000, 0, LEAVING, 0, 0).high())
        .isLessThan(estimate(5_000, 0, BRISK, 0, 0).high());
    ThroughputWindow.Sums comingBack = new ThroughputWindow.Sums(3_000, 300_000, -300, 300_000_000);
    assertThat(estimate(5_000, 0, comingBack, 0, 0)).isEqualTo(estimate(5_000, 0, BRISK, 0, 0));
  }

  @Test
  void timeInWhichNobodyIsLetInComesOnTop() {
    assertThat(estimate(1, 5, BRISK, 0, 10_000)).isEqualTo(seconds(10, 11));
    WaitEstimate now = estimate(500, 0, BRISK, 0, 0);
    assertThat(estimate(500, 0, BRISK, 0, 10_000))
        .isEqualTo(new WaitEstimate(now.low().plusSeconds(10), now.high().plusSeconds(10)));
  }

  @Test
  void nobodyHearsOfMoreThanOneWeek() {
    assertThat(estimate(100_000_000, 0, NOTHING, 0, 0))
        .isEqualTo(seconds(7 * 86_400L, 7 * 86_400L));
  }

  private static WaitEstimate estimate(
      long number, int free, ThroughputWindow.Sums flow, int admitPerSecond, long notBeforeMillis) {
    RoomSettings settings =
        new RoomSettings(
            100,
            Duration.ofMinutes(10),
            Duration.ZERO,
            admitPerSecond,
            0,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Optional.empty(),
            false,
            new Won(0));
    return WaitEstimator.estimate(number, free, flow, settings, notBeforeMillis).orElseThrow();
  }

  private static WaitEstimate seconds(long low, long high) {
    return new WaitEstimate(Duration.ofSeconds(low), Duration.ofSeconds(high));
  }
}
