package io.concert.queue.line;

import java.util.Arrays;

/**
 * Counts by index with prefix sums and search by rank, each O(log n) (P. Fenwick, "A new data
 * structure for cumulative frequency tables", 1994).
 */
final class Fenwick {
  /** 1-based; the length less one is a power of two, so the last element is the sum of all. */
  private int[] tree = new int[1 + 16];

  void add(int index, int delta) {
    while (index >= capacity()) {
      grow();
    }
    for (int i = index + 1; i < tree.length; i += Integer.lowestOneBit(i)) {
      tree[i] += delta;
    }
  }

  /** The sum of the counts below {@code index}. */
  int before(int index) {
    int sum = 0;
    for (int i = Math.min(index, capacity()); i > 0; i -= Integer.lowestOneBit(i)) {
      sum += tree[i];
    }
    return sum;
  }

  int total() {
    return tree[capacity()];
  }

  /** The index in which the element with this zero-based rank lies; rank must be below total. */
  int indexOf(int rank) {
    int index = 0;
    int left = rank;
    for (int step = capacity(); step > 0; step >>= 1) {
      if (index + step < tree.length && tree[index + step] <= left) {
        index += step;
        left -= tree[index];
      }
    }
    return index;
  }

  private int capacity() {
    return tree.length - 1;
  }

  private void grow() {
    int total = total();
    tree = Arrays.copyOf(tree, 1 + 2 * capacity());
    tree[capacity()] = total;
  }
}
