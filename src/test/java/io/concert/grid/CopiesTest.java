package io.concert.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which copies are asked and which are replaced, on the member that has them. */
class CopiesTest {
  private final GridTypes types = new GridTypes(List.of(Counter.TYPE));
  private final Map.Entry<String, ReplicaValue<Counter, Counter.Add, Counter.Added, Counter.Total>>
      entry = new SimpleEntry<>("a", null);

  @Test
  void aMissingCopyIsLoaded() {
    assertThat(ask(1)).isNull();

    assertThat(install(copy(5, 1))).isTrue();
    assertThat(total()).isEqualTo(5);
  }

  @Test
  void aSecondLoadLeavesTheFirstWithAllThatHasHappenedSince() {
    assertThat(install(copy(5, 1))).isTrue();

    assertThat(install(copy(6, 1))).isFalse();
    assertThat(total()).isEqualTo(5);
  }

  @Test
  void aCopyThatMissedAnEventIsNotBelievedButReplaced() {
    var diverged = copy(5, 1);
    diverged.replay(new Replica.Change<>(1, 1_000, new Counter.Added(1), new Counter.Total(6), 3));
    entry.setValue(new ReplicaValue<>(types, diverged));

    assertThat(ask(1)).isNull();
    assertThat(install(copy(6, 1))).isTrue();
    assertThat(total()).isEqualTo(6);
  }

  @Test
  void aCopyOfAnEarlierHistoryIsReplaced() {
    assertThat(install(copy(5, 1))).isTrue();

    assertThat(ask(2)).isNull();
    assertThat(install(copy(6, 2))).isTrue();
    assertThat(total()).isEqualTo(6);
  }

  @Test
  void whatWasReadFromALostHistoryReachesNoCopyOfTheNextOne() {
    assertThat(install(copy(5, 2))).isTrue();

    var reply = ask(1);

    assertThat(reply).isNotNull();
    assertThat(Objects.requireNonNull(reply).kind()).isEqualTo(Reply.Kind.ASKER_IS_BEHIND);
    assertThat(install(copy(6, 1))).isFalse();
    assertThat(total()).isEqualTo(5);
  }

  @Test
  void theMemberThatGoesOnWithACopySaysSoOnce() {
    var counter = new Counter(5);
    assertThat(install(Replica.of(Counter.TYPE, counter, 1))).isTrue();
    assertThat(ask(1)).isNotNull();
    assertThat(counter.takenOver()).isZero();

    var elsewhere = new GridTypes(List.of(Counter.TYPE));
    for (int i = 0; i < 3; i++) {
      assertThat(ask(elsewhere, 1)).isNotNull();
    }

    assertThat(counter.takenOver()).isEqualTo(1);
  }

  private static Replica<Counter, Counter.Add, Counter.Added, Counter.Total> copy(
      long total, long history) {
    return Replica.of(Counter.TYPE, new Counter(total), history);
  }

  private boolean install(Replica<Counter, Counter.Add, Counter.Added, Counter.Total> copy) {
    return new InstallProcessor<>(types, new ReplicaValue<>(types, copy), false).process(entry);
  }

  private @Nullable Reply<Counter, Counter.Add, Counter.Added, Counter.Total> ask(long history) {
    return ask(types, history);
  }

  private @Nullable Reply<Counter, Counter.Add, Counter.Added, Counter.Total> ask(
      GridTypes member, long history) {
    return new CommandProcessor<>(member, Counter.TYPE, history, 2, 1_000, new Counter.Add(0), "")
        .process(entry);
  }

  private long total() {
    return entry.getValue().replica().execute(77, 1_000, new Counter.Add(0)).reply().value();
  }
}
