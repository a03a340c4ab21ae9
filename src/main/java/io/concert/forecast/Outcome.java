package io.concert.forecast;

import java.util.Arrays;
import java.util.List;

/**
 * How a sale went. Times are milliseconds since the opening. Everybody is one of: buyers, unpaid,
 * idle, gaveUp, inVain, tooLate.
 *
 * @param end what it ended with
 * @param endMillis when
 * @param sold seats
 * @param letIn people
 * @param buyers who paid
 * @param unpaid whose hold ran out
 * @param idle who was let in and did nothing
 * @param gaveUp who lost patience in line
 * @param inVain who came in time and stayed, in line or inside, and had no seats at the end
 * @param tooLate who came after the end
 * @param mostInside people at once
 * @param insideMillis of all people together, up to the end
 * @param waitingMillis of all people together, from the opening to the end
 * @param waits of those let in, ascending, from the opening or the own arrival
 * @param steps events that were looked at: what the forecast cost
 */
public record Outcome(
    End end,
    int endMillis,
    int sold,
    int letIn,
    int buyers,
    int unpaid,
    int idle,
    int gaveUp,
    int inVain,
    int tooLate,
    int mostInside,
    long insideMillis,
    long waitingMillis,
    Waits waits,
    List<Point> series,
    long steps) {
  /** What a sale ends with. */
  public enum End {
    SOLD_OUT,
    /** Everybody has come and gone, and there are seats left. */
    EVERYBODY_GONE,
    /** It has lasted for a day. */
    DAY_OVER
  }

  /** Waits of people, in milliseconds. */
  public static final class Waits {
    private final int[] ascending;

    Waits(int[] unsorted, int count) {
      ascending = Arrays.copyOf(unsorted, count);
      Arrays.sort(ascending);
    }

    /**
     * @param share 0.5 for the median
     * @return the wait that this share of people didn't exceed; 0 for nobody
     */
    public int quantile(double share) {
      int rank = (int) Math.ceil(share * ascending.length) - 1;
      return ascending.length == 0 ? 0 : ascending[Math.max(0, rank)];
    }

    long sum() {
      return Arrays.stream(ascending).asLongStream().sum();
    }
  }

  /** People a second, on average. */
  public double admittedPerSecond() {
    return endMillis == 0 ? 0 : 1000.0 * letIn / endMillis;
  }

  /** People inside, on average. */
  public double meanInside() {
    return endMillis == 0 ? 0 : (double) insideMillis / endMillis;
  }

  /** Of those let in, the share that bought. */
  public double conversion() {
    return letIn == 0 ? 0 : (double) buyers / letIn;
  }
}
