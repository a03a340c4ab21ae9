package io.concert.grid;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.concert.domain.Aggregate;
import io.concert.grid.api.AggregateType;
import java.io.IOException;

/** A {@link Replica} as the value of a map's entry; it is only written out when it moves. */
final class ReplicaValue<A extends Aggregate<C, E, R>, C, E, R> extends Envelope {
  private final GridTypes types;
  private Replica<A, C, E, R> replica;

  @SuppressWarnings("NullAway.Init") // readData follows at once.
  ReplicaValue(GridTypes types) {
    super(GridTypes.REPLICA);
    this.types = types;
  }

  ReplicaValue(GridTypes types, Replica<A, C, E, R> replica) {
    super(GridTypes.REPLICA);
    this.types = types;
    this.replica = replica;
  }

  Replica<A, C, E, R> replica() {
    return replica;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeInt(replica.type().id());
    replica.write(out);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    replica = Replica.read((AggregateType<A, C, E, R>) types.type(in.readInt()), in);
  }
}
