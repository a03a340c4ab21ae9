package io.concert.grid;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.concert.domain.Aggregate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the owner's digest; a test compares it with the backup's. */
final class DigestProcessor<A extends Aggregate<C, E, R>, C, E, R> extends Envelope
    implements EntryProcessor<String, ReplicaValue<A, C, E, R>, Long> {
  DigestProcessor() {
    super(GridTypes.DIGEST);
  }

  @Override
  public @Nullable Long process(Map.Entry<String, ReplicaValue<A, C, E, R>> entry) {
    ReplicaValue<A, C, E, R> value = entry.getValue();
    return value == null ? null : value.replica().digest();
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
