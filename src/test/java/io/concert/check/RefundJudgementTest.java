package io.concert.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/** The smallest history that breaks each rule of refunds and debits, and its twin that doesn't. */
class RefundJudgementTest extends HandmadeHistory {
  /** As the service would write it. */
  private void isRefunded() {
    ((ObjectNode) rows("bill").get(0)).put("refunded", true);
    replaceOnly("claim", json("{'schedule':'s1','index':0,'seat':'s1-0','state':0}"));
    row("entry", "{'posting':'r1','bill':'b1','user':'ann','amount':100}");
    row("entry", "{'posting':'r1','amount':-100}");
    replaceOnly("account", json("{'user':'ann','balance':100}"));
  }

  @Test
  void refundThatWasAskedForIsRight() {
    buys("ann", "s1-0", "b1");
    did("ann", "refund", null, null, "b1");
    isRefunded();
    finds();
  }

  @Test
  void refundThatNobodyAskedForIsFound() {
    buys("ann", "s1-0", "b1");
    isRefunded();
    finds("I6 refused and done");
  }

  @Test
  void acknowledgedRefundThatWasNotMadeIsFound() {
    buys("ann", "s1-0", "b1");
    did("ann", "refund", null, null, "b1");
    finds("I5 refund lost");
  }

  @Test
  void cancelledDateGivesAllMoneyAndSeatsBack() {
    buys("ann", "s1-0", "b1");
    operator("cancel", null);
    row("schedule", "{'id':'s1','state':2}");
    finds("cancelled date unrefunded");
    isRefunded();
    finds();
    row("claim", "{'schedule':'s1','index':1,'seat':'s1-1','state':1}");
    finds("cancelled date held");
  }

  @Test
  void billThatWasDebitedTwiceOrNotIsFound() {
    buys("ann", "s1-0", "b1");
    debit("b1", "ann", 100);
    finds("I4 debit", "I5 money", "I2 balance");
  }

  @Test
  void refundThatMovesNoMoneyIsFound() {
    buys("ann", "s1-0", "b1");
    did("ann", "refund", null, null, "b1");
    isRefunded();
    rows("entry").removeIf(entry -> entry.path("posting").asText().equals("r1"));
    replaceOnly("account", json("{'user':'ann','balance':0}"));
    finds("I4 debit", "I5 money");
  }
}
