package io.concert.forecast;

import java.util.BitSet;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A sale to a crowd, as events on a virtual clock, from the first who gathers until all is sold,
 * everybody has gone, or a day is over. What it costs grows with the people alone: {@link
 * #MOST_STEPS_EACH} events for each.
 *
 * <p>It knows no polls: who waits is always there, and learns {@link #NOTICE_MILLIS} later that it
 * is in. Whom the room passes over for a while, and other things that change little, are in the
 * simulation of the real room, which a test compares with this.
 */
public final class Forecast {
  public static final int LONGEST_MILLIS = 24 * 3_600_000;

  /** To look for seats again and again, and to come, give up, pay and go once. */
  static final int MOST_STEPS_EACH = 20;

  /** Half of a poll's pace at the front of the line, and a little for those further back. */
  private static final int NOTICE_MILLIS = 750;

  private static final int LOOK_AGAIN_MILLIS = 10_000;
  private static final int LOOK_FOR_MILLIS = 120_000;
  private static final int STEPS_BETWEEN_QUESTIONS = 4_096;

  private static final int ARRIVES = 0;
  private static final int GIVES_UP = 1;
  private static final int CHOOSES = 2;
  private static final int PAYS = 3;
  private static final int HOLD_ENDS = 4;
  private static final int GOES = 5;
  private static final int ADMITS = 6;

  private final Sale sale;
  private final Crowd crowd;
  private final BoxOffice office;
  private final AdmissionPace pace;
  private final Agenda agenda = new Agenda();
  private final Series series = new Series();

  /** Who came and isn't before {@link #head}; of these, those in {@link #left} wait no more. */
  private int arrived;

  private int head;
  private final BitSet left = new BitSet();
  private int waiting;

  private final int[] letInAt;
  private final byte[] held;
  private final int[] waits;
  private int inside;

  /** Only one at a time, and the first one is the opening. */
  private boolean admissionPlanned = true;

  private int now;
  private long steps;
  private long insideMillis;
  private long waitingMillis;
  private int letIn;
  private int buyers;
  private int unpaid;
  private int idle;
  private int gaveUp;
  private int mostInside;

  private Forecast(Sale sale, Crowd crowd) {
    this.sale = sale;
    this.crowd = crowd;
    this.office = new BoxOffice(sale.seats());
    this.pace = new AdmissionPace(sale.admitPerSecond());
    this.letInAt = new int[crowd.people()];
    this.held = new byte[crowd.people()];
    this.waits = new int[crowd.people()];
  }

  /**
   * @param goOn is asked now and then
   * @return empty if it said no
   */
  public static Optional<Outcome> of(Sale sale, Crowd crowd, BooleanSupplier goOn) {
    return new Forecast(sale, crowd).run(goOn);
  }

  private Optional<Outcome> run(BooleanSupplier goOn) {
    agenda.add(crowd.arrival(0), ARRIVES, 0);
    agenda.add(Crowd.OPENS, ADMITS, 0);
    while (!office.isSoldOut() && !isEverybodyGone()) {
      if (agenda.nextMillis() > Crowd.OPENS + LONGEST_MILLIS) {
        passTo(Crowd.OPENS + LONGEST_MILLIS);
        return Optional.of(outcome(Outcome.End.DAY_OVER));
      }
      if (steps++ % STEPS_BETWEEN_QUESTIONS == 0 && !goOn.getAsBoolean()) {
        return Optional.empty();
      }
      long entry = agenda.next();
      passTo(Agenda.millisOf(entry));
      happen(Agenda.kindOf(entry), Agenda.idOf(entry));
    }
    return Optional.of(
        outcome(office.isSoldOut() ? Outcome.End.SOLD_OUT : Outcome.End.EVERYBODY_GONE));
  }

  private boolean isEverybodyGone() {
    return arrived == crowd.people() && waiting == 0 && inside == 0;
  }

  private void passTo(int time) {
    if (time >= Crowd.OPENS) {
      long passed = (long) time - Math.max(Crowd.OPENS, now);
      insideMillis += passed * inside;
      waitingMillis += passed * waiting;
      series.until(time - Crowd.OPENS, waiting, inside, office.sold());
    }
    now = time;
  }

  private void happen(int kind, int person) {
    switch (kind) {
      case ARRIVES -> arrive(person);
      case GIVES_UP -> giveUp(person);
      case CHOOSES -> choose(person);
      case PAYS -> pay(person);
      case HOLD_ENDS -> holdEnds(person);
      case GOES -> go();
      case ADMITS -> {
        admissionPlanned = false;
        admit();
      }
      default -> throw new AssertionError(kind);
    }
  }

  private void arrive(int person) {
    arrived++;
    waiting++;
    if (arrived < crowd.people()) {
      agenda.add(crowd.arrival(arrived), ARRIVES, arrived);
    }
    if (crowd.leaves(person) != Crowd.NEVER) {
      agenda.add(crowd.leaves(person), GIVES_UP, person);
    }
    admit();
  }

  private void giveUp(int person) {
    if (person >= head) {
      left.set(person);
      waiting--;
      gaveUp++;
    }
  }

  private void admit() {
    while (inside < sale.capacity() && waiting > 0 && !admissionPlanned) {
      if (pace.take(now)) {
        head = left.nextClearBit(head);
        letIn(head++);
      } else {
        admissionPlanned = true;
        agenda.add(pace.next(), ADMITS, 0);
      }
    }
  }

  private void letIn(int person) {
    waiting--;
    inside++;
    mostInside = Math.max(mostInside, inside);
    letInAt[person] = now;
    waits[letIn++] = now - Math.max(Crowd.OPENS, crowd.arrival(person));
    if (crowd.doesNothingInside(person)) {
      idle++;
      agenda.add(now + sale.idleMillis(), GOES, person);
    } else {
      choosesAt(now + NOTICE_MILLIS + crowd.millisToChoose(person), person);
    }
  }

  /** Unless the session is over by then. */
  private void choosesAt(int time, int person) {
    int sessionEnd = letInAt[person] + sale.sessionMillis();
    agenda.add(Math.min(time, sessionEnd), time < sessionEnd ? CHOOSES : GOES, person);
  }

  private void choose(int person) {
    int got = office.hold(crowd.order(person));
    if (got > 0) {
      held[person] = (byte) got;
      boolean pays = crowd.pays(person);
      int after = pays ? crowd.millisToPay(person, sale.holdMillis()) : sale.holdMillis();
      agenda.add(now + after, pays ? PAYS : HOLD_ENDS, person);
    } else if (now - letInAt[person] < LOOK_FOR_MILLIS) {
      choosesAt(now + LOOK_AGAIN_MILLIS, person);
    } else {
      agenda.add(now, GOES, person);
    }
  }

  private void pay(int person) {
    office.pay(held[person]);
    buyers++;
    go();
  }

  private void holdEnds(int person) {
    office.giveBack(held[person]);
    unpaid++;
    int sessionEnd = letInAt[person] + sale.sessionMillis();
    if (crowd.leavesAfterHold(person) || sessionEnd <= now) {
      go();
    } else {
      agenda.add(sessionEnd, GOES, person);
    }
  }

  private void go() {
    inside--;
    admit();
  }

  private Outcome outcome(Outcome.End end) {
    int endMillis = now - Crowd.OPENS;
    int tooLate = crowd.people() - arrived;
    return new Outcome(
        end,
        endMillis,
        office.sold(),
        letIn,
        buyers,
        unpaid,
        idle,
        gaveUp,
        crowd.people() - buyers - unpaid - idle - gaveUp - tooLate,
        tooLate,
        mostInside,
        insideMillis,
        waitingMillis,
        new Outcome.Waits(waits, letIn),
        series.endedAt(endMillis, waiting, inside, office.sold()),
        steps);
  }
}
