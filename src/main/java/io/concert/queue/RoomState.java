package io.concert.queue;

/**
 * What a room keeps apart from its lines and sessions: what it read of itself in the database, and
 * what it counts.
 */
final class RoomState {
  /** Enough for the joins until the next reservation is made, at least. */
  private static final int RESERVE_AHEAD = 8_192;

  private final int incarnation;
  private final Flow flow = new Flow();
  private int epoch;
  private long asOfXid;
  private long version;
  private int reserved;
  private RoomFacts facts;
  private long factsChangedAt = 1;
  private long joinSecond;
  private int joins;

  RoomState(int epoch, RoomCommand.Reading reading) {
    this(epoch, epoch, reading, 0);
  }

  /**
   * @param incarnation the epoch in which this copy of the room was made from nothing
   */
  RoomState(int incarnation, int epoch, RoomCommand.Reading reading, long admitsFromMillis) {
    if (epoch < 1) {
      throw new IllegalArgumentException("epochs begin at 1");
    }
    this.incarnation = incarnation;
    this.epoch = epoch;
    this.asOfXid = reading.asOfXid();
    this.version = reading.version();
    this.reserved = reading.epoch() == epoch ? reading.reserved() : 0;
    this.facts = new RoomFacts(reading.settings(), reading.ahead(), admitsFromMillis);
  }

  int incarnation() {
    return incarnation;
  }

  int epoch() {
    return epoch;
  }

  long asOfXid() {
    return asOfXid;
  }

  RoomFacts facts() {
    return facts;
  }

  /** Whoever was last seen before is absent. */
  long unseenSince(long now) {
    return now - facts.presenceMillis();
  }

  long factsChangedAt() {
    return factsChangedAt;
  }

  Flow flow() {
    return flow;
  }

  void admitFrom(long millis) {
    facts = new RoomFacts(facts.settings(), facts.ahead(), millis);
  }

  /** From now on places are given in this epoch; a reading of it has to follow at once. */
  void begin(int next) {
    epoch = next;
    reserved = 0;
  }

  boolean openingHasCome(long now) {
    return facts
        .ahead()
        .map(draw -> now >= draw.opensAtMillis() || epoch < draw.firstEpoch())
        .orElse(false);
  }

  /** Before an opening only reserved places may be given: the draw must know of all. */
  boolean mustReserve(int sequence) {
    return facts.ahead().isPresent() && sequence >= reserved;
  }

  int enoughAfter(int sequence) {
    return Math.min(Line.LIMIT, sequence + Math.max(RESERVE_AHEAD, sequence / 8));
  }

  /** How many places to reserve before they are needed; 0 if there are enough. */
  int wantsReserved(int end) {
    int enough = enoughAfter(end);
    return mustReserve(Math.min(Line.LIMIT, end + (enough - end) / 2)) ? enough : 0;
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

  boolean isNews(RoomCommand.Reading reading) {
    return reading.asOfXid() > asOfXid
        || reading.version() > version
        || (reading.epoch() == epoch && reading.reserved() > reserved);
  }

  /**
   * @param change the room's change with which it is learned
   * @return whether settings or draws may be other ones
   */
  boolean learn(RoomCommand.Reading reading, long change) {
    asOfXid = Math.max(asOfXid, reading.asOfXid());
    if (reading.epoch() == epoch) {
      reserved = Math.max(reserved, reading.reserved());
    }
    if (reading.version() <= version) {
      return false;
    }
    version = reading.version();
    facts = new RoomFacts(reading.settings(), reading.ahead(), facts.admitsFromMillis());
    factsChangedAt = change;
    return true;
  }

  /** All that was read, for a copy elsewhere. */
  RoomCommand.Reading reading(Lines lines) {
    return new RoomCommand.Reading(
        asOfXid, version, facts.settings(), epoch, reserved, facts.ahead(), lines.draws());
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

  /** Facts of a copy are news to whoever knew the original up to here. */
  void restored(long change) {
    factsChangedAt = change;
  }
}
