package io.concert.grid;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.partition.NoDataMemberInClusterException;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import io.concert.domain.Fault;
import java.util.concurrent.CompletionException;

/** What may be concluded from Hazelcast's exceptions. */
final class GridFaults {
  private GridFaults() {}

  static Fault of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof Fault fault) {
      return fault;
    }
    boolean refused =
        cause instanceof NoDataMemberInClusterException
            || cause instanceof SplitBrainProtectionException
            || cause instanceof HazelcastInstanceNotActiveException;
    // Timeouts, lost members, a missing backup: the command may have run.
    return refused
        ? new Fault(Fault.Kind.UNAVAILABLE, "the grid refuses", cause)
        : new Fault(Fault.Kind.OUTCOME_UNKNOWN, "the grid didn't answer", cause);
  }
}
