package io.concert.reservation.seatmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Aggregates;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.seatmap.SeatCommand.AskBound;
import io.concert.reservation.seatmap.SeatCommand.Claim;
import io.concert.reservation.seatmap.SeatCommand.Compare;
import io.concert.reservation.seatmap.SeatCommand.Learn;
import io.concert.reservation.seatmap.SeatCommand.Look;
import io.concert.reservation.seatmap.SeatCommand.Overrule;
import io.concert.reservation.seatmap.SeatCommand.Settle;
import io.concert.reservation.seatmap.SeatReply.Bound;
import io.concert.reservation.seatmap.SeatReply.Compared;
import io.concert.reservation.seatmap.SeatReply.NotForSale;
import io.concert.reservation.seatmap.SeatReply.Proceed;
import io.concert.reservation.seatmap.SeatReply.Seen;
import io.concert.reservation.seatmap.SeatReply.Taken;
import io.concert.reservation.seatmap.SeatReply.Unchanged;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeatMapTest {
  private static final long ANN = 7;
  private static final long BEN = 8;
  private static final long LATER = 1_000_000;

  private final SeatMap map =
      SeatMap.of(5, IntStream.range(0, 6).mapToObj(seat -> free(seat, 0)).toList(), 0);
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
    ask(new Learn(List.of(new SeatRow(2, SeatStatus.SOLD, ANN, 20, 0))));

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
    ask(new Learn(List.of(new SeatRow(2, SeatStatus.SOLD, ANN, 20, 0))));

    assertThat(ask(new Claim(1, ANN, List.of(2)))).isEqualTo(new Taken(List.of(2)));
  }

  @Test
  void aHouseSeatIsNotForSaleWhoeverAsks() {
    ask(
        new Learn(
            List.of(new SeatRow(1, SeatStatus.NOT_FOR_SALE, 0, 20, 0), held(2, BEN, 21, LATER))));

    assertThat(ask(new Claim(1, ANN, List.of(1, 2, 3)))).isEqualTo(new NotForSale(List.of(1)));
  }

  @Test
  void rowsOfALayoutImportedLaterGrowTheMap() {
    var empty = SeatMap.of(9, List.of(), 0);
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

  /** The member before may have shown version 2 with another seat held, and gone on to 3. */
  @Test
  void whatAnotherMemberGoesOnWithIsNeverTakenForWhatTheFirstHasShown() {
    ask(new Claim(1, ANN, List.of(2)));
    var before = look();

    map.takenOver(-17);

    var after = look();
    assertThat(after.epoch()).isNotEqualTo(before.epoch()).isBetween(1L, SeatMap.EPOCHS - 1);
    assertThat(ask(new Look(before.epoch(), after.version()))).isInstanceOf(Seen.class);
    assertThat(after.states()).isEqualTo(before.states());
  }

  @Test
  void theBoundMovesWithTheRowsAndNeverBack() {
    assertThat(ask(new AskBound())).isEqualTo(new Bound(0));

    ask(new Learn(List.of(held(2, ANN, 11, LATER)), 70));
    assertThat(ask(new AskBound())).isEqualTo(new Bound(70));
    ask(new Learn(List.of(free(2, 12)), 60));
    ask(new Learn(List.of()));
    assertThat(ask(new AskBound())).isEqualTo(new Bound(70));
    assertThat(look().status(2)).isEqualTo(SeatStatus.FREE);

    ask(new Learn(List.of(), 71));
    assertThat(ask(new AskBound())).as("without news, too").isEqualTo(new Bound(71));
  }

  @Test
  void aMapSaysWhereItContradictsRowsThatArentNewer() {
    var sold = new SeatRow(2, SeatStatus.SOLD, ANN, 20, 0);
    ask(new Learn(List.of(sold, held(3, BEN, 21, LATER))));

    assertThat(ask(new Compare(List.of(free(1, 0), free(2, 19), held(3, BEN, 22, LATER)))))
        .isEqualTo(new Compared(List.of(sold)));
    assertThat(ask(new Compare(List.of(new SeatRow(2, SeatStatus.SOLD, BEN, 20, 0)))))
        .as("the same fence, drawn again by a database that lost its end")
        .isEqualTo(new Compared(List.of(sold)));
    assertThat(ask(new Compare(List.of(sold, free(99, 0))))).isEqualTo(new Compared(List.of()));
  }

  @Test
  void whatTheDatabaseNeverHadIsOverruledUnlessTheMapHasLearnedMore() {
    var never = new SeatRow(2, SeatStatus.SOLD, ANN, 20, 0);
    ask(new Learn(List.of(never)));

    ask(new Overrule(List.of(never), List.of(free(2, 19))));
    assertThat(look().status(2)).isEqualTo(SeatStatus.FREE);

    ask(new Learn(List.of(held(2, BEN, 21, LATER))));
    ask(new Overrule(List.of(never), List.of(free(2, 19))));
    assertThat(look().status(2)).as("learned meanwhile").isEqualTo(SeatStatus.HELD);
  }

  @CanIgnoreReturnValue
  private SeatReply ask(SeatCommand command) {
    return ask(map, command);
  }

  @CanIgnoreReturnValue
  private SeatReply ask(SeatMap map, SeatCommand command) {
    return Aggregates.ask(map, command, now);
  }

  private SeatStates look() {
    return ((Seen) ask(new Look(0, 0))).states();
  }

  private static SeatRow free(int seat, long fence) {
    return new SeatRow(seat, SeatStatus.FREE, 0, fence, 0);
  }

  private static SeatRow held(int seat, long user, long fence, long deadline) {
    return new SeatRow(seat, SeatStatus.HELD, user, fence, deadline);
  }
}
