package io.concert.customer;

import io.concert.domain.UserId;
import io.concert.postgres.Sql;
import io.concert.postgres.job.RecurringTask;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is banned, as this node read it last: so that nobody who is has to be refused by the database
 * each time, and hears why. It decides nothing about seats and money. While the database is away
 * the last reading stays. Safe from any thread.
 */
public final class Bans {
  /** Half of the second within which every node knows. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** The accounts are read only when something has changed. */
  private static final String LOOK =
      """
      select c.stamp, case when c.stamp is distinct from $1::uuid then array(
        select a.user_number from account a where a.banned_at is not null) end as banned
      from ban_change c
      """;

  private final Sql sql;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private volatile Reading reading = new Reading(null, Set.of());

  private record Reading(@Nullable UUID stamp, Set<UserId> banned) {}

  private record Follower(UserId user, Runnable heard) {}

  public Bans(Sql sql) {
    this.sql = sql;
  }

  /** Looks twice a second from now on. Call from a verticle's context. */
  void start(Vertx vertx) {
    new RecurringTask(vertx, "read who is banned", this::look).start(LOOK_EVERY);
  }

  public boolean has(UserId user) {
    return reading.banned.contains(user);
  }

  /**
   * Runs something once as soon as this node hears that the user is banned, on any thread.
   *
   * @return to be run when it isn't wanted any more
   */
  public Runnable whenBanned(UserId user, Runnable heard) {
    Follower follower = new Follower(user, heard);
    followers.add(follower);
    if (has(user)) {
      tell(follower);
    }
    return () -> followers.remove(follower);
  }

  private void tell(Follower follower) {
    if (followers.remove(follower)) {
      follower.heard.run();
    }
  }

  /** Reads what has changed since the last look. Fails with a {@link io.concert.domain.Fault}. */
  public Future<Void> look() {
    return sql.query(LOOK, Tuple.of(reading.stamp)).map(rows -> take(rows.iterator().next()));
  }

  private @Nullable Void take(Row row) {
    Long[] banned = row.getArrayOfLongs("banned");
    if (banned != null) {
      Set<UserId> users = new HashSet<>();
      Arrays.stream(banned).map(UserId::new).forEach(users::add);
      reading = new Reading(row.getUUID("stamp"), users);
      followers.stream().filter(follower -> users.contains(follower.user)).forEach(this::tell);
    }
    return null;
  }
}
