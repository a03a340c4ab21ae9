package io.concert.catalog;

import io.concert.catalog.layout.Layout;
import io.concert.domain.ConcertId;
import io.concert.domain.ScheduleId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * What is on sale. Answers come from memory and are at most a second old; while the database is
 * away, the last known ones are served. Safe to call from any thread; a caller on a Vert.x context
 * is answered there.
 */
public interface Catalog {
  /**
   * @return all concerts, oldest first; fails with a {@link io.concert.domain.Fault} only if this
   *     node has never reached the database
   */
  Future<List<Concert>> concerts();

  /** One concert, empty if there is none of that id; fails as {@link #concerts}. */
  Future<Optional<Concert>> concert(ConcertId id);

  /** One date, empty if there is none of that id; fails as {@link #concerts}. */
  Future<Optional<Schedule>> schedule(ScheduleId id);

  /**
   * The seats of one date, in the order of their indexes.
   *
   * @return {@link Layout#EMPTY} while none was imported, and for an unknown date; fails with a
   *     {@link io.concert.domain.Fault} when it has to be read and the database is away
   */
  Future<Layout> layout(ScheduleId id);

  /**
   * The layout, only if some seats' indexes aren't their positions in it, so that a reader who just
   * needs to know that need not have all layouts loaded; fails as {@link #layout}.
   */
  default Future<Optional<Layout>> reordered(ScheduleId id) {
    return layout(id).map(layout -> layout.isInOrder() ? Optional.empty() : Optional.of(layout));
  }
}
