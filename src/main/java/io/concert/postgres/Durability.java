package io.concert.postgres;

import java.util.Optional;

/**
 * Whether a server keeps what it has committed when its machine crashes. A session can't change
 * these settings, it can only refuse to work with them.
 */
record Durability(boolean fsync, boolean fullPageWrites) {
  /** Two columns of a select. */
  static final String READ = "current_setting('fsync'), current_setting('full_page_writes')";

  static Durability of(String fsync, String fullPageWrites) {
    return new Durability(fsync.equals("on"), fullPageWrites.equals("on"));
  }

  /** In words for the operator; empty if nothing is lost. */
  Optional<String> complaint() {
    if (fsync && fullPageWrites) {
      return Optional.empty();
    }
    String off =
        fsync ? "full_page_writes" : fullPageWrites ? "fsync" : "fsync and full_page_writes";
    return Optional.of(
        "The database server runs with %s off: a crash of its machine would lose payments that were answered. Set it on, or DATABASE_UNSAFE=true to accept that"
            .formatted(off));
  }
}
