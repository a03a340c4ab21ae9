package io.concert.queue;

import io.concert.domain.SessionId;
import io.concert.grid.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

final class RoomCommandCodec implements Codec<RoomCommand> {
  private static final int ENTER = 1;
  private static final int POLL = 2;
  private static final int REJOIN = 3;
  private static final int CHECK_ADMISSION = 4;
  private static final int NEXT_IN_LINE = 5;
  private static final int LEARN = 6;
  private static final int END_SESSION = 7;

  @Override
  public void write(RoomCommand command, DataOutput out) throws IOException {
    out.writeByte(Fields.FORMAT);
    if (command instanceof RoomCommand.Enter enter) {
      out.writeByte(ENTER);
      Fields.writeUser(enter.user(), out);
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
      Fields.writeTruths(learn.truths(), out);
      Fields.writeReading(learn.reading(), out);
    } else if (command instanceof RoomCommand.EndSession end) {
      out.writeByte(END_SESSION);
      Fields.writeUser(end.user(), out);
      out.writeLong(end.session().number());
    }
  }

  @Override
  public RoomCommand read(DataInput in) throws IOException {
    Fields.checkFormat(in);
    int kind = in.readByte();
    return switch (kind) {
      case ENTER -> new RoomCommand.Enter(Fields.readUser(in), in.readBoolean());
      case POLL -> new RoomCommand.Poll(Fields.readUser(in), Fields.readPlace(in), in.readLong());
      case REJOIN ->
          new RoomCommand.Rejoin(Fields.readUser(in), Fields.readPlace(in), in.readLong());
      case CHECK_ADMISSION ->
          new RoomCommand.CheckAdmission(Fields.readUser(in), Fields.readPlace(in));
      case NEXT_IN_LINE -> new RoomCommand.NextInLine(in.readInt());
      case LEARN -> new RoomCommand.Learn(Fields.readTruths(in), Fields.readReading(in));
      case END_SESSION ->
          new RoomCommand.EndSession(Fields.readUser(in), new SessionId(in.readLong()));
      default -> throw new IOException("unknown room command " + kind);
    };
  }
}
