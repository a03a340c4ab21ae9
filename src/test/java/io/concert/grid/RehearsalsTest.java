package io.concert.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.grid.api.AggregateType;
import io.concert.grid.api.Codec;
import io.concert.grid.api.Rehearsal;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RehearsalsTest {
  private final AtomicInteger commands = new AtomicInteger();

  @Test
  void typeIsRehearsedWithManyCommands() {
    Rehearsals.goThrough(rehearsed(Counter.TYPE.event()));
    assertThat(commands.get()).isGreaterThan(1_000);
  }

  @Test
  void typeWhoseBackupsGoAstrayIsNoneToJoinWith() {
    var astray = rehearsed(new OneMore());
    assertThatThrownBy(() -> Rehearsals.goThrough(astray))
        .isInstanceOf(IllegalStateException.class);
  }

  private AggregateType<Counter, Counter.Add, Counter.Added, Counter.Total> rehearsed(
      Codec<Counter.Added> events) {
    var type = Counter.TYPE;
    return new AggregateType<>(
        type.id(),
        type.map(),
        type.state(),
        type.command(),
        events,
        type.reply(),
        Optional.of(new Counting()));
  }

  private final class Counting implements Rehearsal<Counter, Counter.Add> {
    @Override
    public Counter aggregate() {
      return new Counter(0);
    }

    @Override
    public Counter.Add command(int nth) {
      commands.incrementAndGet();
      return new Counter.Add(nth);
    }
  }

  /** Reads another event than was written. */
  private static final class OneMore implements Codec<Counter.Added> {
    @Override
    public void write(Counter.Added event, DataOutput out) throws IOException {
      Counter.TYPE.event().write(event, out);
    }

    @Override
    public Counter.Added read(DataInput in) throws IOException {
      return new Counter.Added(Counter.TYPE.event().read(in).amount() + 1);
    }
  }
}
