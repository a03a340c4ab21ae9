package io.concert.e2e.faults;

import java.util.concurrent.ExecutionException;

/**
 * More than a thousand cuts of the links between a node and its database while it sells; see {@link
 * CutLinks}. Ends with an error if the books aren't what the buyers were told.
 *
 * <p>{@code mvn -q -DskipTests package exec:java@run -Drun=cut-links}
 */
public final class CutCampaign {
  private static final int PURCHASES = 600;
  private static final int CUT_EVERY_MILLIS = 20;

  private CutCampaign() {}

  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    CutLinks.Outcome outcome = CutLinks.sell(PURCHASES, CUT_EVERY_MILLIS, seed);
    System.out.println(outcome);
    if (outcome.cuts() < 1_000) {
      throw new AssertionError("too few cuts to say anything");
    }
    System.out.println("every purchase has its one seat, bill and debit; invariants hold");
    System.exit(0);
  }
}
