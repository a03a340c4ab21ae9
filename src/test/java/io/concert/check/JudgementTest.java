package io.concert.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories made by hand: the smallest that breaks each rule, and its twin that doesn't. */
class JudgementTest extends HandmadeHistory {

  @Test
  void twoPlacesForTwoPeopleAreRight() {
    told("ann", "join", 201, place(1, 7, "WAITING"));
    told("bob", "join", 201, place(1, 8, "WAITING"));
    told("ann", "join", 202, place(1, 7, "WAITING"));
    finds();
  }

  @Test
  void onePlaceForTwoPeopleIsFound() {
    told("ann", "join", 201, place(1, 7, "WAITING"));
    told("bob", "join", 201, place(1, 7, "WAITING"));
    finds("I14 place given twice");
    assertThat(judgement().violations().get(0).operations()).containsExactly(1L, 2L);
  }

  @Test
  void newPlaceForWhoHasOneIsFound() {
    told("ann", "join", 201, place(1, 7, "WAITING"));
    told("ann", "join", 201, place(2, 0, "WAITING"));
    finds("I14 place lost");
  }

  @Test
  void endedOutOfNothingIsFound() {
    told("ann", "join", 201, place(1, 7, "WAITING"));
    told("ann", "poll", 202, "{'state':'ENDED'}");
    finds("I14 place lost");
  }

  @Test
  void whoLeftOrPaidMayHearAnything() {
    told("ann", "join", 201, place(1, 7, "ACTIVE"));
    told("ann", "leave", null, "");
    told("ann", "poll", 202, "{'state':'ENDED'}");
    charged("bob", 100);
    bill("b1", "bob", "s1-0", 100);
    told("bob", "join", 201, place(1, 8, "ACTIVE"));
    paid("bob", "s1-0", 504, "{}");
    told("bob", "poll", 403, "{'code':'NOT_ADMITTED'}");
    finds();
  }

  @Test
  void leavingThatWasRefusedEndsNothing() {
    told("ann", "join", 201, place(1, 7, "WAITING"));
    told("ann", "leave", 503, "{'code':'UNAVAILABLE'}");
    told("ann", "poll", 401, "{'code':'UNAUTHORIZED'}");
    finds("I14 place lost");
  }

  @Test
  void whoWasActiveAndWaitsOrIsTurnedAwayIsFound() {
    told("ann", "join", 201, place(1, 7, "ACTIVE"));
    told("ann", "poll", 202, "{'state':'WAITING'}");
    told("ann", "hold", 403, "{'code':'NOT_ADMITTED'}");
    finds("I14 admission lost", "I14 admission lost");
  }

  @Test
  void whoWaitsMayBeTurnedAwayFromSeats() {
    told("ann", "join", 201, place(1, 7, "WAITING"));
    told("ann", "hold", 403, "{'code':'NOT_ADMITTED'}");
    told("ann", "poll", 503, "{'code':'UNAVAILABLE'}");
    finds();
  }

  @Test
  void paymentThatIsInTheBooksIsRight() {
    buys("ann", "s1-0", "b1");
    finds();
  }

  @Test
  void acknowledgedPaymentWithoutABillIsFound() {
    charged("ann", 100);
    paid("ann", "s1-0", 201, "{'billId':'b1'}");
    finds("I5 payment lost", "I5 money");
  }

  @Test
  void billOfAnotherSeatIsFound() {
    charged("ann", 100);
    paid("ann", "s1-0", 201, "{'billId':'b1'}");
    bill("b1", "ann", "s1-3", 100);
    finds("I5 payment changed", "I6 refused and done");
  }

  @Test
  void seatSoldToTwoIsFound() {
    charged("ann", 100);
    charged("bob", 100);
    paid("ann", "s1-0", 201, "{'billId':'b1'}");
    paid("bob", "s1-0", 201, "{'billId':'b2'}");
    bill("b1", "ann", "s1-0", 100);
    bill("b2", "bob", "s1-0", 100);
    finds("I1 seat sold twice", "I1 seat sold twice");
  }

  @Test
  void refusedPaymentWithAnEffectIsFound() {
    charged("ann", 100);
    paid("ann", "s1-0", 503, "{'code':'UNAVAILABLE'}");
    bill("b1", "ann", "s1-0", 100);
    finds("I6 refused and done", "I5 money");
  }

  @Test
  void paymentOfUnknownOutcomeMayHaveHappened() {
    charged("ann", 100);
    paid("ann", "s1-0", null, "");
    bill("b1", "ann", "s1-0", 100);
    finds();
  }

  @Test
  void debitTakenTwiceIsFound() {
    charged("ann", 200);
    paid("ann", "s1-0", null, "");
    paid("ann", "s1-0", 201, "{'billId':'b1'}");
    bill("b1", "ann", "s1-0", 100);
    debit("again", "ann", 100);
    finds("I5 money");
  }

  @Test
  void soldSeatWithoutABillIsFound() {
    row("claim", "{'schedule':'s1','index':0,'seat':'s1-0','state':2}");
    finds("I4 sold means billed");
  }

  @Test
  void balanceThatItsEntriesDoNotMakeIsFound() {
    row("account", "{'user':'zoe','balance':5}");
    finds("I2 balance");
  }

  @Test
  void postingThatDoesNotSumToZeroIsFound() {
    row("entry", "{'posting':1,'amount':5}");
    finds("I3 posting");
  }

  @Test
  void moreThanTheCapacityIsFoundAndOneAfterTheOtherIsNot() {
    row("room", "{'id':'default','capacity':1}");
    row("session", "{'room':'default','admittedMicros':1,'endedMicros':5}");
    row("session", "{'room':'default','admittedMicros':5,'endedMicros':9}");
    finds();
    row("session", "{'room':'default','admittedMicros':8}");
    finds("I13 capacity");
  }

  @Test
  void mapThatDiffersFromTheDatabaseIsFound() {
    row("claim", "{'schedule':'s1','index':0,'seat':'s1-0','state':0}");
    maps.add(json("{'node':'node2','schedule':'s1','states':[1]}"));
    finds("I12 seat map");
  }

  @Test
  void tooLittleIsNotCalledValid() {
    assertThat(judgement().verdict()).isEqualTo("unknown");
    assertThat(judgement().missing()).hasSize(12);
  }

  @Test
  void faultThatHitsNothingInFlightIsTooLittle() {
    disturbances.add(new Disturbance("KILL", "node1", 1_000, 2_000));
    assertThat(judgement().missing()).contains("KILL of node1 hit nothing in flight");
  }

  @Test
  void longestTimeWithoutAPurchaseIsMeasured() {
    disturbances.add(new Disturbance("KILL", "node1", 5, 6));
    add("ann", "pay", "s1-0", 100, 1, 9L, 201, "{}");
    add("bob", "pay", "s1-1", 100, 7, 20L, 201, "{}");
    add("cid", "poll", null, 0, 29, 30L, 202, "{}");
    assertThat(judgement().recoveries().byKind()).containsEntry("KILL", List.of(11L));
    assertThat(Recoveries.percentile(List.of(1L, 2L, 3L, 4L), 0.95)).isEqualTo(4);
  }

  @Test
  void serviceThatStandsStillWithAMajorityAliveIsFound() {
    disturbances.add(new Disturbance("PAUSE", "node1", 5, 6));
    disturbances.add(new Disturbance("KILL_TWO", "node1", 20_010, 20_011));
    add("ann", "poll", null, 0, 4, 6L, 202, "{}");
    add("ann", "poll", null, 0, 20_000, 20_011L, 202, "{}");
    add("ann", "poll", null, 0, 50_000, 50_001L, 202, "{}");
    assertThat(judgement().violations())
        .extracting(Violation::rule, Violation::what)
        .containsExactly(
            tuple(
                "service stood still",
                "20005 ms after Disturbance[kind=PAUSE, target=node1, from=5, to=6]"));
  }

  @Test
  void mapWithoutSeatsIsFound() {
    row("claim", "{'schedule':'s1','index':0,'seat':'s1-0','state':0}");
    maps.add(json("{'node':'node2','schedule':'s1','states':[]}"));
    finds("I12 seat map");
  }

  @Test
  void seatThatIsHeldByTwoIsFoundAndByOneAfterTheOtherIsNot() {
    hold("ann", "s1-0", "h1", 0, 10);
    hold("bob", "s1-0", "h2", 10, 20);
    finds();
    hold("cid", "s1-0", "h3", 15, 25);
    finds("I9 seat held twice");
  }

  @Test
  void seatThatWasGivenBackMayBeHeld() {
    hold("ann", "s1-0", "h1", 0, 10);
    add("ann", "release", "s1-0", 0, clock, clock + 1, 204, "");
    hold("bob", "s1-0", "h2", 5, 15);
    finds();
  }

  @Test
  void soldSeatThatIsHeldIsFoundUntilItIsRefunded() {
    buys("ann", "s1-0", "b1");
    hold("bob", "s1-0", "h2", 50, 59);
    finds("I9 sold seat held");
    add("operator", "cancel", null, 0, 1, null, null, "");
    finds();
  }

  @Test
  void refusalOfASeatThatNobodyHadIsFound() {
    add("ann", "hold", "s1-0", 0, 0, 1L, 200, "{'isReserved':false,'reason':'SEAT_TAKEN'}");
    finds("I9 refused for nothing");
    add("bob", "hold", "s1-0", 0, 0, null, null, "");
    finds();
  }

  @Test
  void holdThatCannotBePaidBeforeItsDeadlineIsFound() {
    hold("ann", "s1-0", "h1", 0, 59);
    paidWithoutHold("ann", "s1-0", 403, "{'code':'HOLD_REQUIRED'}");
    finds("I9 hold lost");
  }

  @Test
  void paymentWithoutAHoldIsFound() {
    charged("ann", 100);
    paidWithoutHold("ann", "s1-0", 201, "{'billId':'b1'}");
    bill("b1", "ann", "s1-0", 100);
    finds("I8 paid without a hold");
  }

  @Test
  void billFromAfterTheDeadlineIsFound() {
    hold("ann", "s1-0", "h1", 0, 10);
    charged("ann", 100);
    paidWithoutHold("ann", "s1-0", 201, "{'billId':'b1'}");
    bill("b1", "ann", "s1-0", 100);
    finds();
    replaceOnly(
        "bill",
        json(
            "{'id':'b1','user':'ann','seat':'s1-0','price':100,'refunded':false,'hold':'h1',"
                + "'createdMicros':11000000}"));
    finds("I8 paid too late");
  }

  @Test
  void priceThatIsNotTheCataloguesIsFound() {
    buys("ann", "s1-0", "b1");
    replaceOnly("claim", json("{'schedule':'s1','index':0,'seat':'s1-0','state':2,'price':200}"));
    finds("I4 price");
  }

  @Test
  void moreSeatsThanTheLimitAreFound() {
    row("schedule", "{'id':'s1','holdLimit':1}");
    hold("ann", "s1-0", "h1", 0, 10);
    hold("ann", "s1-1", "h2", 11, 20);
    finds();
    hold("ann", "s1-2", "h3", 12, 20);
    finds("hold limit");
  }

  @Test
  void placeThatOpensTwiceAndPersonWhoIsInTwiceAreFound() {
    row("room", "{'id':'default','capacity':5}");
    row(
        "session",
        "{'room':'default','user':'ann','epoch':1,'sequence':1,'admittedMicros':1,'endedMicros':5}");
    row("session", "{'room':'default','user':'bob','epoch':1,'sequence':1,'admittedMicros':6}");
    finds("I14 place opened twice");
    row("session", "{'room':'default','user':'bob','epoch':1,'sequence':2,'admittedMicros':7}");
    finds("I14 place opened twice", "I13 two sessions");
  }

  @Test
  void holdAndSessionPastTheirEndAreFound() {
    row("now", "{'micros':9000000}");
    row("room", "{'id':'default','capacity':5}");
    row("session", "{'room':'default','admittedMicros':1,'lastsMicros':8000000}");
    finds();
    row("session", "{'room':'default','admittedMicros':2,'lastsMicros':6000000}");
    row("claim", "{'seat':'s1-0','state':1,'deadlineMicros':6000000}");
    finds("I12 session past its end", "I12 hold past its deadline");
  }

  @Test
  void saleWithoutAnEventIsFound() {
    buys("ann", "s1-0", "b1");
    row("setting", "{'events':true}");
    finds("event lost");
    row("event", "{'kind':1,'bill':'b1'}");
    finds();
    row("event", "{'kind':1,'bill':'b1'}");
    finds("event too many");
  }
}
