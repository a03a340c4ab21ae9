package io.concert.grid;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.concert.grid.api.AggregateType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
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
  static final int GENERATION = 7;

  private final Map<Integer, AggregateType<?, ?, ?, ?>> types;

  /**
   * Names this member among the owners of copies. What arrives here is made by this instance, so
   * that every processor knows the member that it runs on.
   */
  private final long self = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);

  GridTypes(List<AggregateType<?, ?, ?, ?>> types) {
    this.types =
        types.stream()
            .collect(Collectors.toUnmodifiableMap(AggregateType::id, Function.identity()));
  }

  long self() {
    return self;
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
      case GENERATION -> new GenerationProcessor<>();
      default -> throw new IllegalStateException("unknown kind of message " + kind);
    };
  }
}
