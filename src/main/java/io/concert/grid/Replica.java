package io.concert.grid;

import io.concert.domain.Aggregate;
import io.concert.domain.Decision;
import io.concert.grid.api.AggregateType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One copy of an aggregate, on its owner or on a backup, and what keeps the copies alike: a time
 * that never runs backwards, the answers to recent operations, and a running digest of the events.
 * It also says of which history of the database it was loaded, and which member went on with it
 * last.
 *
 * <p>Not thread-safe: the partition's thread is its only user.
 */
final class Replica<A extends Aggregate<C, E, R>, C, E, R> {
  private static final Logger log = LoggerFactory.getLogger(Replica.class);

  /** No member has gone on with it yet. */
  private static final long NOBODY = 0;

  private final AggregateType<A, C, E, R> type;
  private final A aggregate;
  private final RecentAnswers<R> recent;
  private final long history;
  private long owner;
  private long lastMillis;
  private long digest;
  private boolean diverged;

  private Replica(
      AggregateType<A, C, E, R> type,
      A aggregate,
      RecentAnswers<R> recent,
      long history,
      long owner,
      long lastMillis,
      long digest) {
    this.type = type;
    this.aggregate = aggregate;
    this.recent = recent;
    this.history = history;
    this.owner = owner;
    this.lastMillis = lastMillis;
    this.digest = digest;
  }

  static <A extends Aggregate<C, E, R>, C, E, R> Replica<A, C, E, R> of(
      AggregateType<A, C, E, R> type, A aggregate) {
    return of(type, aggregate, History.ONLY.number());
  }

  /**
   * @param history the database's, as of before the aggregate was read
   */
  static <A extends Aggregate<C, E, R>, C, E, R> Replica<A, C, E, R> of(
      AggregateType<A, C, E, R> type, A aggregate, long history) {
    return new Replica<>(type, aggregate, new RecentAnswers<>(), history, NOBODY, 0, Digest.START);
  }

  /**
   * What an operation came to.
   *
   * @param change what a backup must apply, null if nothing changed
   */
  record Outcome<E, R>(R reply, @Nullable Change<E, R> change) {}

  /**
   * An event on its way to the backup.
   *
   * @param digestAfter the owner's digest once the event is applied: a backup that comes to another
   *     one has missed something
   */
  record Change<E, R>(long operation, long nowMillis, E event, R reply, long digestAfter) {}

  /**
   * To be called before a command is run. A backup needn't hear of it: should it be promoted, its
   * own member takes it over.
   *
   * @param member that runs it
   * @param seed random
   */
  void ownedBy(long member, long seed) {
    if (owner != member) {
      owner = member;
      aggregate.takenOver(seed);
    }
  }

  /** The member that this copy was loaded on; nobody has seen it yet. */
  void beginAt(long member) {
    owner = member;
  }

  /**
   * Runs a command as the owner.
   *
   * <p>Nothing can fail between deciding and having changed everything: an exception there would
   * leave owner and backup different for good.
   *
   * @param operation the same for every delivery of one command; the second gets the first's answer
   * @param nowMillis the caller's idea of the database's time
   */
  Outcome<E, R> execute(long operation, long nowMillis, C command) {
    R known = recent.answer(operation);
    if (known != null) {
      return new Outcome<>(known, null);
    }
    long now = Math.max(lastMillis, nowMillis);
    Decision<E, R> decision = aggregate.decide(command, now);
    E event = decision.event();
    if (event == null) {
      return new Outcome<>(aggregate.report(command, decision.reply(), now), null);
    }
    long after = Digest.after(digest, operation, now, type.event(), event);
    applied(operation, now, event, decision.reply(), after);
    return new Outcome<>(
        reportOrReply(command, decision.reply(), now),
        new Change<>(operation, now, event, decision.reply(), after));
  }

  /** The change has happened and must reach the backup, whatever becomes of the report. */
  private R reportOrReply(C command, R reply, long now) {
    try {
      return aggregate.report(command, reply, now);
    } catch (RuntimeException defect) {
      log.error("no report", defect);
      return reply;
    }
  }

  /** Applies the owner's change as a backup. */
  void replay(Change<E, R> change) {
    long after =
        Digest.after(digest, change.operation, change.nowMillis, type.event(), change.event);
    if (diverged || after != change.digestAfter) {
      diverged = true;
      return;
    }
    applied(change.operation, change.nowMillis, change.event, change.reply, after);
  }

  private void applied(long operation, long now, E event, R reply, long after) {
    aggregate.apply(event);
    recent.remember(operation, reply);
    lastMillis = now;
    digest = after;
  }

  AggregateType<A, C, E, R> type() {
    return type;
  }

  long history() {
    return history;
  }

  long generation() {
    return aggregate.generation();
  }

  /** A copy that missed an event is worth nothing: it is loaded anew rather than believed. */
  boolean diverged() {
    return diverged;
  }

  /** Neither has it missed an event, nor was it loaded from what a restored database has lost. */
  boolean isWorthAsking(long wantedHistory) {
    return !diverged && history >= wantedHistory;
  }

  long digest() {
    return digest;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(history);
    out.writeLong(owner);
    out.writeLong(lastMillis);
    out.writeLong(digest);
    out.writeBoolean(diverged);
    recent.write(out, type.reply());
    type.state().write(aggregate, out);
  }

  static <A extends Aggregate<C, E, R>, C, E, R> Replica<A, C, E, R> read(
      AggregateType<A, C, E, R> type, DataInput in) throws IOException {
    long history = in.readLong();
    long owner = in.readLong();
    long lastMillis = in.readLong();
    long digest = in.readLong();
    boolean diverged = in.readBoolean();
    RecentAnswers<R> recent = RecentAnswers.read(in, type.reply());
    Replica<A, C, E, R> replica =
        new Replica<>(type, type.state().read(in), recent, history, owner, lastMillis, digest);
    replica.diverged = diverged;
    return replica;
  }
}
