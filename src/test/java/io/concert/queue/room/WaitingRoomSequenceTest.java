package io.concert.queue.room;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a room against {@link NaiveRoom}: the same answer at every step, from the room
 * and from every node that looks at it. {@code -Dsequences=} for more of them, {@code -Dseed=} to
 * see one again.
 */
public class WaitingRoomSequenceTest {
  private static final int SMALL = 6;
  private static final int LARGE = 1_500;

  /** One in so many sequences is of a large room. */
  private static final int LARGE_EVERY = 500;

  @Test
  void answersAsThePlainListDoesWhateverHappens() {
    long seed = Long.getLong("seed", System.nanoTime());
    int sequences = Integer.getInteger("sequences", 1_500);
    System.out.println("seed " + seed + ", " + sequences + " sequences");
    for (int i = 0; i < sequences; i++) {
      Random random = new Random(seed + i);
      boolean isLarge = i % LARGE_EVERY == LARGE_EVERY - 1;
      try {
        new RoomLife(random, isLarge ? LARGE : 1 + random.nextInt(SMALL))
            .run(isLarge ? 3_000 : 20 + random.nextInt(180));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("sequence " + i + " of seed " + seed, e);
      }
    }
  }
}
