package io.concert.queue.api;

import java.util.List;

/**
 * A draw that was made: everything that anyone needs to compute it again.
 *
 * @param number of the room's draws, from 1
 * @param firstEpoch the places of this epoch and the following ones, one for each size, took part
 * @param sizes places by epoch: at least as many as were given; none if nobody came
 * @param drawnAtMillis database time
 * @param seed 32 bytes in hexadecimal; its SHA-256 was published before
 */
public record DrawResult(
    int number, int firstEpoch, List<Integer> sizes, long drawnAtMillis, String seed) {
  public DrawResult {
    sizes = List.copyOf(sizes);
  }

  public int lastEpoch() {
    return firstEpoch + sizes.size() - 1;
  }
}
