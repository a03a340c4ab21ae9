package io.concert.http.holds;

import io.concert.catalog.Catalog;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What stands on the tickets of some seats. */
public final class SeatNames {
  private final Catalog catalog;

  public SeatNames(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * By seat. Never fails, as what it is asked for has happened already: a name that can't be looked
   * up now is missing.
   */
  public Future<Map<SeatId, String>> of(List<SeatId> seats) {
    Map<ScheduleId, Layout> layouts = new ConcurrentHashMap<>();
    List<Future<Layout>> loads =
        seats.stream()
            .map(SeatId::schedule)
            .distinct()
            .map(schedule -> catalog.layout(schedule).onSuccess(it -> layouts.put(schedule, it)))
            .toList();
    return Future.join(loads).transform(loaded -> Future.succeededFuture(names(seats, layouts)));
  }

  private static Map<SeatId, String> names(List<SeatId> seats, Map<ScheduleId, Layout> layouts) {
    Map<SeatId, String> names = new HashMap<>();
    for (SeatId seat : seats) {
      Layout layout = layouts.getOrDefault(seat.schedule(), Layout.EMPTY);
      layout.seatNoOf(seat).ifPresent(name -> names.put(seat, name));
    }
    return names;
  }
}
