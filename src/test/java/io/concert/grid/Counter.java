package io.concert.grid;

import io.concert.domain.Aggregate;
import io.concert.domain.Decision;
import io.concert.grid.api.AggregateType;
import io.concert.grid.api.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The smallest aggregate that can show a lost, doubled or refused operation. */
public final class Counter implements Aggregate<Counter.Add, Counter.Added, Counter.Total> {
  static final AggregateType<Counter, Add, Added, Total> TYPE =
      new AggregateType<>(
          99,
          "rooms",
          new LongCodec<>(Counter::new, counter -> counter.total),
          new LongCodec<>(Add::new, Add::amount),
          new LongCodec<>(Added::new, Added::amount),
          new LongCodec<>(Total::new, Total::value));

  private long total;
  private int takenOver;

  Counter(long total) {
    this.total = total;
  }

  /** An amount of 0 only asks. */
  record Add(long amount) {}

  record Added(long amount) {}

  record Total(long value) {}

  @Override
  public Decision<Added, Total> decide(Add command, long nowMillis) {
    return command.amount() == 0
        ? Decision.answer(new Total(total))
        : Decision.change(new Added(command.amount()), new Total(total + command.amount()));
  }

  @Override
  public void apply(Added event) {
    total += event.amount();
  }

  @Override
  public void takenOver(long seed) {
    takenOver++;
  }

  int takenOver() {
    return takenOver;
  }

  private record LongCodec<T>(
      java.util.function.LongFunction<T> make, java.util.function.ToLongFunction<T> number)
      implements Codec<T> {
    @Override
    public void write(T value, DataOutput out) throws IOException {
      out.writeLong(number.applyAsLong(value));
    }

    @Override
    public T read(DataInput in) throws IOException {
      return make.apply(in.readLong());
    }
  }
}
