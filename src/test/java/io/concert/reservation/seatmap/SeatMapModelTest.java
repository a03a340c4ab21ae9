package io.concert.reservation.seatmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.grid.api.Codec;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.seatmap.SeatCommand.Claim;
import io.concert.reservation.seatmap.SeatCommand.ClaimFirst;
import io.concert.reservation.seatmap.SeatCommand.Learn;
import io.concert.reservation.seatmap.SeatCommand.Look;
import io.concert.reservation.seatmap.SeatCommand.Settle;
import io.concert.reservation.seatmap.SeatReply.Chosen;
import io.concert.reservation.seatmap.SeatReply.NotForSale;
import io.concert.reservation.seatmap.SeatReply.Noted;
import io.concert.reservation.seatmap.SeatReply.Proceed;
import io.concert.reservation.seatmap.SeatReply.Seen;
import io.concert.reservation.seatmap.SeatReply.Taken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random sequences against a model that is too simple to be wrong: a tree of small objects. A
 * second map gets the events only, through their codec, and is replaced in mid-run by what the
 * state's codec makes of the first, as when a partition moves.
 */
class SeatMapModelTest {
  private static final int RUNS = 300;
  private static final int STEPS = 400;
  private static final int SEATS = 9;

  /** Two seats more than the map was loaded with: the layout grows in mid-run. */
  private static final int LOADED = 7;

  @Test
  void behavesLikeTheModelInAnyOrderOfThings() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("SeatMapModelTest -Dseed=" + seed);
    var random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      new Run(random, "seed " + seed + " run " + run).play();
    }
  }

  private static final class Run {
    private final Random random;
    private final String name;
    private final Model model = new Model();
    private final List<Claim> unsettled = new ArrayList<>();
    private SeatMap owner;
    private SeatMap backup;
    private long now = 1_000;
    private long fences;
    private long claims;

    Run(Random random, String name) throws IOException {
      this.random = random;
      this.name = name;
      var rows = new ArrayList<SeatRow>();
      for (int seat = 0; seat < LOADED; seat++) {
        rows.add(new SeatRow(seat, SeatStatus.FREE, 0, 0, 0));
      }
      owner = SeatMap.of(random.nextLong(), rows, 0);
      backup = through(SeatMapCodecs.TYPE.state(), owner);
      rows.forEach(model::learn);
    }

    void play() throws IOException {
      for (int step = 0; step < STEPS; step++) {
        now += random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(50);
        var command = anyCommand();
        String where = name + " step " + step + " " + command;
        long before = owner.version;
        var lookBefore = model.states();

        var reply = ask(command);

        assertThat(reply).as(where).isEqualTo(model.expect(command, now));
        assertThat(states(owner)).as(where).isEqualTo(model.states());
        assertThat(owner.version - before)
            .as(where)
            .isEqualTo(lookBefore.equals(model.states()) ? 0 : 1);
        assertThat(bytes(SeatMapCodecs.TYPE.state(), backup))
            .as(where)
            .isEqualTo(bytes(SeatMapCodecs.TYPE.state(), owner));
        if (random.nextInt(20) == 0) {
          owner = backup; // The owner died.
          backup = through(SeatMapCodecs.TYPE.state(), owner);
        }
      }
    }

    private SeatReply ask(SeatCommand command) throws IOException {
      var decision = owner.decide(through(SeatMapCodecs.TYPE.command(), command), now);
      var event = decision.event();
      if (event != null) {
        backup.apply(through(SeatMapCodecs.TYPE.event(), event));
        owner.apply(event);
      }
      return through(SeatMapCodecs.TYPE.reply(), decision.reply());
    }

    private SeatCommand anyCommand() {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          var seats = random.ints(0, SEATS).distinct().limit(1 + random.nextInt(3)).boxed();
          var claim = new Claim(++claims, anyUser(), seats.toList());
          unsettled.add(claim);
          return claim;
        }
        case 2, 3 -> {
          if (unsettled.isEmpty()) {
            return new Learn(anySeatRows());
          }
          var claim = unsettled.remove(random.nextInt(unsettled.size()));
          return new Settle(claim.claim(), claim.seats(), anySeatRows());
        }
        case 4 -> {
          var groups = new ArrayList<List<Integer>>();
          for (int i = random.nextInt(4); i > 0; i--) {
            groups.add(random.ints(0, SEATS).distinct().limit(2).boxed().toList());
          }
          return new ClaimFirst(++claims, anyUser(), groups);
        }
        default -> {
          return new Learn(anySeatRows(), random.nextInt(3) == 0 ? now : 0);
        }
      }
    }

    private long anyUser() {
      return 1L + random.nextInt(3);
    }

    /** Up to three rows, fresh ones and ones that come late. */
    private List<SeatRow> anySeatRows() {
      var seatRows = new ArrayList<SeatRow>();
      for (int i = random.nextInt(4); i > 0; i--) {
        var status = SeatStatus.of(random.nextInt(20) == 0 ? 3 : random.nextInt(3));
        boolean owned = status == SeatStatus.HELD || status == SeatStatus.SOLD;
        seatRows.add(
            new SeatRow(
                random.nextInt(SEATS),
                status,
                owned ? anyUser() : 0,
                random.nextInt(3) == 0 ? Math.max(0, fences - random.nextInt(20)) : ++fences,
                status == SeatStatus.HELD ? now + random.nextInt(4_000) - 1_000 : 0));
      }
      return seatRows;
    }
  }

  /** What a seat map must do, said in the simplest way. */
  private static final class Model {
    private final TreeMap<Integer, SeatRow> rows = new TreeMap<>();
    private final TreeMap<Integer, Mark> marks = new TreeMap<>();

    record Mark(long claim, long user, long until) {}

    SeatReply expect(SeatCommand command, long now) {
      if (command instanceof Claim claim) {
        var house = new ArrayList<Integer>();
        var taken = new ArrayList<Integer>();
        for (int seat : claim.seats()) {
          var row = rows.get(seat);
          if (row != null && row.status() == SeatStatus.NOT_FOR_SALE) {
            house.add(seat);
          } else if (row != null && isTaken(row, marks.get(seat), claim.user(), now)) {
            taken.add(seat);
          }
        }
        if (!house.isEmpty()) {
          return new NotForSale(house);
        } else if (!taken.isEmpty()) {
          return new Taken(taken);
        }
        for (int seat : claim.seats()) {
          if (rows.containsKey(seat)) {
            marks.put(seat, new Mark(claim.claim(), claim.user(), now + 2_000));
          }
        }
        return new Proceed();
      } else if (command instanceof ClaimFirst first) {
        for (List<Integer> group : first.groups()) {
          if (group.stream().allMatch(seat -> isFree(seat, now))) {
            group.forEach(
                seat -> marks.put(seat, new Mark(first.claim(), first.user(), now + 2_000)));
            return new Chosen(first.groups().indexOf(group));
          }
        }
        return new Taken(List.of());
      } else if (command instanceof Settle settle) {
        marks.values().removeIf(mark -> mark.claim() == settle.claim());
        settle.seatRows().forEach(this::learn);
      } else if (command instanceof Learn learn) {
        marks.values().removeIf(mark -> mark.until() <= now);
        learn.seatRows().forEach(this::learn);
      }
      return new Noted();
    }

    /** Nobody's, and nobody at it: not even the asker. */
    private boolean isFree(int seat, long now) {
      var row = rows.get(seat);
      return row != null
          && row.status() != SeatStatus.NOT_FOR_SALE
          && !isTaken(row, marks.get(seat), 0, now);
    }

    private static boolean isTaken(SeatRow row, @Nullable Mark mark, long user, long now) {
      return row.status() == SeatStatus.SOLD
          || (row.status() == SeatStatus.HELD && row.user() != user && row.deadlineMillis() > now)
          || (mark != null && mark.user() != user && mark.until() > now);
    }

    void learn(SeatRow seatRow) {
      rows.merge(seatRow.seat(), seatRow, (old, next) -> next.fence() > old.fence() ? next : old);
    }

    List<SeatStatus> states() {
      var states = new ArrayList<SeatStatus>();
      for (int seat = 0; !rows.isEmpty() && seat <= rows.lastKey(); seat++) {
        var row = rows.get(seat);
        if (row == null) {
          states.add(SeatStatus.NOT_FOR_SALE);
        } else if (row.status() == SeatStatus.FREE && marks.containsKey(seat)) {
          states.add(SeatStatus.HELD);
        } else {
          states.add(row.status());
        }
      }
      return states;
    }
  }

  private static List<SeatStatus> states(SeatMap map) {
    var seen = ((Seen) map.decide(new Look(0, 0), 0).reply()).states();
    var states = new ArrayList<SeatStatus>();
    for (int seat = 0; seat < seen.seats(); seat++) {
      states.add(seen.status(seat));
    }
    assertThat(seen.free())
        .isEqualTo((int) states.stream().filter(SeatStatus.FREE::equals).count());
    return states;
  }

  private static <T> T through(Codec<T> codec, T value) throws IOException {
    return codec.read(new DataInputStream(new ByteArrayInputStream(bytes(codec, value))));
  }

  private static <T> byte[] bytes(Codec<T> codec, T value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    codec.write(value, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
