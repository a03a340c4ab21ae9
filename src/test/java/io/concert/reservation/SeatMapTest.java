package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.reservation.ReservationMessages.ClaimState;
import io.concert.reservation.ReservationMessages.SeatStates;
import io.concert.reservation.SeatCommand.Claim;
import io.concert.reservation.SeatCommand.Learn;
import io.concert.reservation.SeatCommand.Look;
import io.concert.reservation.SeatCommand.Settle;
import io.concert.reservation.SeatReply.NotForSale;
import io.concert.reservation.SeatReply.Proceed;
import io.concert.reservation.SeatReply.Seen;
import io.concert.reservation.SeatReply.Taken;
import io.concert.reservation.SeatReply.Unchanged;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeatMapTest {
  private static final long ANN = 7;
  private static final long BEN = 8;
  private static final long LATER = 1_000_000;

  private final SeatMap map =
      SeatMap.of(5, IntStream.range(0, 6).mapToObj(seat -> free(seat, 0)).toList());
  private long now = 10_000;

  @Test
  void aFreeSeatIsSetAsideAndShownHeldAtOnce() {
    assertThat(ask(new Claim(1, ANN, List.of(2)))).isEqualTo(new Proceed());

    assertThat(look().status(2)).isEqualTo(SeatStatus.HELD);
    assertThat(look().free()).isEqualTo(5);
    assertThat(ask(new Claim(2, BEN, List.of(1, 2)))).isEqualTo(new Taken(List.of(2)));
  }

  @Test
  void aRefusedClaimChangesNothing() {
    ask(new Claim(1, ANN, List.of(2)));
    var before = look();

    var refused = map.decide(new Claim(2, BEN, List.of(1, 2, 3)), now);

    assertThat(refused.event()).isNull();
    assertThat(ask(new Look(before.epoch(), before.version()))).isEqualTo(new Unchanged());
  }

  @Test
  void aClaimWithoutVerdictKeepsOthersOutForTwoSeconds() {
    ask(new Claim(1, ANN, List.of(2)));

    now += 1_999;
    assertThat(ask(new Claim(2, BEN, List.of(2)))).isEqualTo(new Taken(List.of(2)));
    now += 1;
    assertThat(ask(new Claim(2, BEN, List.of(2)))).isEqualTo(new Proceed());
  }

  @Test
  void theSamePersonsRepeatIsNotKeptOutByTheFirstAttempt() {
    ask(new Claim(1, ANN, List.of(2)));

    assertThat(ask(new Claim(2, ANN, List.of(2)))).isEqualTo(new Proceed());
  }

  @Test
  void aSettledHoldKeepsOthersOutUntilItsDeadline() {
    ask(new Claim(1, ANN, List.of(2)));
    ask(new Settle(1, List.of(2), List.of(held(2, ANN, 11, LATER))));

    now = LATER - 1;
    assertThat(ask(new Claim(2, BEN, List.of(2)))).isEqualTo(new Taken(List.of(2)));
    assertThat(ask(new Claim(3, ANN, List.of(2)))).isEqualTo(new Proceed());
    ask(new Settle(3, List.of(2), List.of()));
    now = LATER;
    assertThat(ask(new Claim(4, BEN, List.of(2)))).isEqualTo(new Proceed());
  }

  @Test
  void aHoldPastItsDeadlineIsShownHeldUntilTheDatabaseFreesIt() {
    ask(new Learn(List.of(held(2, ANN, 11, LATER))));
    now = LATER + 1;
    assertThat(look().status(2)).isEqualTo(SeatStatus.HELD);

    ask(new Learn(List.of(free(2, 12))));
    assertThat(look().status(2)).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void aClaimOfWhichNothingCameFreesTheSeat() {
    ask(new Claim(1, ANN, List.of(2, 3)));
    ask(new Settle(1, List.of(2, 3), List.of()));

    assertThat(look().free()).isEqualTo(6);
    assertThat(ask(new Claim(2, BEN, List.of(2, 3)))).isEqualTo(new Proceed());
  }

  @Test
  void aLateSettleLeavesTheNextClaimsMarkAlone() {
    ask(new Claim(1, ANN, List.of(2)));
    now += SeatMap.CLAIM_MILLIS;
    ask(new Claim(2, BEN, List.of(2)));

    ask(new Settle(1, List.of(2), List.of()));

    assertThat(ask(new Claim(3, ANN, List.of(2)))).isEqualTo(new Taken(List.of(2)));
  }

  @Test
  void anOlderRowNeverOverwritesANewerOne() {
    ask(new Learn(List.of(new ClaimState(2, SeatStatus.SOLD, ANN, 20, 0))));

    ask(new Learn(List.of(free(2, 19), held(2, BEN, 20, LATER))));
    ask(new Settle(1, List.of(2), List.of(held(2, BEN, 18, LATER))));

    assertThat(look().status(2)).isEqualTo(SeatStatus.SOLD);
  }

  @Test
  void theNewerOfTwoRowsOfOneSeatWinsInAnyOrder() {
    ask(new Learn(List.of(held(2, ANN, 30, LATER), free(2, 29))));
    assertThat(look().status(2)).isEqualTo(SeatStatus.HELD);

    ask(new Learn(List.of(held(2, ANN, 31, LATER), free(2, 32))));
    assertThat(look().status(2)).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void aSoldSeatIsTakenForItsBuyerToo() {
    ask(new Learn(List.of(new ClaimState(2, SeatStatus.SOLD, ANN, 20, 0))));

    assertThat(ask(new Claim(1, ANN, List.of(2)))).isEqualTo(new Taken(List.of(2)));
  }

  @Test
  void aHouseSeatIsNotForSaleWhoeverAsks() {
    ask(
        new Learn(
            List.of(
                new ClaimState(1, SeatStatus.NOT_FOR_SALE, 0, 20, 0), held(2, BEN, 21, LATER))));

    assertThat(ask(new Claim(1, ANN, List.of(1, 2, 3)))).isEqualTo(new NotForSale(List.of(1)));
  }

  @Test
  void rowsOfALayoutImportedLaterGrowTheMap() {
    var empty = SeatMap.of(9, List.of());
    var unseen = empty.decide(new Claim(1, ANN, List.of(3)), now);
    assertThat(unseen.reply()).as("the database knows").isEqualTo(new Proceed());
    assertThat(unseen.event()).isNull();

    ask(empty, new Learn(List.of(free(4, 0), free(3, 0))));

    var seen = ((Seen) ask(empty, new Look(0, 0))).states();
    assertThat(seen.seats()).isEqualTo(5);
    assertThat(seen.free()).isEqualTo(2);
    assertThat(seen.status(2)).as("no row seen").isEqualTo(SeatStatus.NOT_FOR_SALE);
    assertThat(seen.status(3)).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void anAbsurdSeatIndexIsRefusedBeforeAnythingChanges() {
    assertThatThrownBy(() -> map.decide(new Learn(List.of(free(Integer.MAX_VALUE, 1))), now))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void learningClearsClaimsThatRanOut() {
    ask(new Claim(1, ANN, List.of(2)));
    now += SeatMap.CLAIM_MILLIS;
    assertThat(look().status(2)).as("no event, no new look").isEqualTo(SeatStatus.HELD);

    ask(new Learn(List.of()));

    assertThat(look().status(2)).isEqualTo(SeatStatus.FREE);
  }

  @Test
  void aVersionIsOneLook() {
    long before = look().version();
    ask(new Claim(1, ANN, List.of(2)));
    assertThat(look().version()).isEqualTo(before + 1);

    ask(new Settle(1, List.of(2), List.of(held(2, ANN, 11, LATER))));
    assertThat(look().version()).as("held before and after").isEqualTo(before + 1);

    assertThat(ask(new Look(4, before + 1))).as("another load's version").isInstanceOf(Seen.class);
  }

  @CanIgnoreReturnValue
  private SeatReply ask(SeatCommand command) {
    return ask(map, command);
  }

  @CanIgnoreReturnValue
  private SeatReply ask(SeatMap map, SeatCommand command) {
    var decision = map.decide(command, now);
    if (decision.event() != null) {
      map.apply(decision.event());
    }
    return decision.reply();
  }

  private SeatStates look() {
    return ((Seen) ask(new Look(0, 0))).states();
  }

  private static ClaimState free(int seat, long fence) {
    return new ClaimState(seat, SeatStatus.FREE, 0, fence, 0);
  }

  private static ClaimState held(int seat, long user, long fence, long deadline) {
    return new ClaimState(seat, SeatStatus.HELD, user, fence, deadline);
  }
}
