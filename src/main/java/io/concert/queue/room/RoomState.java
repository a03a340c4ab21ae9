package io.concert.queue.room;

import io.concert.queue.line.Line;
import io.concert.queue.line.Lines;
import io.concert.queue.pace.ThroughputWindow;

/**
 * What a room keeps apart from its lines and sessions: what it read of itself in the database, and
 * what it counts.
 */
public final class RoomState {
  /** Enough for the joins until the next reservation is made, at least. */
  private static final int RESERVE_AHEAD = 8_192;

  private final OwnCopy own = new OwnCopy();
  private final ThroughputWindow flow = new ThroughputWindow();
  private int epoch;
  private int newestEpoch;
  private long giver;
  private long asOfXid;
  private long version;
  private int reserved;
  private RoomConfig facts;
  private long factsChangedAt = 1;
  private long joinSecond;
  private int joins;

  RoomState(int epoch, RoomCommand.RoomSnapshot reading) {
    this(epoch, OwnCopy.NONE, reading, 0);
  }

  /**
   * @param giver the copy that gives the epoch's places, as its {@link OwnCopy} names it
   */
  RoomState(int epoch, long giver, RoomCommand.RoomSnapshot reading, long admitsFromMillis) {
    if (epoch < 1) {
      throw new IllegalArgumentException("epochs begin at 1");
    }
    this.epoch = epoch;
    this.newestEpoch = Math.max(epoch, reading.newestEpoch());
    this.giver = giver;
    this.asOfXid = reading.asOfXid();
    this.version = reading.version();
    this.reserved = reading.epoch() == epoch ? reading.reserved() : 0;
    this.facts = new RoomConfig(reading.settings(), reading.ahead(), admitsFromMillis);
  }

  public OwnCopy own() {
    return own;
  }

  /** The copy that gives this epoch's places. */
  long giver() {
    return giver;
  }

  /** As far as is known; greater than {@link #epoch()} once another copy has begun one. */
  public int newestEpoch() {
    return newestEpoch;
  }

  /**
   * Whether it is this copy that gives places and lets people in: it has begun the epoch itself,
   * and knows of no newer one. So no two copies give the same place, and anyone who comes later
   * doesn't get an earlier one.
   */
  boolean isGiver() {
    return giver == own.id() && newestEpoch <= epoch;
  }

  public int epoch() {
    return epoch;
  }

  long asOfXid() {
    return asOfXid;
  }

  RoomConfig facts() {
    return facts;
  }

  /** Those who were last seen before are absent. */
  long unseenSince(long now) {
    return now - facts.presenceMillis();
  }

  long factsChangedAt() {
    return factsChangedAt;
  }

  ThroughputWindow flow() {
    return flow;
  }

  void admitFrom(long millis) {
    facts = new RoomConfig(facts.settings(), facts.ahead(), millis);
  }

  /**
   * @param change the room's change with which it is so: anyone who looks hears of it
   */
  void admitFrom(long millis, long change) {
    if (millis != facts.admitsFromMillis()) {
      admitFrom(millis);
      factsChangedAt = change;
    }
  }

  /**
   * From now on places are given in this epoch, by that copy alone; a reading of it has to follow
   * at once.
   */
  void begin(int next, long givenBy) {
    epoch = next;
    newestEpoch = Math.max(newestEpoch, next);
    giver = givenBy;
    reserved = 0;
  }

  boolean openingHasCome(long now) {
    return facts
        .ahead()
        .map(draw -> now >= draw.opensAtMillis() || epoch < draw.firstEpoch())
        .orElse(false);
  }

  /** Only reserved places may be given: an epoch that is over has an end, and a draw knows all. */
  boolean mustReserve(int sequence) {
    return sequence >= reserved;
  }

  int enoughAfter(int sequence) {
    return Math.min(Line.LIMIT, sequence + Math.max(RESERVE_AHEAD, sequence / 8));
  }

  /** How many places to reserve before they are needed; 0 if there are enough. */
  int wantsReserved(int end) {
    int enough = enoughAfter(end);
    return mustReserve(Math.min(Line.LIMIT, end + (enough - end) / 4)) ? enough : 0;
  }

  /** 0 if somebody may join now. */
  long millisUntilJoin(long now) {
    int most = facts.settings().joinsPerSecond();
    return most > 0 && joinSecond == now / 1000 && joins >= most ? 1000 - now % 1000 : 0;
  }

  void joined(long now) {
    joins = joinSecond == now / 1000 ? joins + 1 : 1;
    joinSecond = now / 1000;
  }

  boolean isNews(RoomCommand.RoomSnapshot reading) {
    return reading.asOfXid() > asOfXid
        || reading.version() > version
        || reading.newestEpoch() > newestEpoch
        || (reading.epoch() == epoch && reading.reserved() > reserved);
  }

  /**
   * @param change the room's change with which it is learned
   * @return whether settings or draws may be other ones
   */
  boolean learn(RoomCommand.RoomSnapshot reading, long change) {
    asOfXid = Math.max(asOfXid, reading.asOfXid());
    newestEpoch = Math.max(newestEpoch, reading.newestEpoch());
    if (reading.epoch() == epoch) {
      reserved = Math.max(reserved, reading.reserved());
    }
    if (reading.version() <= version) {
      return false;
    }
    version = reading.version();
    facts = new RoomConfig(reading.settings(), reading.ahead(), facts.admitsFromMillis());
    factsChangedAt = change;
    return true;
  }

  /** All that was read, for a copy elsewhere. */
  RoomCommand.RoomSnapshot reading(Lines lines) {
    return new RoomCommand.RoomSnapshot(
        asOfXid,
        asOfXid,
        version,
        facts.settings(),
        epoch,
        newestEpoch,
        reserved,
        facts.ahead(),
        lines.draws());
  }

  long joinSecond() {
    return joinSecond;
  }

  int joins() {
    return joins;
  }

  void restoreJoins(long second, int count) {
    joinSecond = second;
    joins = count;
  }

  /** Facts of a copy are news to a reader who knew the original up to here. */
  void restored(long change) {
    factsChangedAt = change;
  }
}
