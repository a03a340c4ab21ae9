package io.concert.user;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Work that waits, taken from one asker after the other, of each the oldest first: anyone who asks
 * for little waits for little, however much somebody else asks for. When it is full, the asker who
 * has most in it gives way.
 *
 * @param <A> who asks
 * @param <W> what they ask for
 */
final class FairQueue<A, W> {
  private final int most;
  private final int mostOfOne;

  /** In the order of their turns. */
  private final Map<A, Deque<W>> waiting = new LinkedHashMap<>();

  private int size;

  /**
   * @param most in all
   * @param mostOfOne of one asker
   */
  FairQueue(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /**
   * @return what isn't going to be done: that very work, the newest of the asker who has most, or
   *     nothing
   */
  Optional<W> add(A asker, W work) {
    Deque<W> own = waiting.get(asker);
    int before = own == null ? 0 : own.size();
    if (before >= mostOfOne) {
      return Optional.of(work);
    }
    Optional<W> gaveWay = Optional.empty();
    if (size >= most) {
      Optional<Deque<W>> longest =
          waiting.values().stream().max(Comparator.comparingInt(Deque::size));
      if (longest.isEmpty() || longest.get().size() <= before + 1) {
        return Optional.of(work);
      }
      gaveWay = Optional.of(longest.get().removeLast());
      size--;
    }
    waiting.computeIfAbsent(asker, a -> new ArrayDeque<>()).addLast(work);
    size++;
    return gaveWay;
  }

  /** What to do next; its asker's turn comes again after everybody else's. */
  Optional<W> next() {
    var turns = waiting.entrySet().iterator();
    if (!turns.hasNext()) {
      return Optional.empty();
    }
    Map.Entry<A, Deque<W>> turn = turns.next();
    A asker = turn.getKey();
    Deque<W> own = turn.getValue();
    turns.remove();
    W work = own.removeFirst();
    size--;
    if (!own.isEmpty()) {
      waiting.put(asker, own);
    }
    return Optional.of(work);
  }
}
