package io.concert.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private static <W> List<W> all(FairQueue<?, W> queue) {
    List<W> all = new ArrayList<>();
    for (Optional<W> next = queue.next(); next.isPresent(); next = queue.next()) {
      all.add(next.get());
    }
    return all;
  }

  @Test
  void takesTurns() {
    FairQueue<String, String> queue = new FairQueue<>(10, 10);
    for (String work : List.of("a1", "a2", "a3", "b1", "c1", "c2")) {
      assertThat(queue.add(work.substring(0, 1), work)).isEmpty();
    }

    assertThat(all(queue)).containsExactly("a1", "b1", "c1", "a2", "c2", "a3");
    assertThat(queue.next()).isEmpty();
  }

  @Test
  void oneAskerMayNotFillIt() {
    FairQueue<String, String> queue = new FairQueue<>(10, 2);
    assertThat(queue.add("a", "a1")).isEmpty();
    assertThat(queue.add("a", "a2")).isEmpty();
    assertThat(queue.add("a", "a3")).contains("a3");
    assertThat(queue.add("b", "b1")).isEmpty();
  }

  @Test
  void whoeverHasMostGivesWayWhenItIsFull() {
    FairQueue<String, String> queue = new FairQueue<>(4, 4);
    for (String work : List.of("a1", "a2", "a3", "b1")) {
      assertThat(queue.add(work.substring(0, 1), work)).isEmpty();
    }

    assertThat(queue.add("c", "c1")).contains("a3");
    assertThat(queue.add("c", "c2")).as("as many as anybody else").contains("c2");
    assertThat(queue.add("a", "a4")).contains("a4");
    assertThat(queue.add("d", "d1")).contains("a2");
    assertThat(queue.add("e", "e1")).as("everybody has one").contains("e1");
    assertThat(all(queue)).containsExactly("a1", "b1", "c1", "d1");
  }
}
