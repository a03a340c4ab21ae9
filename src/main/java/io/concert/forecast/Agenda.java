package io.concert.forecast;

import java.util.Arrays;

/**
 * What is to happen when, earliest first; at one time by kind, then by id, so that a run can be
 * repeated. A binary heap of longs: a million people would be a lot of objects.
 */
public final class Agenda {
  /** Ids take 28 bits, kinds 4, and times the rest. */
  public static final int MOST_IDS = 1 << 28;

  private static final int KIND_SHIFT = 28;
  private static final int TIME_SHIFT = 32;

  private long[] heap = new long[1024];
  private int size;

  /**
   * @param millis from the beginning, not negative
   * @param kind from 0 to 15
   */
  public void add(int millis, int kind, int id) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    long entry = (long) millis << TIME_SHIFT | (long) kind << KIND_SHIFT | id;
    int hole = size++;
    for (int parent = (hole - 1) >> 1; hole > 0 && heap[parent] > entry; parent = (hole - 1) >> 1) {
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = entry;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** When the next entry is due; only if there is one. */
  public int nextMillis() {
    return millisOf(heap[0]);
  }

  /** Takes the next entry out. */
  public long next() {
    long first = heap[0];
    long last = heap[--size];
    int hole = 0;
    for (int child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = last;
    return first;
  }

  public static int millisOf(long entry) {
    return (int) (entry >>> TIME_SHIFT);
  }

  public static int kindOf(long entry) {
    return (int) (entry >>> KIND_SHIFT) & 15;
  }

  public static int idOf(long entry) {
    return (int) entry & MOST_IDS - 1;
  }
}
