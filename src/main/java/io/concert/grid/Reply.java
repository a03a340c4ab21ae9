package io.concert.grid;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.concert.domain.Aggregate;
import java.io.IOException;

/** An aggregate's reply on its way back. */
final class Reply<A extends Aggregate<C, E, R>, C, E, R> extends Envelope {
  private final GridTypes types;
  private AggregateType<A, C, E, R> type;
  private R value;

  @SuppressWarnings("NullAway.Init") // readData follows at once.
  Reply(GridTypes types) {
    super(GridTypes.REPLY);
    this.types = types;
  }

  Reply(GridTypes types, AggregateType<A, C, E, R> type, R value) {
    super(GridTypes.REPLY);
    this.types = types;
    this.type = type;
    this.value = value;
  }

  R value() {
    return value;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeInt(type.id());
    type.reply().write(value, out);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    type = (AggregateType<A, C, E, R>) types.type(in.readInt());
    value = type.reply().read(in);
  }
}
