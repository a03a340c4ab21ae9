package io.concert.queue.room;

import io.concert.domain.SessionId;
import io.concert.grid.api.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class RoomCommandCodec implements Codec<RoomCommand> {
  private static final int ENTER = 1;
  private static final int POLL = 2;
  private static final int REJOIN = 3;
  private static final int CHECK_ADMISSION = 4;
  private static final int NEXT_IN_LINE = 5;
  private static final int LEARN = 6;
  private static final int END_SESSION = 7;
  private static final int LEAVE = 8;
  private static final int LOOK = 9;
  private static final int BEGIN_EPOCH = 10;
  private static final int TRUST = 11;

  @Override
  public void write(RoomCommand command, DataOutput out) throws IOException {
    out.writeByte(Fields.FORMAT);
    if (command instanceof RoomCommand.Enter enter) {
      out.writeByte(ENTER);
      Fields.writeUser(enter.user(), out);
      out.writeBoolean(enter.mayCreate());
      out.writeBoolean(enter.afterLooking());
    } else if (command instanceof RoomCommand.Poll poll) {
      out.writeByte(POLL);
      Fields.writeUser(poll.user(), out);
      Fields.writePlace(poll.place(), out);
      out.writeLong(poll.arrivalMillis());
    } else if (command instanceof RoomCommand.Rejoin rejoin) {
      out.writeByte(REJOIN);
      Fields.writeUser(rejoin.user(), out);
      Fields.writePlace(rejoin.place(), out);
      out.writeLong(rejoin.arrivalMillis());
    } else if (command instanceof RoomCommand.CheckAdmission check) {
      out.writeByte(CHECK_ADMISSION);
      Fields.writeUser(check.user(), out);
      Fields.writePlace(check.place(), out);
    } else if (command instanceof RoomCommand.NextInLine next) {
      out.writeByte(NEXT_IN_LINE);
      out.writeInt(next.limit());
    } else if (command instanceof RoomCommand.Learn learn) {
      out.writeByte(LEARN);
      Fields.writeSessionRows(learn.sessionRows(), out);
      out.writeBoolean(learn.reading().isPresent());
      if (learn.reading().isPresent()) {
        Fields.writeReading(learn.reading().get(), out);
      }
      out.writeLong(learn.lookedAtMillis());
    } else if (command instanceof RoomCommand.EndSession end) {
      out.writeByte(END_SESSION);
      Fields.writeUser(end.user(), out);
      out.writeLong(end.session().number());
    } else if (command instanceof RoomCommand.Leave leave) {
      out.writeByte(LEAVE);
      Fields.writeUser(leave.user(), out);
      Fields.writePlace(leave.place(), out);
    } else if (command instanceof RoomCommand.Look look) {
      out.writeByte(LOOK);
      writeLook(look, out);
    } else if (command instanceof RoomCommand.BeginEpoch begin) {
      out.writeByte(BEGIN_EPOCH);
      Fields.writeReading(begin.reading(), out);
      out.writeLong(begin.giver());
      out.writeBoolean(begin.lost());
    } else if (command instanceof RoomCommand.Trust trust) {
      out.writeByte(TRUST);
      out.writeLong(trust.lookedAtMillis());
    } else {
      throw Fields.hasNoForm(command);
    }
  }

  @Override
  public RoomCommand read(DataInput in) throws IOException {
    Fields.checkFormat(in);
    int kind = in.readByte();
    return switch (kind) {
      case ENTER -> new RoomCommand.Enter(Fields.readUser(in), in.readBoolean(), in.readBoolean());
      case POLL -> new RoomCommand.Poll(Fields.readUser(in), Fields.readPlace(in), in.readLong());
      case REJOIN ->
          new RoomCommand.Rejoin(Fields.readUser(in), Fields.readPlace(in), in.readLong());
      case CHECK_ADMISSION ->
          new RoomCommand.CheckAdmission(Fields.readUser(in), Fields.readPlace(in));
      case NEXT_IN_LINE -> new RoomCommand.NextInLine(in.readInt());
      case LEARN ->
          new RoomCommand.Learn(
              Fields.readSessionRows(in),
              in.readBoolean() ? Optional.of(Fields.readReading(in)) : Optional.empty(),
              in.readLong());
      case END_SESSION ->
          new RoomCommand.EndSession(Fields.readUser(in), new SessionId(in.readLong()));
      case LEAVE -> new RoomCommand.Leave(Fields.readUser(in), Fields.readPlace(in));
      case LOOK -> readLook(in);
      case BEGIN_EPOCH ->
          new RoomCommand.BeginEpoch(Fields.readReading(in), in.readLong(), in.readBoolean());
      case TRUST -> new RoomCommand.Trust(in.readLong());
      default -> throw new IOException("unknown room command " + kind);
    };
  }

  private static void writeLook(RoomCommand.Look look, DataOutput out) throws IOException {
    out.writeLong(look.incarnation());
    out.writeLong(look.since());
    out.writeInt(look.seen().size());
    for (RoomCommand.SeenPlace seen : look.seen()) {
      Fields.writePlace(seen.place(), out);
      out.writeInt(seen.check());
    }
  }

  private static RoomCommand readLook(DataInput in) throws IOException {
    long incarnation = in.readLong();
    long since = in.readLong();
    int size = in.readInt();
    List<RoomCommand.SeenPlace> seen = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      seen.add(new RoomCommand.SeenPlace(Fields.readPlace(in), in.readInt()));
    }
    return new RoomCommand.Look(incarnation, since, seen);
  }
}
