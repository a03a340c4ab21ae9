package io.concert.postgres.batch;

import io.vertx.sqlclient.Row;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the verdicts of one family of functions.
 *
 * @param <V> an enum
 */
public final class Verdicts<V extends Verdict> {
  private final String function;
  private final Map<Integer, V> byNumber;

  /**
   * @param function whose numbers they are, for whoever reads that one isn't known
   * @param all what it may answer
   */
  public Verdicts(String function, V[] all) {
    this.function = function;
    byNumber = Stream.of(all).collect(Collectors.toMap(Verdict::number, Function.identity()));
  }

  /**
   * @param row with a column {@code verdict}
   * @throws IllegalStateException for a number that isn't known: a defect, or another version's
   */
  public V of(Row row) {
    return of(row.getInteger("verdict"));
  }

  /** As {@link #of(Row)}. */
  public V of(int number) {
    V verdict = byNumber.get(number);
    if (verdict == null) {
      throw new IllegalStateException(function + " answered " + number);
    }
    return verdict;
  }
}
