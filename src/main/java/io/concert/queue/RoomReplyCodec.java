package io.concert.queue;

import io.concert.grid.Codec;
import io.concert.queue.QueueMessages.AdmissionState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

final class RoomReplyCodec implements Codec<RoomReply> {
  private static final int STANDING = 1;
  private static final int ASK_DATABASE = 2;
  private static final int CHECKED = 3;
  private static final int LINE_UP = 4;
  private static final int FULL = 5;
  private static final int DONE = 6;

  /** The index is the code: only ever append. */
  private static final List<PlaceState> PLACE_STATES =
      List.of(
          PlaceState.WAITING,
          PlaceState.NOT_OPEN,
          PlaceState.PAUSED,
          PlaceState.ACTIVE,
          PlaceState.ENDED);

  private static final List<AdmissionState> ADMISSION_STATES =
      List.of(AdmissionState.ACTIVE, AdmissionState.PAYING, AdmissionState.NONE);

  @Override
  public void write(RoomReply reply, DataOutput out) throws IOException {
    out.writeByte(Fields.FORMAT);
    if (reply instanceof RoomReply.Standing standing) {
      out.writeByte(STANDING);
      out.writeBoolean(standing.created());
      Fields.writePlace(standing.place(), out);
      out.writeLong(standing.arrivalMillis());
      out.writeByte(PLACE_STATES.indexOf(standing.state()));
      out.writeLong(standing.number());
      out.writeLong(standing.expiresAtMillis());
      out.writeLong(standing.pollAfterMillis());
    } else if (reply instanceof RoomReply.AskDatabase ask) {
      out.writeByte(ASK_DATABASE);
      Fields.writePlace(ask.place(), out);
    } else if (reply instanceof RoomReply.Checked checked) {
      out.writeByte(CHECKED);
      out.writeByte(ADMISSION_STATES.indexOf(checked.state()));
    } else if (reply instanceof RoomReply.LineUp lineUp) {
      out.writeByte(LINE_UP);
      out.writeLong(lineUp.asOfXid());
      out.writeInt(lineUp.people().size());
      for (RoomReply.Candidate candidate : lineUp.people()) {
        Fields.writeUser(candidate.user(), out);
        Fields.writePlace(candidate.place(), out);
        out.writeLong(candidate.arrivalMillis());
      }
    } else if (reply instanceof RoomReply.Full) {
      out.writeByte(FULL);
    } else if (reply instanceof RoomReply.Done) {
      out.writeByte(DONE);
    }
  }

  @Override
  public RoomReply read(DataInput in) throws IOException {
    Fields.checkFormat(in);
    int kind = in.readByte();
    return switch (kind) {
      case STANDING ->
          new RoomReply.Standing(
              in.readBoolean(),
              Fields.readPlace(in),
              in.readLong(),
              PLACE_STATES.get(in.readByte()),
              in.readLong(),
              in.readLong(),
              in.readLong());
      case ASK_DATABASE -> new RoomReply.AskDatabase(Fields.readPlace(in));
      case CHECKED -> new RoomReply.Checked(ADMISSION_STATES.get(in.readByte()));
      case LINE_UP -> readLineUp(in);
      case FULL -> new RoomReply.Full();
      case DONE -> new RoomReply.Done();
      default -> throw new IOException("unknown room reply " + kind);
    };
  }

  private static RoomReply readLineUp(DataInput in) throws IOException {
    long asOfXid = in.readLong();
    int size = in.readInt();
    List<RoomReply.Candidate> people = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      people.add(new RoomReply.Candidate(Fields.readUser(in), Fields.readPlace(in), in.readLong()));
    }
    return new RoomReply.LineUp(people, asOfXid);
  }
}
