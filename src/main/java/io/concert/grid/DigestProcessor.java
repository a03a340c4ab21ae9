package io.concert.grid;

import io.concert.domain.Aggregate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the owner's digest; a test compares it with the backup's. */
final class DigestProcessor<A extends Aggregate<C, E, R>, C, E, R>
    extends LookProcessor<A, C, E, R> {
  DigestProcessor() {
    super(GridTypes.DIGEST);
  }

  @Override
  public @Nullable Long process(Map.Entry<String, ReplicaValue<A, C, E, R>> entry) {
    ReplicaValue<A, C, E, R> value = entry.getValue();
    return value == null ? null : value.replica().digest();
  }
}
