package io.concert.catalog;

import io.concert.catalog.layout.Layout;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One date of a concert.
 *
 * @param opensAt when the sale opens; empty: at once
 * @param closesAt when it ends, exclusive; empty: when the show begins
 * @param refundUntil until when buyers may give tickets back, exclusive; empty: until the start
 * @param saleSwitch what the operator has set; {@link #state} is what follows from it
 * @param seats 0 while no layout was imported
 * @param reorderedEnd one more than the largest index of a seat, if the indexes aren't the seats'
 *     positions in the layout
 * @param layoutVersion names the layout, as {@link Layout#version}; empty while none was imported
 * @param priceFrom the cheapest seat's price; empty while no layout was imported
 */
public record Schedule(
    ScheduleId id,
    ConcertId concert,
    RoomId room,
    int holdLimit,
    Instant startsAt,
    Optional<Instant> opensAt,
    Optional<Instant> closesAt,
    Optional<Instant> refundUntil,
    SaleSwitch saleSwitch,
    int seats,
    OptionalInt reorderedEnd,
    Optional<String> layoutVersion,
    Optional<Won> priceFrom) {

  /** No seat's index is greater or equal. */
  public int indexEnd() {
    return reorderedEnd.orElse(seats);
  }

  /**
   * @param now the database's time
   */
  public SaleState state(Instant now) {
    return switch (saleSwitch) {
      case CANCELLED -> SaleState.CANCELLED;
      case CLOSED -> SaleState.CLOSED;
      case OPEN -> byTheClock(now);
    };
  }

  /** Whether seats may be held at this time. */
  public boolean onSale(Instant now) {
    return state(now) == SaleState.ON_SALE;
  }

  private SaleState byTheClock(Instant now) {
    if (opensAt.isPresent() && now.isBefore(opensAt.get())) {
      return SaleState.NOT_YET_OPEN;
    }
    boolean over = !now.isBefore(closesAt.orElse(startsAt));
    return over ? SaleState.CLOSED : SaleState.ON_SALE;
  }
}
