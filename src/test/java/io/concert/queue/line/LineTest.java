package io.concert.queue.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineTest {
  private final Changes changes = new Changes();
  private final Line line = new Line(changes);

  @Test
  void spentPlaceStaysSpent() {
    line.mark(3, Line.SPENT);
    line.mark(3, Line.TAKEN);
    assertThat(line.userAt(3)).isEqualTo(Line.SPENT);
  }

  @Test
  void pageIsUsedUpByAllOfItsPlaces() {
    line.stand(7, 70, 0, 0);
    for (int i = 0; i < 2 * Page.SIZE; i++) {
      line.mark(3, Line.SPENT);
    }
    assertThat(line.userAt(7)).isEqualTo(70);
    for (int i = 0; i < Page.SIZE; i++) {
      line.mark(i, Line.SPENT);
    }
    assertThat(line.pages().page(0)).isSameAs(Page.USED_UP);
    assertThat(line.present()).isZero();
  }

  @Test
  void growingForgetsNoChange() {
    changes.next();
    line.stand(0, 70, 0, 0);
    long before = line.pages().changedAt(0);
    changes.next();
    line.stand(40 * Page.SIZE, 71, 0, 0);
    assertThat(line.pages().changedAt(0)).isEqualTo(before);
    assertThat(line.pages().changedAt(40)).isEqualTo(changes.now());
    assertThat(line.pages().changedAt(1)).as("nobody there").isZero();
  }

  @Test
  void everythingThatHappensToPlaceIsChange() {
    line.stand(5, 70, 0, 10);
    isChange(() -> line.see(5, 20));
    isChange(() -> assertThat(line.expire(21)).isEqualTo(1));
    isChange(() -> line.see(5, 30));
    isChange(() -> line.mark(5, Line.TAKEN));
    isChange(() -> line.keep(5, 70, 0));
    isChange(() -> line.mark(6, Line.SPENT));
    isChange(() -> line.install(0, PackedPage.of(new Page(), new PackedPage.Buffer())));
  }

  private void isChange(Runnable happens) {
    changes.next();
    assertThat(line.pages().changedAt(0)).isLessThan(changes.now());
    happens.run();
    assertThat(line.pages().changedAt(0)).isEqualTo(changes.now());
  }
}
