package io.concert.grid;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.concert.domain.Aggregate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the next copy must get beyond, asked of the one that it will replace; 0 where there is none.
 */
final class GenerationProcessor<A extends Aggregate<C, E, R>, C, E, R> extends Envelope
    implements EntryProcessor<String, ReplicaValue<A, C, E, R>, Long> {
  GenerationProcessor() {
    super(GridTypes.GENERATION);
  }

  @Override
  public Long process(Map.Entry<String, ReplicaValue<A, C, E, R>> entry) {
    ReplicaValue<A, C, E, R> value = entry.getValue();
    return value == null ? 0L : value.replica().generation();
  }

  @Override
  public @Nullable EntryProcessor<String, ReplicaValue<A, C, E, R>, Long> getBackupProcessor() {
    return null;
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
