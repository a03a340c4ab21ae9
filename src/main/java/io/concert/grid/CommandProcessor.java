package io.concert.grid;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.concert.domain.Aggregate;
import io.concert.grid.api.AggregateType;
import io.concert.trace.Spans;
import io.concert.trace.Step;
import io.concert.trace.Traces;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Runs a command on the owner's copy; what came of it goes to the backup as a change. */
final class CommandProcessor<A extends Aggregate<C, E, R>, C, E, R> extends Envelope
    implements EntryProcessor<String, ReplicaValue<A, C, E, R>, Reply<A, C, E, R>> {
  private final GridTypes types;
  private AggregateType<A, C, E, R> type;
  private long history;
  private long operation;
  private long nowMillis;
  private C command;
  private String trace;
  private transient Replica.@Nullable Change<E, R> change;

  @SuppressWarnings("NullAway.Init") // readData follows at once.
  CommandProcessor(GridTypes types) {
    super(GridTypes.COMMAND);
    this.types = types;
  }

  /**
   * @param history the database's, as of before the command was made
   * @param trace the step that it belongs to, as text; empty for none
   */
  CommandProcessor(
      GridTypes types,
      AggregateType<A, C, E, R> type,
      long history,
      long operation,
      long nowMillis,
      C command,
      String trace) {
    super(GridTypes.COMMAND);
    this.types = types;
    this.type = type;
    this.history = history;
    this.operation = operation;
    this.nowMillis = nowMillis;
    this.command = command;
    this.trace = trace;
  }

  /**
   * @return null if there is no copy worth asking
   */
  @Override
  public @Nullable Reply<A, C, E, R> process(Map.Entry<String, ReplicaValue<A, C, E, R>> entry) {
    if (trace.isEmpty()) {
      return decide(entry);
    }
    Spans spans = Traces.spans();
    Step step = spans.step(type.map() + " on the owner", spans.origin(trace));
    try {
      return decide(entry);
    } finally {
      step.end(null);
    }
  }

  private @Nullable Reply<A, C, E, R> decide(Map.Entry<String, ReplicaValue<A, C, E, R>> entry) {
    change = null;
    ReplicaValue<A, C, E, R> value = entry.getValue();
    if (value == null || !value.replica().isWorthAsking(history)) {
      return null;
    }
    Replica<A, C, E, R> replica = value.replica();
    if (replica.history() > history) {
      return new Reply<>(types, type, Reply.Kind.ASKER_IS_BEHIND);
    }
    replica.ownedBy(types.self(), ThreadLocalRandom.current().nextLong());
    Replica.Outcome<E, R> outcome = replica.execute(operation, nowMillis, command);
    change = outcome.change();
    if (change != null) {
      entry.setValue(value);
    }
    return new Reply<>(types, type, outcome.reply());
  }

  /** Asked after {@link #process}. */
  @Override
  public @Nullable EntryProcessor<String, ReplicaValue<A, C, E, R>, Reply<A, C, E, R>>
      getBackupProcessor() {
    return change == null ? null : new ChangeProcessor<>(types, type, change);
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeInt(type.id());
    out.writeLong(history);
    out.writeLong(operation);
    out.writeLong(nowMillis);
    out.writeString(trace);
    type.command().write(command, out);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    type = (AggregateType<A, C, E, R>) types.type(in.readInt());
    history = in.readLong();
    operation = in.readLong();
    nowMillis = in.readLong();
    trace = Objects.requireNonNull(in.readString());
    command = type.command().read(in);
  }
}
