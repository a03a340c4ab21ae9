package io.concert.queue;

import io.concert.forecast.Agenda;
import io.concert.forecast.Behaviour;
import io.concert.forecast.BoxOffice;
import io.concert.forecast.Crowd;
import io.concert.queue.room.RoomReply.Standing;
import java.util.BitSet;
import java.util.List;

/**
 * A sale from the first who gathers to the last who goes home, as events on a virtual clock. The
 * room is the real one and a {@link Referee} checks every admission.
 *
 * <p>People near the front ask at the pace that the room sets. A million people far back who ask
 * every eight seconds for an hour would be half a billion events that change nothing but who is
 * present; they are taken in blocks of neighbours, often enough to stay present.
 */
final class OnSale {
  static final int TICK_MILLIS = 100;
  static final int SESSION_MILLIS = 600_000;
  static final int HOLD_MILLIS = 300_000;

  private static final int SAMPLE_MILLIS = 10_000;
  private static final int BLOCK = 512;
  private static final int BLOCK_MILLIS = 20_000;
  private static final int FRONT = 4_000;
  private static final int ADMIT_AT_ONCE = 64;
  private static final int LOOK_AGAIN_MILLIS = 10_000;
  private static final int LOOK_FOR_MILLIS = 120_000;
  private static final int LONGEST_MILLIS = 12 * 3_600_000;

  private static final int ARRIVES = 0;
  private static final int BLOCK_ASKS = 1;
  private static final int ASKS = 2;
  private static final int CHOOSES = 3;
  private static final int PAYS = 4;
  private static final int HOLD_ENDS = 5;
  private static final int LEAVES = 6;
  private static final int SESSION_ENDS = 7;
  private static final int TICK = 8;
  private static final int SAMPLE = 9;
  private static final int OPENS = 10;

  private final Crowd crowd;
  private final Absences absences;
  private final SimulatedRoom room;
  private final BoxOffice office;
  private final Referee referee;
  private final Tally tally;
  private final Agenda agenda = new Agenda();

  /** In line, to their own mind: they ask, unless they are away for a while. */
  private final BitSet inLine = new BitSet();

  private final BitSet atTheFront = new BitSet();
  private final byte[] held;
  private final int[] noticed;
  private int lookedAt;

  OnSale(SaleSetup setup) {
    this.crowd =
        new Crowd(
            setup.people(), setup.seed(), Behaviour.PUBLISHED.withUnpaid(setup.unpaidShare()));
    this.absences = new Absences(crowd, setup.seed());
    this.room = new SimulatedRoom(setup);
    this.office = new BoxOffice(setup.seats());
    this.referee = new Referee(setup);
    this.tally = new Tally(setup.people());
    this.held = new byte[setup.people()];
    this.noticed = new int[setup.people()];
  }

  /**
   * @throws AssertionError when the room breaks a rule
   */
  Tally run() {
    agenda.add(crowd.arrival(0), ARRIVES, 0);
    agenda.add(Crowd.OPENS, OPENS, 0);
    agenda.add(0, SAMPLE, 0);
    while (!agenda.isEmpty()) {
      long entry = agenda.next();
      happen(Agenda.kindOf(entry), Agenda.idOf(entry), Agenda.millisOf(entry));
    }
    tally.finish(referee.mostActive());
    return tally;
  }

  private void happen(int kind, int id, int now) {
    switch (kind) {
      case ARRIVES -> arrive(id, now);
      case BLOCK_ASKS -> blockAsks(id, now);
      case ASKS -> ask(id, now);
      case CHOOSES -> choose(id, now);
      case PAYS -> pay(id, now);
      case HOLD_ENDS -> holdEnds(id, now);
      case LEAVES -> leave(id, now);
      case SESSION_ENDS -> sessionEnds(id, now);
      case OPENS -> {
        room.open(now);
        tick(now);
      }
      case TICK -> tick(now);
      case SAMPLE -> sample(now);
      default -> throw new AssertionError(kind);
    }
  }

  private void arrive(int person, int now) {
    if (person % BLOCK == 0) {
      agenda.add(now + BLOCK_MILLIS, BLOCK_ASKS, person / BLOCK);
    }
    if (person + 1 < crowd.people()) {
      agenda.add(crowd.arrival(person + 1), ARRIVES, person + 1);
    }
    Standing standing = room.enter(person, now);
    tally.arrived();
    inLine.set(person);
    referee.seen(person, now);
    standsAt(person, standing, now);
  }

  private void blockAsks(int block, int now) {
    int end = Math.min((block + 1) * BLOCK, crowd.people());
    for (int i = inLine.nextSetBit(block * BLOCK);
        i >= 0 && i < end;
        i = inLine.nextSetBit(i + 1)) {
      if (!atTheFront.get(i)) {
        ask(i, now);
      }
    }
    boolean complete = crowd.arrival(end - 1) <= now;
    int next = inLine.nextSetBit(block * BLOCK);
    if (!complete || (next >= 0 && next < end)) {
      agenda.add(now + BLOCK_MILLIS, BLOCK_ASKS, block);
    }
  }

  private void ask(int person, int now) {
    if (absences.hasLeft(person, now, tally.soldOut())) {
      inLine.clear(person);
      referee.gone(person);
      tally.gaveUp();
      if (absences.saysSo(person)) {
        room.leave(person, now);
        referee.left(person);
      }
    } else if (!absences.isAway(person, now)) {
      Standing standing = room.poll(person, now);
      tally.asked();
      standsAt(person, standing, now);
    } else if (atTheFront.get(person)) {
      agenda.add(absences.backAt(person), ASKS, person);
    }
  }

  private void standsAt(int person, Standing standing, int now) {
    switch (standing.state()) {
      case ACTIVE -> goIn(person, now);
      case ENDED -> {
        inLine.clear(person);
        tally.missed();
      }
      case WAITING, NOT_OPEN, PAUSED -> {
        referee.seen(person, now);
        standing.estimate().ifPresent(range -> tally.promises().made(person, range, now));
        if (now - lookedAt >= SAMPLE_MILLIS) {
          lookedAt = now;
          referee.told(person, standing.number(), now);
        }
        if (atTheFront.get(person) || standing.number() <= FRONT) {
          atTheFront.set(person);
          agenda.add(now + (int) standing.pollAfterMillis(), ASKS, person);
        }
      }
    }
  }

  private void goIn(int person, int now) {
    inLine.clear(person);
    noticed[person] = now;
    if (!crowd.doesNothingInside(person)) {
      agenda.add(now + crowd.millisToChoose(person), CHOOSES, person);
    }
  }

  private void choose(int person, int now) {
    if (!room.isInside(person)) {
      return;
    }
    int got = office.hold(crowd.order(person));
    if (got == 0) {
      boolean goOn = !office.isSoldOut() && now - noticed[person] < LOOK_FOR_MILLIS;
      agenda.add(now + LOOK_AGAIN_MILLIS, goOn ? CHOOSES : LEAVES, person);
      return;
    }
    held[person] = (byte) got;
    int deadline = now + HOLD_MILLIS;
    room.prolong(person, deadline, now);
    agenda.add(deadline, HOLD_ENDS, person);
    if (crowd.pays(person)) {
      agenda.add(now + crowd.millisToPay(person, HOLD_MILLIS), PAYS, person);
    }
  }

  private void pay(int person, int now) {
    if (held[person] > 0) {
      office.pay(held[person]);
      tally.bought(held[person]);
      held[person] = 0;
      endSession(person, now);
      if (office.isSoldOut()) {
        tally.soldOut(now);
      }
    }
  }

  private void holdEnds(int person, int now) {
    if (held[person] > 0) {
      office.giveBack(held[person]);
      tally.unpaid(held[person]);
      held[person] = 0;
      if (crowd.leavesAfterHold(person)) {
        leave(person, now);
      }
    }
  }

  private void leave(int person, int now) {
    if (room.isInside(person)) {
      endSession(person, now);
    }
  }

  private void sessionEnds(int person, int now) {
    if (!room.isInside(person)) {
      return;
    }
    if (room.endOf(person) > now) {
      agenda.add(room.endOf(person), SESSION_ENDS, person);
    } else {
      endSession(person, now);
      tally.timedOut();
    }
  }

  private void endSession(int person, int now) {
    referee.ended(person);
    room.end(person, now);
  }

  private void tick(int now) {
    List<Integer> named;
    do {
      named = room.next(ADMIT_AT_ONCE, now);
      referee.named(named, ADMIT_AT_ONCE, now);
      room.admit(named, now + SESSION_MILLIS, now);
      for (int person : named) {
        referee.admitted(person);
        tally.admitted(crowd.arrival(person), now);
        tally.promises().kept(person, now);
        agenda.add(now + SESSION_MILLIS, SESSION_ENDS, person);
      }
    } while (named.size() == ADMIT_AT_ONCE);
    if (!isOver(now)) {
      agenda.add(now + TICK_MILLIS, TICK, 0);
    }
  }

  private void sample(int now) {
    tally.sample(now, inLine.cardinality(), referee.active(), office.held(), office.sold());
    if (!isOver(now)) {
      agenda.add(now + SAMPLE_MILLIS, SAMPLE, 0);
    }
  }

  private boolean isOver(int now) {
    if (now > LONGEST_MILLIS) {
      throw new AssertionError("the sale doesn't end");
    }
    return tally.isEverybodyHere() && inLine.isEmpty() && referee.active() == 0;
  }
}
