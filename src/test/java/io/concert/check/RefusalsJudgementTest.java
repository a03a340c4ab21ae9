package io.concert.check;

import org.junit.jupiter.api.Test;

/** The smallest history that breaks each rule of what mustn't happen, and its twin that doesn't. */
class RefusalsJudgementTest extends HandmadeHistory {
  @Test
  void keyWithTwoAnswersIsFound() {
    answered("ann", "extend", "s1-0", "k", "body", "{'holdId':'h1'}");
    answered("ann", "extend", "s1-0", "k", "body", "{'holdId':'h1'}");
    answered("bob", "extend", "s1-0", "k", "other", "{'holdId':'h2'}");
    finds();
    answered("ann", "extend", "s1-0", "k", "body", "{'holdId':'h3'}");
    finds("I7 two answers");
  }

  @Test
  void timeOfDayMayDifferBetweenAnswersToOneKey() {
    answered("ann", "charge", null, "k", "body", "{'serverTime':'1970-01-01T00:00:01Z'}");
    answered("ann", "charge", null, "k", "body", "{'serverTime':'1970-01-01T00:00:02Z'}");
    finds();
  }

  @Test
  void keyThatServesTwoBodiesIsFound() {
    answered("ann", "charge", null, "k", "100", "{}");
    answered("ann", "charge", null, "k", "200", "{}");
    finds("I7 key used again");
  }

  @Test
  void billOfAnotherPersonIsFound() {
    buys("bob", "s1-0", "b1");
    answered("bob", "bills", null, null, null, "{'items':[{'billId':'b1'}]}");
    finds();
    answered("ann", "bills", null, null, null, "{'items':[{'billId':'b1'}]}");
    finds("I10 other's bill");
  }

  @Test
  void cancelledDateThatIsHeldOrSoldIsFound() {
    hold("ann", "s1-0", "h1", 0, 10);
    operator("cancel", null);
    finds();
    hold("bob", "s1-1", "h2", 0, 10);
    finds("cancelled date sold");
  }

  @Test
  void closedDateThatIsHeldIsFoundAndThatIsPaidIsNot() {
    charged("ann", 100);
    hold("ann", "s1-0", "h1", 0, 30);
    operator("close", null);
    paidWithoutHold("ann", "s1-0", 201, "{'billId':'b1'}");
    bill("b1", "ann", "s1-0", 100);
    finds();
    hold("bob", "s1-1", "h2", 0, 10);
    finds("closed date sold");
  }

  @Test
  void blockedSeatThatIsHeldIsFoundUntilItIsReleased() {
    operator("block", "s1-0");
    operator("release-blocks", "s1-0");
    hold("ann", "s1-0", "h1", 0, 10);
    finds();
    operator("block", "s1-1");
    hold("ann", "s1-1", "h2", 20, 30);
    finds("blocked seat sold");
  }

  @Test
  void bannedPersonWhoHoldsIsFound() {
    hold("ann", "s1-0", "h1", 0, 10);
    did("operator", "ban", null, null, "ann");
    hold("bob", "s1-1", "h2", 0, 10);
    finds();
    hold("ann", "s1-2", "h3", 20, 30);
    finds("banned person buys");
  }

  @Test
  void holdThatIsProlongedTwiceIsFound() {
    String once = "{'holdId':'h1','holdDeadline':'1970-01-01T00:00:20Z'}";
    answered("ann", "extend", "s1-0", null, null, once);
    answered("ann", "extend", "s1-0", null, null, once);
    finds();
    answered("ann", "extend", "s1-0", null, null, once.replace(":20Z", ":30Z"));
    finds("hold prolonged twice");
  }
}
