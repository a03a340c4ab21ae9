package io.concert.postgres;

import io.concert.postgres.server.DatabaseUrl;
import io.concert.settings.Environment;
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

  /** From the environment. */
  public static DatabaseSettings read(Environment env) {
    return new DatabaseSettings(
        env.optional(
                "DATABASE_URL",
                "",
                "postgresql://user:password@host:port/database of an existing PostgreSQL 15 or"
                    + " later; several host:port,host:port: the one that takes writes. Parameters"
                    + " passfile, sslmode, sslrootcert as in libpq. Unset: an embedded one, kept in"
                    + " DATA_DIR.")
            .flatMap(url -> databaseUrl(env, url)),
        env.number(
            "DATABASE_POOL",
            32,
            4,
            1000,
            "Most database connections of this node; all nodes' together must stay below the"
                + " server's max_connections."),
        Path.of(env.text("DATA_DIR", "./data", "Where this node keeps its files.")),
        env.choice(
            "DATABASE_COMMIT",
            Commit.ON,
            "When a commit is answered (synchronous_commit): on, or remote_apply (visible on"
                + " synchronous standbys, too)."),
        env.choice(
            "DATABASE_POOLER",
            Pooler.AUTO,
            "What stands before the server: auto (found out at the start), session (nothing, or a"
                + " pooler in session mode), transaction (a pooler in transaction mode)."),
        env.flag(
            "DATABASE_UNSAFE",
            false,
            "Accept a server with fsync or full_page_writes off, which loses payments in a"
                + " crash."));
  }

  private static Optional<DatabaseUrl> databaseUrl(Environment env, String url) {
    try {
      return Optional.of(DatabaseUrl.parse(url));
    } catch (IllegalArgumentException e) {
      env.mistake(
          "DATABASE_URL must look like postgresql://user:password@host:port/database; this one "
              + e.getMessage());
      return Optional.empty();
    }
  }
}
