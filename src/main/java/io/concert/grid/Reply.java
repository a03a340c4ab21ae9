package io.concert.grid;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.concert.domain.Aggregate;
import io.concert.grid.api.AggregateType;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An aggregate's reply on its way back, or why it wasn't asked. */
final class Reply<A extends Aggregate<C, E, R>, C, E, R> extends Envelope {
  private final GridTypes types;
  private AggregateType<A, C, E, R> type;
  private Kind kind = Kind.VALUE;
  private @Nullable R value;

  enum Kind {
    VALUE,
    /** The copy is of a later history of the database than the asker knows of. */
    ASKER_IS_BEHIND
  }

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

  Reply(GridTypes types, AggregateType<A, C, E, R> type, Kind kind) {
    super(GridTypes.REPLY);
    this.types = types;
    this.type = type;
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** Only if the kind is {@link Kind#VALUE}. */
  R value() {
    return Objects.requireNonNull(value);
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeInt(type.id());
    out.writeBoolean(kind == Kind.VALUE);
    if (kind == Kind.VALUE) {
      type.reply().write(value(), out);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    type = (AggregateType<A, C, E, R>) types.type(in.readInt());
    kind = in.readBoolean() ? Kind.VALUE : Kind.ASKER_IS_BEHIND;
    value = kind == Kind.VALUE ? type.reply().read(in) : null;
  }
}
