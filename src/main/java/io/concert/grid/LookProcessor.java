package io.concert.grid;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.concert.domain.Aggregate;
import org.jspecify.annotations.Nullable;

/** Asks the owner for a number and changes nothing: no backup has to hear of it. */
abstract class LookProcessor<A extends Aggregate<C, E, R>, C, E, R> extends Envelope
    implements EntryProcessor<String, ReplicaValue<A, C, E, R>, Long> {
  LookProcessor(int kind) {
    super(kind);
  }

  @Override
  public final @Nullable EntryProcessor<String, ReplicaValue<A, C, E, R>, Long>
      getBackupProcessor() {
    return null;
  }

  @Override
  public final void writeData(ObjectDataOutput out) {}

  @Override
  public final void readData(ObjectDataInput in) {}
}
