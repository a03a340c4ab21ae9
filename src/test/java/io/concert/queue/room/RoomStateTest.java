package io.concert.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.queue.api.PlannedDraw;
import io.concert.queue.line.Changes;
import io.concert.queue.line.Line;
import io.concert.queue.line.Lines;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoomStateTest {
  private static final Optional<PlannedDraw> AHEAD = Optional.of(new PlannedDraw(4, 50_000, "c"));

  @Test
  void openingHasComeAtItsMillisecond() {
    RoomState state = new RoomState(4, reading(4, 1, 0, AHEAD));
    assertThat(state.openingHasCome(49_999)).isFalse();
    assertThat(state.openingHasCome(50_000)).isTrue();
  }

  @Test
  void whoComesBeforeAnOpeningNeedsAnEpochOfIt() {
    assertThat(new RoomState(3, reading(3, 1, 0, AHEAD)).openingHasCome(1)).isTrue();
    assertThat(new RoomState(3, reading(3, 1, 0, Optional.empty())).openingHasCome(99_999))
        .isFalse();
  }

  @Test
  void onlyReservedPlacesAreGiven() {
    RoomState state = new RoomState(4, reading(4, 1, 10, AHEAD));
    assertThat(state.mustReserve(9)).isFalse();
    assertThat(state.mustReserve(10)).isTrue();
    assertThat(new RoomState(4, reading(3, 1, 10, AHEAD)).mustReserve(0)).isTrue();
    assertThat(new RoomState(4, reading(4, 1, 10, Optional.empty())).mustReserve(10)).isTrue();
  }

  @Test
  void reservesAheadBeforeItIsUrgent() {
    assertThat(wantsReserved(8_192 / 4, 0)).isEqualTo(8_192);
    assertThat(wantsReserved(8_192 / 4 + 1, 0)).isZero();
    assertThat(wantsReserved(825_000, 800_000)).isEqualTo(900_000);
    assertThat(wantsReserved(825_001, 800_000)).isZero();
  }

  @Test
  void neverReservesMoreThanCanBe() {
    assertThat(wantsReserved(0, Line.LIMIT - 5)).isEqualTo(Line.LIMIT);
  }

  private static int wantsReserved(int reserved, int end) {
    return new RoomState(4, reading(4, 1, reserved, AHEAD)).wantsReserved(end);
  }

  @Test
  void anEpochBeginsWithNothingReserved() {
    RoomState state = new RoomState(4, reading(4, 1, 10, AHEAD));
    state.begin(5, 1);
    assertThat(state.mustReserve(0)).isTrue();
    assertThat(state.learn(reading(4, 1, 99, AHEAD), 7)).isFalse();
    assertThat(state.mustReserve(0)).as("of another epoch").isTrue();
    assertThat(state.learn(reading(5, 1, 3, AHEAD), 7)).isFalse();
    assertThat(state.mustReserve(2)).isFalse();
  }

  @Test
  void oldReadingsChangeNoSettings() {
    RoomState state = new RoomState(4, reading(4, 5, 10, AHEAD));
    assertThat(state.isNews(reading(4, 5, 10, Optional.empty()))).isFalse();
    assertThat(state.isNews(reading(4, 6, 10, Optional.empty()))).isTrue();
    assertThat(state.isNews(reading(4, 4, 11, Optional.empty()))).isTrue();
    assertThat(state.isNews(reading(3, 4, 11, Optional.empty()))).isFalse();

    assertThat(state.learn(reading(4, 4, 11, Optional.empty()), 9)).isFalse();
    assertThat(state.facts().ahead()).isEqualTo(AHEAD);
    assertThat(state.factsChangedAt()).isEqualTo(1);
    assertThat(state.learn(reading(4, 6, 2, Optional.empty()), 9)).isTrue();
    assertThat(state.facts().ahead()).isEmpty();
    assertThat(state.factsChangedAt()).isEqualTo(9);
    assertThat(state.reading(new Lines(new Changes())).reserved()).isEqualTo(11);
  }

  @Test
  void boundOfTheNextLookNeverGoesBack() {
    RoomState state = new RoomState(4, reading(4, 1, 0, AHEAD));
    assertThat(state.learn(asOf(9, 2), 5)).isTrue();
    assertThat(state.learn(asOf(7, 3), 6)).isTrue();
    assertThat(state.asOfXid()).isEqualTo(9);
  }

  private static RoomCommand.RoomSnapshot asOf(long xid, long version) {
    var reading = reading(4, version, 0, AHEAD);
    return Room.reading(xid, version, reading.settings(), 4, 0, AHEAD, List.of());
  }

  @Test
  void learningKeepsTheTimeToComeBack() {
    RoomState state = new RoomState(4, reading(4, 1, 0, Optional.empty()));
    state.admitFrom(77_000);
    assertThat(state.learn(reading(4, 2, 0, Optional.empty()), 9)).isTrue();
    assertThat(state.facts().admitsAt(76_999)).isFalse();
    assertThat(state.facts().admitsAt(77_000)).isTrue();
  }

  @Test
  void joinsAreCountedBySecond() {
    RoomState state = new RoomState(4, reading(4, 1, 0, Optional.empty()));
    state.joined(10_100);
    assertThat(state.millisUntilJoin(10_999)).isZero();
    state.joined(10_900);
    assertThat(state.millisUntilJoin(10_900)).isEqualTo(100);
    assertThat(state.millisUntilJoin(11_000)).isZero();
    state.joined(11_000);
    assertThat(state.millisUntilJoin(11_000)).isZero();
  }

  /** Two joins a second at most. */
  private static RoomCommand.RoomSnapshot reading(
      int epoch, long version, int reserved, Optional<PlannedDraw> ahead) {
    return Room.reading(1, version, Room.settings(5, 2), epoch, reserved, ahead, List.of());
  }
}
