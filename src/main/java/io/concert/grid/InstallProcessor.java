package io.concert.grid;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.concert.domain.Aggregate;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a freshly loaded aggregate where there is none worth keeping. */
final class InstallProcessor<A extends Aggregate<C, E, R>, C, E, R> extends Envelope
    implements EntryProcessor<String, ReplicaValue<A, C, E, R>, Boolean> {
  private final GridTypes types;
  private ReplicaValue<A, C, E, R> loaded;
  private boolean onBackup;
  private transient boolean installed;

  @SuppressWarnings("NullAway.Init") // readData follows at once.
  InstallProcessor(GridTypes types) {
    super(GridTypes.INSTALL);
    this.types = types;
  }

  InstallProcessor(GridTypes types, ReplicaValue<A, C, E, R> loaded, boolean onBackup) {
    super(GridTypes.INSTALL);
    this.types = types;
    this.loaded = loaded;
    this.onBackup = onBackup;
  }

  /**
   * @return false if somebody else was first
   */
  @Override
  public Boolean process(Map.Entry<String, ReplicaValue<A, C, E, R>> entry) {
    ReplicaValue<A, C, E, R> present = entry.getValue();
    installed =
        onBackup || present == null || !present.replica().isWorthAsking(loaded.replica().history());
    if (installed && !onBackup) {
      loaded.replica().beginAt(types.self());
    }
    if (installed) {
      entry.setValue(loaded);
    }
    return installed;
  }

  /** A backup takes what its owner took, whatever it has itself. */
  @Override
  public @Nullable EntryProcessor<String, ReplicaValue<A, C, E, R>, Boolean> getBackupProcessor() {
    return installed ? new InstallProcessor<>(types, loaded, true) : null;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeBoolean(onBackup);
    loaded.writeData(out);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    onBackup = in.readBoolean();
    loaded = new ReplicaValue<>(types);
    loaded.readData(in);
  }
}
