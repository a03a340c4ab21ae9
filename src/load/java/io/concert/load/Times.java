package io.concert.load;

/** Counts durations in buckets of about a hundredth of their size, so that memory is fixed. */
public final class Times {
  private static final int SUB_BITS = 6;
  private static final int SUBS = 1 << SUB_BITS;

  private final long[] counts = new long[64 * SUBS];
  private long count;
  private long most;

  public void add(long nanos) {
    long value = Math.max(1, nanos);
    counts[bucket(value)]++;
    count++;
    most = Math.max(most, value);
  }

  public void addAll(Times other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
    most = Math.max(most, other.most);
  }

  public long count() {
    return count;
  }

  public double mostMillis() {
    return most / 1e6;
  }

  /**
   * @param share 0.99: this share took no longer
   * @return milliseconds; 0 without any
   */
  public double millis(double share) {
    long rank = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank && seen > 0) {
        return Math.min(upper(i), most) / 1e6;
      }
    }
    return 0;
  }

  private static int bucket(long value) {
    int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(value) - SUB_BITS);
    return shift * SUBS + (int) (value >>> shift);
  }

  private static long upper(int bucket) {
    int shift = Math.max(0, bucket / SUBS - 1);
    return ((long) (bucket - shift * SUBS) + 1) << shift;
  }
}
