package io.concert.reservation.seatmap;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Aggregate;
import io.concert.domain.Decision;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.seatmap.SeatCommand.AskBound;
import io.concert.reservation.seatmap.SeatCommand.Claim;
import io.concert.reservation.seatmap.SeatCommand.ClaimFirst;
import io.concert.reservation.seatmap.SeatCommand.Compare;
import io.concert.reservation.seatmap.SeatCommand.Learn;
import io.concert.reservation.seatmap.SeatCommand.Look;
import io.concert.reservation.seatmap.SeatCommand.Overrule;
import io.concert.reservation.seatmap.SeatCommand.Settle;
import io.concert.reservation.seatmap.SeatEvent.Claimed;
import io.concert.reservation.seatmap.SeatEvent.Corrected;
import io.concert.reservation.seatmap.SeatReply.Bound;
import io.concert.reservation.seatmap.SeatReply.Chosen;
import io.concert.reservation.seatmap.SeatReply.Compared;
import io.concert.reservation.seatmap.SeatReply.NotForSale;
import io.concert.reservation.seatmap.SeatReply.Noted;
import io.concert.reservation.seatmap.SeatReply.Proceed;
import io.concert.reservation.seatmap.SeatReply.Seen;
import io.concert.reservation.seatmap.SeatReply.Taken;
import io.concert.reservation.seatmap.SeatReply.Unchanged;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The seats of one schedule, as far as the grid knows them: a memory in front of the database that
 * refuses the crowd and never gives a seat away by itself. It only ever errs towards asking the
 * database once more: a hold that it lets proceed is judged there, and what it has is overwritten
 * by newer rows only.
 *
 * <p>Primitive arrays, because 50,000 seats move to another member in one piece: 50 bytes a seat in
 * memory, 25 on the wire.
 */
public final class SeatMap implements Aggregate<SeatCommand, SeatEvent, SeatReply> {
  /** Epochs pass through JSON, where integers are exact up to here. */
  public static final long EPOCHS = 1L << 53;

  /** No layout is larger; a seat index from the wire can't make the map swallow the heap. */
  public static final int MAX_SEATS = 1 << 20;

  /** How long a claim keeps others out without a verdict: its node may have died. */
  public static final long CLAIM_MILLIS = 2_000;

  /** No row was seen: any row is newer. */
  static final long NO_FENCE = -1;

  long epoch;
  long version;

  /**
   * All that the database's transactions below this one have changed is known here. It is part of
   * the map, so that a copy that was left behind is told what it has missed, no matter who goes on
   * with it.
   */
  public long asOfXid;

  public byte[] status = {};
  long[] user = {};
  long[] fence = {};
  long[] deadline = {};

  /**
   * Which claim has marked the seat, 0 for none; {@code claimant} and {@code claimUntil} say more.
   */
  public long[] claim = {};

  long[] claimant = {};
  long[] claimUntil = {};
  private int marks;

  /** What is shown, kept up to date by every event, so that a look is one copy. */
  private byte[] shown = {};

  private int free;

  /**
   * @param epoch a value from {@link #EPOCHS} that no other copy of this map had
   */
  SeatMap(long epoch) {
    this.epoch = epoch;
  }

  /**
   * A map of the rows that the database has, before its first version.
   *
   * @param asOfXid what has changed from that transaction on isn't known yet
   */
  public static SeatMap of(long epoch, List<SeatRow> rows, long asOfXid) {
    var map = new SeatMap(epoch);
    map.apply(new Corrected(List.of(), rows, asOfXid));
    map.version = 1;
    return map;
  }

  /**
   * Two members may have gone on with copies of one state, and what they show under one version
   * isn't the same: anyone who has seen one must not take the other for it, nor for something
   * older.
   */
  @Override
  public void takenOver(long seed) {
    epoch = 1 + Math.floorMod(seed, EPOCHS - 1);
    version = 1;
  }

  int seats() {
    return status.length;
  }

  @Override
  public Decision<SeatEvent, SeatReply> decide(SeatCommand command, long nowMillis) {
    if (command instanceof Claim asked) {
      return claim(asked, nowMillis);
    } else if (command instanceof ClaimFirst asked) {
      return claimFirst(asked, nowMillis);
    } else if (command instanceof Settle settled) {
      return correct(
          settled.seats().stream().filter(seat -> markedBy(seat, settled.claim())).toList(),
          settled.seatRows(),
          0);
    } else if (command instanceof Learn learned) {
      return correct(ranOut(nowMillis), learned.seatRows(), learned.asOfXid());
    } else if (command instanceof AskBound) {
      return Decision.answer(new Bound(asOfXid));
    } else if (command instanceof Compare compare) {
      return Decision.answer(new Compared(contradicting(compare.rows())));
    } else if (command instanceof Overrule overrule) {
      return overrule(overrule);
    }
    return Decision.answer(look((Look) command));
  }

  private Decision<SeatEvent, SeatReply> claim(Claim asked, long now) {
    var house = only(asked.seats(), seat -> status[seat] == SeatStatus.NOT_FOR_SALE.code());
    if (!house.isEmpty()) {
      return Decision.answer(new NotForSale(house));
    }
    var taken = only(asked.seats(), seat -> taken(seat, asked.user(), now));
    if (!taken.isEmpty()) {
      return Decision.answer(new Taken(taken));
    }
    // A seat without a row here was imported after the map was loaded: the database knows.
    var known = only(asked.seats(), seat -> true);
    return known.isEmpty()
        ? Decision.answer(new Proceed())
        : Decision.change(
            new Claimed(asked.claim(), asked.user(), now + CLAIM_MILLIS, known), new Proceed());
  }

  private Decision<SeatEvent, SeatReply> claimFirst(ClaimFirst asked, long now) {
    for (int group = 0; group < asked.groups().size(); group++) {
      var seats = asked.groups().get(group);
      if (seats.stream().allMatch(seat -> isFree(seat, now))) {
        return Decision.change(
            new Claimed(asked.claim(), asked.user(), now + CLAIM_MILLIS, seats), new Chosen(group));
      }
    }
    return Decision.answer(new Taken(List.of()));
  }

  private boolean isFree(int seat, long now) {
    if (!known(seat) || (claim[seat] != 0 && claimUntil[seat] > now)) {
      return false;
    }
    return switch (SeatStatus.of(status[seat])) {
      case FREE -> true;
      case HELD -> deadline[seat] <= now;
      case SOLD, NOT_FOR_SALE -> false;
    };
  }

  private List<Integer> only(List<Integer> seats, IntPredicate condition) {
    return seats.stream().filter(seat -> known(seat) && condition.test(seat)).toList();
  }

  private boolean known(int seat) {
    return seat >= 0 && seat < seats() && fence[seat] != NO_FENCE;
  }

  /**
   * The same person's second attempt isn't kept out by the first: a request repeated on another
   * node must hear of the hold, not that the seat is taken.
   */
  private boolean taken(int seat, long byUser, long now) {
    if (claim[seat] != 0 && claimant[seat] != byUser && claimUntil[seat] > now) {
      return true;
    }
    return switch (SeatStatus.of(status[seat])) {
      case FREE -> false;
      case HELD -> user[seat] != byUser && deadline[seat] > now;
      case SOLD, NOT_FOR_SALE -> true;
    };
  }

  private boolean markedBy(int seat, long claimId) {
    return seat < seats() && claim[seat] == claimId;
  }

  private List<Integer> ranOut(long now) {
    var seats = new ArrayList<Integer>();
    for (int seat = 0; marks > 0 && seat < seats(); seat++) {
      if (claim[seat] != 0 && claimUntil[seat] <= now) {
        seats.add(seat);
      }
    }
    return seats;
  }

  /** What this map says of a seat, where it says something else than a row that isn't newer. */
  private List<SeatRow> contradicting(List<SeatRow> rows) {
    return rows.stream()
        .filter(row -> !isNewer(row) && !row.equals(state(row.seat())))
        .map(row -> state(row.seat()))
        .toList();
  }

  private SeatRow state(int seat) {
    return new SeatRow(seat, SeatStatus.of(status[seat]), user[seat], fence[seat], deadline[seat]);
  }

  private Decision<SeatEvent, SeatReply> overrule(Overrule asked) {
    var wrong = Set.copyOf(asked.wrong());
    var rows =
        asked.rows().stream()
            .filter(row -> isNewer(row) || wrong.contains(state(row.seat())))
            .toList();
    return rows.isEmpty()
        ? Decision.answer(new Noted())
        : Decision.change(new Corrected(List.of(), rows, 0), new Noted());
  }

  private Decision<SeatEvent, SeatReply> correct(
      List<Integer> unmarked, List<SeatRow> seatRows, long asOf) {
    var newestOfSeat = new LinkedHashMap<Integer, SeatRow>();
    for (SeatRow seatRow : seatRows) {
      if (isNewer(seatRow)) {
        newestOfSeat.merge(seatRow.seat(), seatRow, (a, b) -> b.fence() > a.fence() ? b : a);
      }
    }
    var newer = List.copyOf(newestOfSeat.values());
    return unmarked.isEmpty() && newer.isEmpty() && asOf <= asOfXid
        ? Decision.answer(new Noted())
        : Decision.change(new Corrected(unmarked, newer, asOf), new Noted());
  }

  /**
   * @throws IndexOutOfBoundsException for a seat that no layout can have; nothing has changed yet
   */
  private boolean isNewer(SeatRow seatRow) {
    if (seatRow.seat() < 0 || seatRow.seat() >= MAX_SEATS) {
      throw new IndexOutOfBoundsException("seat " + seatRow.seat());
    }
    return seatRow.seat() >= seats() || seatRow.fence() > fence[seatRow.seat()];
  }

  private SeatReply look(Look asked) {
    return asked.epoch() == epoch && asked.version() == version
        ? new Unchanged()
        : new Seen(new SeatStates(epoch, version, seats(), free, shown.clone()));
  }

  @Override
  public void apply(SeatEvent event) {
    boolean changed;
    if (event instanceof Claimed claimed) {
      changed = mark(claimed);
    } else {
      changed = correct((Corrected) event);
    }
    if (changed) {
      version++;
    }
  }

  private boolean mark(Claimed claimed) {
    boolean changed = false;
    for (int seat : claimed.seats()) {
      setMark(seat, claimed.claim(), claimed.user(), claimed.untilMilli());
      changed |= show(seat);
    }
    return changed;
  }

  private boolean correct(Corrected corrected) {
    asOfXid = Math.max(asOfXid, corrected.asOfXid());
    boolean changed = grow(corrected.seatRows());
    for (SeatRow seatRow : corrected.seatRows()) {
      changed |= learn(seatRow);
    }
    // After the rows: a hold that was given stays shown as held, so the version stays as well.
    for (int seat : corrected.unmarked()) {
      setMark(seat, 0, 0, 0);
      changed |= show(seat);
    }
    return changed;
  }

  private boolean learn(SeatRow seatRow) {
    int seat = seatRow.seat();
    status[seat] = (byte) seatRow.status().code();
    user[seat] = seatRow.user();
    fence[seat] = seatRow.fence();
    deadline[seat] = seatRow.deadlineMillis();
    return show(seat);
  }

  void setMark(int seat, long claimId, long user, long untilMilli) {
    marks += (claimId == 0 ? 0 : 1) - (claim[seat] == 0 ? 0 : 1);
    claim[seat] = claimId;
    claimant[seat] = user;
    claimUntil[seat] = untilMilli;
  }

  private boolean grow(List<SeatRow> seatRows) {
    int needed = seatRows.stream().mapToInt(seatRow -> seatRow.seat() + 1).max().orElse(0);
    if (needed <= seats()) {
      return false;
    }
    resize(needed);
    return true;
  }

  /** New seats are for nobody until their row is seen. */
  void resize(int size) {
    int before = seats();
    status = Arrays.copyOf(status, size);
    user = Arrays.copyOf(user, size);
    fence = Arrays.copyOf(fence, size);
    deadline = Arrays.copyOf(deadline, size);
    claim = Arrays.copyOf(claim, size);
    claimant = Arrays.copyOf(claimant, size);
    claimUntil = Arrays.copyOf(claimUntil, size);
    shown = Arrays.copyOf(shown, (size + 3) / 4);
    Arrays.fill(status, before, size, (byte) SeatStatus.NOT_FOR_SALE.code());
    Arrays.fill(fence, before, size, NO_FENCE);
    free += size - before; // As zero bits they are shown free; the next line takes that back.
    for (int seat = before; seat < size; seat++) {
      show(seat);
    }
  }

  /**
   * Brings a seat's two bits up to date. A mark that ran out is still shown until an event clears
   * it, and a hold past its deadline until the database frees it: what is shown changes by events
   * only, so one version has one look.
   */
  @CanIgnoreReturnValue
  boolean show(int seat) {
    int code = status[seat];
    if (code == SeatStatus.FREE.code() && claim[seat] != 0) {
      code = SeatStatus.HELD.code();
    }
    int shift = 2 * (seat % 4);
    int before = (shown[seat / 4] >> shift) & 3;
    shown[seat / 4] = (byte) ((shown[seat / 4] & ~(3 << shift)) | (code << shift));
    free += (code == 0 ? 1 : 0) - (before == 0 ? 1 : 0);
    return code != before;
  }
}
