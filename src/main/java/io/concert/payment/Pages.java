package io.concert.payment;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table by their rising ids, a part at a time, however many there are. No connection is
 * kept between two parts, so a reader that takes long is in nobody's way. To be used by one reader.
 */
public final class Pages<T> {
  private final Supplier<Future<Span>> find;
  private final Function<Span, Future<List<T>>> read;
  private final ToLongFunction<T> id;
  private @Nullable Span rest;

  /**
   * Ids that are still to be read.
   *
   * @param after exclusive
   * @param last inclusive: what is written meanwhile would never end
   */
  record Span(long after, long last) {
    static final Span NONE = new Span(0, 0);
  }

  /**
   * @param find where the rows are
   * @param read the first rows of what is left
   */
  Pages(Supplier<Future<Span>> find, Function<Span, Future<List<T>>> read, ToLongFunction<T> id) {
    this.find = find;
    this.read = read;
    this.id = id;
  }

  /** The next rows, by id; none when all were read. To be called when the last one is there. */
  public Future<List<T>> next() {
    Span known = rest;
    return known == null ? find.get().compose(this::next) : next(known);
  }

  private Future<List<T>> next(Span from) {
    if (from.after >= from.last) {
      rest = from;
      return Future.succeededFuture(List.of());
    }
    return read.apply(from)
        .onSuccess(
            rows ->
                rest =
                    rows.isEmpty()
                        ? Span.NONE
                        : new Span(id.applyAsLong(rows.get(rows.size() - 1)), from.last));
  }
}
