package io.concert.ops.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TallyBoardTest {
  private static final ScheduleId DATE = new ScheduleId(7);

  private final TallyBoard board = new TallyBoard();

  @Test
  void takesEachCountOnce() {
    board.count(DATE, "seats.held", 2);
    board.count(DATE, "seats.held", 3);
    board.count(new RoomId("main"), "joined", 1);
    board.count(DATE, "nothing", 0);

    assertThat(board.take())
        .isEqualTo(
            Map.of(
                "schedule:7", new Figures(Map.of("seats.held", 5L), Map.of()),
                "room:main", new Figures(Map.of("joined", 1L), Map.of())));
    assertThat(board.take()).isEmpty();
  }

  /** Nobody can fill the memory with names; what is counted already goes on. */
  @Test
  void beginsNothingNewBeyondItsMost() {
    for (int i = 0; i < TallyBoard.MOST; i++) {
      board.count(DATE, "kind-" + i, 1);
      board.level(DATE, "level-" + i, 1);
    }
    board.count(DATE, "one more", 1);
    board.level(DATE, "one more", 1);
    board.count(DATE, "kind-7", 4);
    board.level(DATE, "level-7", 4);

    Figures taken = board.take().getOrDefault("schedule:7", Figures.NONE);
    assertThat(taken.counts()).hasSize(TallyBoard.MOST).containsEntry("kind-7", 5L);
    assertThat(taken.levels()).hasSize(TallyBoard.MOST).containsEntry("level-7", 4L);
  }

  /** Nothing is written while nothing happens. */
  @Test
  void tellsALevelOnlyWhenItIsAnother() {
    board.level(DATE, "free", 9);
    assertThat(board.take()).isEqualTo(free(9));
    board.level(DATE, "free", 9);
    assertThat(board.take()).as("the step in which it began to be told is over").isEqualTo(free(9));
    board.level(DATE, "free", 9);
    assertThat(board.take()).isEmpty();
    board.level(DATE, "free", 8);
    board.level(DATE, "free", 7);
    assertThat(board.take()).isEqualTo(free(7));
  }

  /** Meanwhile another node has told that level: the last that it told may be another. */
  @Test
  void tellsALevelAgainAfterAStepWithoutIt() {
    board.level(DATE, "free", 9);
    assertThat(board.take()).isEqualTo(free(9));
    assertThat(board.take()).isEmpty();
    board.level(DATE, "free", 9);
    assertThat(board.take()).isEqualTo(free(9));
  }

  private static Map<String, Figures> free(long seats) {
    return Map.of("schedule:7", new Figures(Map.of(), Map.of("free", seats)));
  }

  @Test
  void losesNothingThatIsCountedWhileItIsTaken() {
    int each = 50_000;
    List<CompletableFuture<Void>> counting = new ArrayList<>();
    for (int thread = 0; thread < 3; thread++) {
      counting.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < each; i++) {
                  board.count(DATE, "paid", 1);
                }
              }));
    }
    long taken = 0;
    CompletableFuture<Void> all =
        CompletableFuture.allOf(counting.toArray(CompletableFuture[]::new));
    while (!all.isDone()) {
      taken += paid();
    }
    assertThat(taken + paid()).isEqualTo(3L * each);
  }

  private long paid() {
    return board.take().getOrDefault("schedule:7", Figures.NONE).count("paid");
  }

  @Test
  void isBounded() {
    for (int date = 0; date < 2 * TallyBoard.MOST; date++) {
      board.count(new ScheduleId(date), "paid", 1);
      board.level(new ScheduleId(date), "free", 1);
    }
    assertThat(board.take()).hasSizeLessThanOrEqualTo(2 * TallyBoard.MOST);
    board.count(DATE, "paid", 1);
    assertThat(paid()).isOne();
  }
}
