package io.concert.grid;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Aggregate;
import io.concert.grid.api.AggregateType;
import io.concert.grid.api.Codec;
import io.concert.grid.api.Rehearsal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Goes through {@link Rehearsal}s: everything that owner and backup do, and many moves. */
final class Rehearsals {
  private static final int OPERATIONS = 10_000;
  private static final int MOVES = 30;
  private static final int MILLIS_BETWEEN = 5;

  private Rehearsals() {}

  static <A extends Aggregate<C, E, R>, C, E, R> void goThrough(AggregateType<A, C, E, R> type) {
    type.rehearsal().ifPresent(rehearsal -> goThrough(type, rehearsal));
  }

  private static <A extends Aggregate<C, E, R>, C, E, R> void goThrough(
      AggregateType<A, C, E, R> type, Rehearsal<A, C> rehearsal) {
    try {
      Replica<A, C, E, R> owner = Replica.of(type, rehearsal.aggregate());
      Replica<A, C, E, R> backup = moved(type, owner);
      for (int i = 0; i < OPERATIONS; i++) {
        C command = copy(type.command(), rehearsal.command(i));
        var outcome = owner.execute(i, (long) i * MILLIS_BETWEEN, command);
        copy(type.reply(), outcome.reply());
        var change = outcome.change();
        if (change != null) {
          backup.replay(
              new Replica.Change<>(
                  change.operation(),
                  change.nowMillis(),
                  copy(type.event(), change.event()),
                  copy(type.reply(), change.reply()),
                  change.digestAfter()));
        }
      }
      for (int i = 0; i < MOVES; i++) {
        backup = moved(type, backup);
      }
      if (backup.diverged() || backup.digest() != owner.digest()) {
        throw new IllegalStateException("a rehearsed " + type.map() + " came to another state");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <A extends Aggregate<C, E, R>, C, E, R> Replica<A, C, E, R> moved(
      AggregateType<A, C, E, R> type, Replica<A, C, E, R> replica) throws IOException {
    var bytes = new ByteArrayOutputStream();
    replica.write(new DataOutputStream(bytes));
    return Replica.read(type, input(bytes));
  }

  @CanIgnoreReturnValue
  private static <T> T copy(Codec<T> codec, T value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    codec.write(value, new DataOutputStream(bytes));
    return codec.read(input(bytes));
  }

  private static DataInputStream input(ByteArrayOutputStream bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
