package io.concert.queue.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlaceIndexTest {
  private static final int EPOCH = 1;

  private final long[] users = new long[Page.SIZE];
  private final PlaceIndex index = new PlaceIndex(spot -> users[PlaceIndex.sequenceOf(spot)]);

  PlaceIndexTest() {
    for (int i = 0; i < users.length; i++) {
      users[i] = i % 5 == 0 ? Line.TAKEN : 1_000 - i;
    }
  }

  @Test
  void pageIsFoundWhateverWasExpected() {
    index.addPage(users, PlaceIndex.pack(EPOCH, 0));
    allAreFound();
  }

  @Test
  void pageIsFoundWhereItWasExpected() {
    index.expect(users.length);
    index.addPage(users, PlaceIndex.pack(EPOCH, 0));
    allAreFound();
  }

  @Test
  void whoIsTakenOutHidesNobody() {
    index.addPage(users, PlaceIndex.pack(EPOCH, 0));
    for (int i = 1; i < users.length; i += 2) {
      if (users[i] > 0) {
        index.remove(users[i]);
        users[i] = Line.TAKEN;
      }
    }
    allAreFound();
    assertThat(index.find(999)).isEqualTo(PlaceIndex.NONE);
  }

  private void allAreFound() {
    int waiting = 0;
    for (int i = 0; i < users.length; i++) {
      if (users[i] > 0) {
        waiting++;
        assertThat(index.find(users[i])).isEqualTo(PlaceIndex.pack(EPOCH, i));
      }
    }
    assertThat(index.size()).isEqualTo(waiting);
  }
}
