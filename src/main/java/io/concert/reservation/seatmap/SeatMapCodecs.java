package io.concert.reservation.seatmap;

import io.concert.grid.api.AggregateType;
import io.concert.grid.api.Codec;
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
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.List;

/** How a {@link SeatMap}, what it is asked and what it answers are written. */
public final class SeatMapCodecs {
  /** Written first in every state and event; a reader that doesn't know it refuses. */
  private static final byte FORMAT = 2;

  public static final AggregateType<SeatMap, SeatCommand, SeatEvent, SeatReply> TYPE =
      new AggregateType<>(
          2, "seats", new StateCodec(), new CommandCodec(), new EventCodec(), new ReplyCodec());

  private SeatMapCodecs() {}

  private static final class StateCodec implements Codec<SeatMap> {
    @Override
    public void write(SeatMap map, DataOutput out) throws IOException {
      out.writeByte(FORMAT);
      out.writeLong(map.epoch);
      out.writeLong(map.version);
      out.writeLong(map.asOfXid);
      out.writeInt(map.seats());
      int marks = 0;
      for (int seat = 0; seat < map.seats(); seat++) {
        out.writeByte(map.status[seat]);
        out.writeLong(map.user[seat]);
        out.writeLong(map.fence[seat]);
        out.writeLong(map.deadline[seat]);
        marks += map.claim[seat] == 0 ? 0 : 1;
      }
      out.writeInt(marks);
      for (int seat = 0; seat < map.seats(); seat++) {
        if (map.claim[seat] != 0) {
          out.writeInt(seat);
          out.writeLong(map.claim[seat]);
          out.writeLong(map.claimant[seat]);
          out.writeLong(map.claimUntil[seat]);
        }
      }
    }

    @Override
    public SeatMap read(DataInput in) throws IOException {
      expectFormat(in);
      var map = new SeatMap(in.readLong());
      map.version = in.readLong();
      map.asOfXid = in.readLong();
      map.resize(sizeOf(in, SeatMap.MAX_SEATS));
      for (int seat = 0; seat < map.seats(); seat++) {
        map.status[seat] = in.readByte();
        map.user[seat] = in.readLong();
        map.fence[seat] = in.readLong();
        map.deadline[seat] = in.readLong();
      }
      int marks = sizeOf(in, map.seats());
      for (int i = 0; i < marks; i++) {
        map.setMark(in.readInt(), in.readLong(), in.readLong(), in.readLong());
      }
      for (int seat = 0; seat < map.seats(); seat++) {
        map.show(seat);
      }
      return map;
    }
  }

  private static final class CommandCodec implements Codec<SeatCommand> {
    @Override
    public void write(SeatCommand command, DataOutput out) throws IOException {
      if (command instanceof Claim claim) {
        out.writeByte(1);
        out.writeLong(claim.claim());
        out.writeLong(claim.user());
        writeSeats(claim.seats(), out);
      } else if (command instanceof Settle settle) {
        out.writeByte(2);
        out.writeLong(settle.claim());
        writeSeats(settle.seats(), out);
        writeSeatRows(settle.seatRows(), out);
      } else if (command instanceof Learn learn) {
        out.writeByte(3);
        writeSeatRows(learn.seatRows(), out);
        out.writeLong(learn.asOfXid());
      } else if (command instanceof ClaimFirst first) {
        out.writeByte(5);
        out.writeLong(first.claim());
        out.writeLong(first.user());
        out.writeInt(first.groups().size());
        for (List<Integer> group : first.groups()) {
          writeSeats(group, out);
        }
      } else if (command instanceof AskBound) {
        out.writeByte(6);
      } else if (command instanceof Compare compare) {
        out.writeByte(7);
        writeSeatRows(compare.rows(), out);
      } else if (command instanceof Overrule overrule) {
        out.writeByte(8);
        writeSeatRows(overrule.wrong(), out);
        writeSeatRows(overrule.rows(), out);
      } else {
        var look = (Look) command;
        out.writeByte(4);
        out.writeLong(look.epoch());
        out.writeLong(look.version());
      }
    }

    @Override
    public SeatCommand read(DataInput in) throws IOException {
      byte kind = in.readByte();
      return switch (kind) {
        case 1 -> new Claim(in.readLong(), in.readLong(), readSeats(in));
        case 2 -> new Settle(in.readLong(), readSeats(in), readSeatRows(in));
        case 3 -> new Learn(readSeatRows(in), in.readLong());
        case 4 -> new Look(in.readLong(), in.readLong());
        case 5 -> new ClaimFirst(in.readLong(), in.readLong(), readGroups(in));
        case 6 -> new AskBound();
        case 7 -> new Compare(readSeatRows(in));
        case 8 -> new Overrule(readSeatRows(in), readSeatRows(in));
        default -> throw unknown(kind);
      };
    }

    private static List<List<Integer>> readGroups(DataInput in) throws IOException {
      int size = sizeOf(in, SeatMap.MAX_SEATS);
      var groups = new ArrayList<List<Integer>>(Math.min(size, 1_024));
      for (int i = 0; i < size; i++) {
        groups.add(readSeats(in));
      }
      return groups;
    }
  }

  private static final class EventCodec implements Codec<SeatEvent> {
    @Override
    public void write(SeatEvent event, DataOutput out) throws IOException {
      out.writeByte(FORMAT);
      if (event instanceof Claimed claimed) {
        out.writeByte(1);
        out.writeLong(claimed.claim());
        out.writeLong(claimed.user());
        out.writeLong(claimed.untilMilli());
        writeSeats(claimed.seats(), out);
      } else {
        var corrected = (Corrected) event;
        out.writeByte(2);
        writeSeats(corrected.unmarked(), out);
        writeSeatRows(corrected.seatRows(), out);
        out.writeLong(corrected.asOfXid());
      }
    }

    @Override
    public SeatEvent read(DataInput in) throws IOException {
      expectFormat(in);
      byte kind = in.readByte();
      return switch (kind) {
        case 1 -> new Claimed(in.readLong(), in.readLong(), in.readLong(), readSeats(in));
        case 2 -> new Corrected(readSeats(in), readSeatRows(in), in.readLong());
        default -> throw unknown(kind);
      };
    }
  }

  private static final class ReplyCodec implements Codec<SeatReply> {
    @Override
    public void write(SeatReply reply, DataOutput out) throws IOException {
      if (reply instanceof Proceed) {
        out.writeByte(1);
      } else if (reply instanceof Taken taken) {
        out.writeByte(2);
        writeSeats(taken.seats(), out);
      } else if (reply instanceof NotForSale house) {
        out.writeByte(3);
        writeSeats(house.seats(), out);
      } else if (reply instanceof Noted) {
        out.writeByte(4);
      } else if (reply instanceof Unchanged) {
        out.writeByte(5);
      } else if (reply instanceof Chosen chosen) {
        out.writeByte(7);
        out.writeInt(chosen.group());
      } else if (reply instanceof Bound bound) {
        out.writeByte(8);
        out.writeLong(bound.asOfXid());
      } else if (reply instanceof Compared compared) {
        out.writeByte(9);
        writeSeatRows(compared.contradicting(), out);
      } else {
        var states = ((Seen) reply).states();
        out.writeByte(6);
        out.writeLong(states.epoch());
        out.writeLong(states.version());
        out.writeInt(states.seats());
        out.writeInt(states.free());
        out.write(states.states());
      }
    }

    @Override
    public SeatReply read(DataInput in) throws IOException {
      byte kind = in.readByte();
      return switch (kind) {
        case 1 -> new Proceed();
        case 2 -> new Taken(readSeats(in));
        case 3 -> new NotForSale(readSeats(in));
        case 4 -> new Noted();
        case 5 -> new Unchanged();
        case 6 -> readSeen(in);
        case 7 -> new Chosen(in.readInt());
        case 8 -> new Bound(in.readLong());
        case 9 -> new Compared(readSeatRows(in));
        default -> throw unknown(kind);
      };
    }

    private static Seen readSeen(DataInput in) throws IOException {
      long epoch = in.readLong();
      long version = in.readLong();
      int seats = sizeOf(in, SeatMap.MAX_SEATS);
      int free = in.readInt();
      var states = new byte[(seats + 3) / 4];
      in.readFully(states);
      return new Seen(new SeatStates(epoch, version, seats, free, states));
    }
  }

  private static void writeSeats(List<Integer> seats, DataOutput out) throws IOException {
    out.writeInt(seats.size());
    for (int seat : seats) {
      out.writeInt(seat);
    }
  }

  private static List<Integer> readSeats(DataInput in) throws IOException {
    int size = sizeOf(in, SeatMap.MAX_SEATS);
    var seats = new ArrayList<Integer>(size);
    for (int i = 0; i < size; i++) {
      seats.add(in.readInt());
    }
    return seats;
  }

  private static void writeSeatRows(List<SeatRow> seatRows, DataOutput out) throws IOException {
    out.writeInt(seatRows.size());
    for (SeatRow seatRow : seatRows) {
      out.writeInt(seatRow.seat());
      out.writeByte(seatRow.status().code());
      out.writeLong(seatRow.user());
      out.writeLong(seatRow.fence());
      out.writeLong(seatRow.deadlineMillis());
    }
  }

  private static List<SeatRow> readSeatRows(DataInput in) throws IOException {
    int size = sizeOf(in, SeatMap.MAX_SEATS);
    var seatRows = new ArrayList<SeatRow>(size);
    for (int i = 0; i < size; i++) {
      seatRows.add(
          new SeatRow(
              in.readInt(),
              SeatStatus.of(in.readByte()),
              in.readLong(),
              in.readLong(),
              in.readLong()));
    }
    return seatRows;
  }

  private static void expectFormat(DataInput in) throws IOException {
    byte format = in.readByte();
    if (format != FORMAT) {
      throw new StreamCorruptedException("format " + format);
    }
  }

  private static int sizeOf(DataInput in, int limit) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > limit) {
      throw new StreamCorruptedException("size " + size);
    }
    return size;
  }

  private static StreamCorruptedException unknown(byte kind) {
    return new StreamCorruptedException("kind " + kind);
  }
}
