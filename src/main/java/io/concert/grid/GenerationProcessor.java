package io.concert.grid;

import io.concert.domain.Aggregate;
import java.util.Map;

/**
 * What the next copy must get beyond, asked of the one that it will replace; 0 where there is none.
 */
final class GenerationProcessor<A extends Aggregate<C, E, R>, C, E, R>
    extends LookProcessor<A, C, E, R> {
  GenerationProcessor() {
    super(GridTypes.GENERATION);
  }

  @Override
  public Long process(Map.Entry<String, ReplicaValue<A, C, E, R>> entry) {
    ReplicaValue<A, C, E, R> value = entry.getValue();
    return value == null ? 0L : value.replica().generation();
  }
}
