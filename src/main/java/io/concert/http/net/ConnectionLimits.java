package io.concert.http.net;

/**
 * What clients may take of a node's memory.
 *
 * @param most connections
 * @param mostOfOne connections of one network
 * @param bodyBytes received of requests that aren't answered yet
 * @param bodyBytesOfOne the same from one network
 */
public record ConnectionLimits(int most, int mostOfOne, long bodyBytes, long bodyBytesOfOne) {
  /** A connection with a request under way, buffers and all; measured with withheld bodies. */
  private static final long CONNECTION_BYTES = 32 * 1024;

  /** All together may take half of the heap, so that the sale goes on. */
  private static final int OF_THE_HEAP = 2;

  private static final int BODIES_OF_THE_HEAP = 8;

  /** The largest seat plan must always fit. */
  private static final long LEAST_BODY_BYTES = 32L * 1024 * 1024;

  /** One network may have a quarter: an office, a school, or a mobile carrier's address. */
  private static final int OF_ONE_NETWORK = 4;

  /**
   * @param most at most so many, whatever there is of memory
   * @param heapBytes the most that this program may take
   * @param limitsOne whether one network may have less than all
   */
  public static ConnectionLimits of(int most, long heapBytes, boolean limitsOne) {
    int fitting = (int) Math.min(most, heapBytes / OF_THE_HEAP / CONNECTION_BYTES);
    long bodies = Math.max(LEAST_BODY_BYTES, heapBytes / BODIES_OF_THE_HEAP);
    return limitsOne
        ? new ConnectionLimits(
            fitting,
            Math.max(1, fitting / OF_ONE_NETWORK),
            bodies,
            Math.max(LEAST_BODY_BYTES, bodies / OF_ONE_NETWORK))
        : new ConnectionLimits(fitting, fitting, bodies, bodies);
  }
}
