package io.concert.postgres;

import io.concert.postgres.server.DatabaseUrl;
import java.nio.file.Path;
import java.util.Optional;

/**
 * @param url of an existing server; none means an embedded one kept in {@code dataDirectory}
 * @param poolSize most connections of this node
 * @param commit when a commit is answered
 * @param pooler what stands before the server
 * @param unsafe whether a server that may lose commits in a crash is accepted
 */
public record DatabaseSettings(
    Optional<DatabaseUrl> url,
    int poolSize,
    Path dataDirectory,
    Commit commit,
    Pooler pooler,
    boolean unsafe) {

  /** When a commit is answered: {@code synchronous_commit} of the service's sessions. */
  public enum Commit {
    /** On disk, and on the disks of synchronous standbys if the server has any. */
    ON,
    /** Visible on the synchronous standbys, too. */
    REMOTE_APPLY
  }

  /** What the node's connections lead to. */
  public enum Pooler {
    /** Found out at the start. */
    AUTO,
    /** A server of one's own, as directly or through a pooler in session mode. */
    SESSION,
    /** A pooler that gives each transaction another one. */
    TRANSACTION
  }

  /** The usual for all else. */
  public DatabaseSettings(Optional<DatabaseUrl> url, int poolSize, Path dataDirectory) {
    this(url, poolSize, dataDirectory, Commit.ON, Pooler.AUTO, false);
  }

  /** Whether the node runs a server of its own. */
  public boolean isEmbedded() {
    return url.isEmpty();
  }
}
