package io.concert.queue.api;

import io.concert.domain.Place;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The order that a {@link DrawResult} stands for: an even shuffle of all places that took part,
 * which anyone can compute again.
 *
 * <p>The places are numbered by epoch and sequence, then shuffled (Durstenfeld 1964, Algorithm
 * 235): for i from the last to 1, places i and j are swapped, j being even over 0 to i. Random
 * words are the successive 32-bit big-endian pieces of SHA-256(seed ‖ block as 8 bytes), block = 0,
 * 1, …; a word w is skipped if it isn't below the largest multiple of i + 1 up to 2^32, else j = w
 * mod (i + 1). Numbers that were never given leave positions where nobody stands.
 *
 * <p>Costs 8 bytes a place and for a million about 0.1 s.
 */
public final class Draw {
  private static final long WORDS = 1L << Integer.SIZE;

  private final DrawResult result;
  private final int[] numberAt;
  private final int[] positionOf;

  public Draw(DrawResult result) {
    this.result = result;
    int size = result.sizes().stream().reduce(0, Math::addExact);
    this.numberAt = shuffled(size, HexFormat.of().parseHex(result.seed()));
    this.positionOf = new int[size];
    for (int position = 0; position < size; position++) {
      positionOf[numberAt[position]] = position;
    }
  }

  /** How many positions there are. */
  public int size() {
    return numberAt.length;
  }

  /**
   * @param position zero-based, below {@link #size}
   */
  public Place placeAt(int position) {
    int number = numberAt[position];
    int epoch = result.firstEpoch();
    for (int size : result.sizes()) {
      if (number < size) {
        return new Place(epoch, number);
      }
      number -= size;
      epoch++;
    }
    throw new IllegalStateException("the sizes don't add up");
  }

  public DrawResult result() {
    return result;
  }

  public int firstEpoch() {
    return result.firstEpoch();
  }

  public int lastEpoch() {
    return result.lastEpoch();
  }

  /**
   * @return the zero-based position of a place, or -1 if no such place took part
   */
  public int positionOf(Place place) {
    if (place.epoch() < firstEpoch() || place.epoch() > lastEpoch() || place.sequence() < 0) {
      return -1;
    }
    int before = 0;
    int nth = place.epoch() - firstEpoch();
    for (int i = 0; i < nth; i++) {
      before += result.sizes().get(i);
    }
    return place.sequence() < result.sizes().get(nth)
        ? positionOf[before + (int) place.sequence()]
        : -1;
  }

  private static int[] shuffled(int size, byte[] seed) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    Words words = new Words(seed);
    for (int i = size - 1; i > 0; i--) {
      int j = words.below(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  private static final class Words {
    private final MessageDigest sha256;
    private final byte[] seed;
    private ByteBuffer block = ByteBuffer.allocate(0);
    private long blocks;

    Words(byte[] seed) {
      this.seed = seed;
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }

    int below(int bound) {
      long limit = WORDS - WORDS % bound;
      long word = next();
      while (word >= limit) {
        word = next();
      }
      return (int) (word % bound);
    }

    private long next() {
      if (!block.hasRemaining()) {
        sha256.update(seed);
        block = ByteBuffer.wrap(sha256.digest(ByteBuffer.allocate(8).putLong(blocks++).array()));
      }
      return Integer.toUnsignedLong(block.getInt());
    }
  }
}
