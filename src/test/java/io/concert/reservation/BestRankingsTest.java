package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.Venues;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ScheduleId;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.api.SeatStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BestRankingsTest {
  private static final String PLAN = "ticketland_demo_hall";

  /** The seat map knows seats by index, neighbours are such by their positions. */
  @Test
  void choosesTheSameSeatsWhateverTheirIndexes() {
    Layout plain = Venues.layout(PLAN);
    Layout reversed = Venues.reversed(PLAN);
    int taken = 7;

    List<List<Integer>> expected = best(plain, states(plain, taken));
    List<List<Integer>> chosen = best(reversed, states(reversed, reversed.index(taken)));

    assertThat(expected).isNotEmpty();
    assertThat(chosen)
        .isEqualTo(
            expected.stream().map(group -> group.stream().map(reversed::index).toList()).toList());
  }

  private static List<List<Integer>> best(Layout layout, SeatStates states) {
    return new BestRankings().of(new ScheduleId(1), layout, states, 3, Optional.empty()).next();
  }

  /** All free but one. */
  private static SeatStates states(Layout layout, int takenIndex) {
    byte[] states = new byte[(layout.seats() + 3) / 4];
    states[takenIndex / 4] = (byte) (SeatStatus.SOLD.code() << (2 * (takenIndex % 4)));
    return new SeatStates(1, 1, layout.seats(), layout.seats() - 1, states);
  }
}
