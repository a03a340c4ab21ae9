package io.concert.grid;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.concert.domain.Aggregate;
import io.concert.grid.api.AggregateType;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies the owner's change to a backup's copy. */
final class ChangeProcessor<A extends Aggregate<C, E, R>, C, E, R> extends Envelope
    implements EntryProcessor<String, ReplicaValue<A, C, E, R>, Reply<A, C, E, R>> {
  private final GridTypes types;
  private AggregateType<A, C, E, R> type;
  private Replica.Change<E, R> change;

  @SuppressWarnings("NullAway.Init") // readData follows at once.
  ChangeProcessor(GridTypes types) {
    super(GridTypes.CHANGE);
    this.types = types;
  }

  ChangeProcessor(GridTypes types, AggregateType<A, C, E, R> type, Replica.Change<E, R> change) {
    super(GridTypes.CHANGE);
    this.types = types;
    this.type = type;
    this.change = change;
  }

  /** A backup without a copy gets the whole of it from Hazelcast's own repair. */
  @Override
  public @Nullable Reply<A, C, E, R> process(Map.Entry<String, ReplicaValue<A, C, E, R>> entry) {
    ReplicaValue<A, C, E, R> value = entry.getValue();
    if (value != null) {
      value.replica().replay(change);
      entry.setValue(value);
    }
    return null;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeInt(type.id());
    out.writeLong(change.operation());
    out.writeLong(change.nowMillis());
    out.writeLong(change.digestAfter());
    type.event().write(change.event(), out);
    type.reply().write(change.reply(), out);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    type = (AggregateType<A, C, E, R>) types.type(in.readInt());
    long operation = in.readLong();
    long nowMillis = in.readLong();
    long digestAfter = in.readLong();
    E event = type.event().read(in);
    change = new Replica.Change<>(operation, nowMillis, event, type.reply().read(in), digestAfter);
  }
}
