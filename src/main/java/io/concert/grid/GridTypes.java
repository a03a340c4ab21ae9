package io.concert.grid;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What may travel between members: our few kinds of envelope, and in them the parts of the known
 * aggregate types. Java serialization is never used.
 */
final class GridTypes implements DataSerializableFactory {
  static final int FACTORY = 1;
  static final int REPLICA = 1;
  static final int COMMAND = 2;
  static final int CHANGE = 3;
  static final int REPLY = 4;
  static final int INSTALL = 5;
  static final int DIGEST = 6;

  private final Map<Integer, AggregateType<?, ?, ?, ?>> types;

  GridTypes(List<AggregateType<?, ?, ?, ?>> types) {
    this.types =
        types.stream()
            .collect(Collectors.toUnmodifiableMap(AggregateType::id, Function.identity()));
  }

  AggregateType<?, ?, ?, ?> type(int id) {
    AggregateType<?, ?, ?, ?> type = types.get(id);
    if (type == null) {
      throw new IllegalStateException("unknown aggregate type " + id + ": a newer member?");
    }
    return type;
  }

  @Override
  public IdentifiedDataSerializable create(int kind) {
    return switch (kind) {
      case REPLICA -> new ReplicaValue<>(this);
      case COMMAND -> new CommandProcessor<>(this);
      case CHANGE -> new ChangeProcessor<>(this);
      case REPLY -> new Reply<>(this);
      case INSTALL -> new InstallProcessor<>(this);
      case DIGEST -> new DigestProcessor<>();
      default -> throw new IllegalStateException("unknown kind of message " + kind);
    };
  }
}
