package io.concert.queue.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedNumbersTest {
  private static final int BEGIN = 3;

  @Test
  void everyWidthComesBackAsItWas() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      int bits = random.nextInt(Long.SIZE + 1);
      long base = random.nextLong();
      long[] numbers =
          random
              .longs(1 + random.nextInt(100))
              .map(number -> base + (bits == 0 ? 0 : number >>> (Long.SIZE - bits)))
              .toArray();
      assertThat(again(numbers)).as("seed %d", seed).isEqualTo(numbers);
    }
  }

  @Test
  void extremesBesideEachOtherComeBack() {
    long[] numbers = {Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1};
    assertThat(again(numbers)).isEqualTo(numbers);
  }

  @Test
  void equalNumbersTakeNoBytesOfTheirOwn() {
    assertThat(bytesFor(-2, -2, -2, -2)).isEqualTo(1 + Long.BYTES);
  }

  @Test
  void eachTakesWhatTheLargestDifferenceNeeds() {
    assertThat(bytesFor(1_000_000, 1_000_255)).isEqualTo(1 + Long.BYTES + 2);
    assertThat(bytesFor(1_000_000, 1_000_256)).isEqualTo(1 + Long.BYTES + 2 * 2);
    assertThat(bytesFor(-1, 0xFF_FFFFL)).isEqualTo(1 + Long.BYTES + 2 * 4);
  }

  private static int bytesFor(long... numbers) {
    return PackedNumbers.write(numbers, new byte[100], 0);
  }

  /** Written between other bytes, which stay as they are but for the slack. */
  private static long[] again(long[] numbers) {
    byte[] bytes = new byte[BEGIN + PackedNumbers.mostBytes(numbers.length) + PackedNumbers.SLACK];
    Arrays.fill(bytes, (byte) 0x5A);
    int end = PackedNumbers.write(numbers, bytes, BEGIN);
    assertThat(bytes).startsWith(0x5A, 0x5A, 0x5A);
    assertThat(end - BEGIN).isLessThanOrEqualTo(PackedNumbers.mostBytes(numbers.length));
    assertThat(PackedNumbers.end(numbers.length, bytes, BEGIN)).isEqualTo(end);
    Arrays.fill(bytes, end, bytes.length, (byte) 0xA5);
    long[] read = new long[numbers.length];
    assertThat(PackedNumbers.read(read, bytes, BEGIN)).isEqualTo(end);
    return read;
  }
}
