package io.concert.queue.pace;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How fast a room has moved in the last five minutes while people waited: slots that opened, and
 * people in line who vanished. Whole numbers only, so that every copy of a room counts alike.
 */
public final class ThroughputWindow {
  private static final int BUCKETS = 60;
  private static final long BUCKET_MILLIS = 5_000;

  private final int[] openings = new int[BUCKETS];
  private final int[] departures = new int[BUCKETS];
  private final long[] waitedMillis = new long[BUCKETS];
  private final long[] presentMillis = new long[BUCKETS];
  private long lastMillis;

  /**
   * Sums over the window.
   *
   * @param openings slots that became free
   * @param millis for how long somebody waited
   * @param departures people present who became absent or left, less those who came back
   * @param presentMillis present people times milliseconds
   */
  public record Sums(long openings, long millis, long departures, long presentMillis) {}

  /**
   * Time goes on; between the last call and this one {@code present} people waited.
   *
   * @param nowMillis never less than before
   */
  public void advance(long nowMillis, int present) {
    long bucket = nowMillis / BUCKET_MILLIS;
    long oldest = bucket - BUCKETS + 1;
    for (long b = Math.max(lastMillis / BUCKET_MILLIS + 1, oldest); b <= bucket; b++) {
      clear(slot(b));
    }
    long from = Math.max(lastMillis, oldest * BUCKET_MILLIS);
    while (present > 0 && from < nowMillis) {
      long until = Math.min(nowMillis, (from / BUCKET_MILLIS + 1) * BUCKET_MILLIS);
      waitedMillis[slot(from / BUCKET_MILLIS)] += until - from;
      presentMillis[slot(from / BUCKET_MILLIS)] += (until - from) * present;
      from = until;
    }
    lastMillis = nowMillis;
  }

  /** A slot has become free while somebody waited. */
  public void opened(int slots) {
    openings[slot(lastMillis / BUCKET_MILLIS)] += slots;
  }

  /** Somebody in line has gone, or, negative, come back. */
  public void departed(int people) {
    departures[slot(lastMillis / BUCKET_MILLIS)] += people;
  }

  public Sums sums() {
    long opened = 0;
    long waited = 0;
    long departed = 0;
    long present = 0;
    for (int i = 0; i < BUCKETS; i++) {
      opened += openings[i];
      waited += waitedMillis[i];
      departed += departures[i];
      present += presentMillis[i];
    }
    return new Sums(opened, waited, departed, present);
  }

  public void write(DataOutput out) throws IOException {
    out.writeLong(lastMillis);
    for (int i = 0; i < BUCKETS; i++) {
      out.writeInt(openings[i]);
      out.writeInt(departures[i]);
      out.writeLong(waitedMillis[i]);
      out.writeLong(presentMillis[i]);
    }
  }

  public void read(DataInput in) throws IOException {
    lastMillis = in.readLong();
    for (int i = 0; i < BUCKETS; i++) {
      openings[i] = in.readInt();
      departures[i] = in.readInt();
      waitedMillis[i] = in.readLong();
      presentMillis[i] = in.readLong();
    }
  }

  private void clear(int slot) {
    openings[slot] = 0;
    departures[slot] = 0;
    waitedMillis[slot] = 0;
    presentMillis[slot] = 0;
  }

  private static int slot(long bucket) {
    return (int) (bucket % BUCKETS);
  }
}
