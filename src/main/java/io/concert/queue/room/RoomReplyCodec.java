package io.concert.queue.room;

import io.concert.domain.SessionId;
import io.concert.grid.api.Codec;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.WaitEstimate;
import io.concert.queue.room.RoomReply.Standing;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class RoomReplyCodec implements Codec<RoomReply> {
  private static final int STANDING = 1;
  private static final int ASK_DATABASE = 2;
  private static final int CHECKED = 3;
  private static final int LINE_UP = 4;
  private static final int FULL = 5;
  private static final int DONE = 6;
  private static final int NO_PLACE = 7;
  private static final int TOO_MANY_JOINS = 8;
  private static final int NEEDS_EPOCH = 9;
  private static final int NEEDS_PLACES = 10;
  private static final int IN_SESSION = 11;
  private static final int DELTA = 12;
  private static final int NEEDS_LOOK = 13;
  private static final int MISSED_TURN = 14;
  private static final int KEEPS_ANOTHER = 15;
  private static final int OWNERS_LEFT = 16;

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

  private final RoomDeltaCodec deltas = new RoomDeltaCodec();

  @Override
  public void write(RoomReply reply, DataOutput out) throws IOException {
    out.writeByte(Fields.FORMAT);
    if (reply instanceof Standing standing) {
      out.writeByte(STANDING);
      writeStanding(standing, out);
    } else if (reply instanceof RoomDelta delta) {
      out.writeByte(DELTA);
      deltas.write(delta, out);
    } else if (reply instanceof RoomReply.AskDatabase ask) {
      out.writeByte(ASK_DATABASE);
      Fields.writePlace(ask.place(), out);
    } else if (reply instanceof RoomReply.Checked checked) {
      out.writeByte(CHECKED);
      writeAdmission(checked.admission(), out);
    } else if (reply instanceof RoomReply.LineUp lineUp) {
      out.writeByte(LINE_UP);
      writeLineUp(lineUp, out);
    } else if (reply instanceof RoomReply.Full) {
      out.writeByte(FULL);
    } else if (reply instanceof RoomReply.Done) {
      out.writeByte(DONE);
    } else if (reply instanceof RoomReply.NoPlace) {
      out.writeByte(NO_PLACE);
    } else if (reply instanceof RoomReply.TooManyJoins tooMany) {
      out.writeByte(TOO_MANY_JOINS);
      out.writeLong(tooMany.retryAfterMillis());
    } else if (reply instanceof RoomReply.NeedsEpoch) {
      out.writeByte(NEEDS_EPOCH);
    } else if (reply instanceof RoomReply.NeedsLook needs) {
      out.writeByte(NEEDS_LOOK);
      out.writeLong(needs.lookedAtMillis());
    } else if (reply instanceof RoomReply.NeedsPlaces needs) {
      out.writeByte(NEEDS_PLACES);
      out.writeInt(needs.epoch());
      out.writeInt(needs.upTo());
    } else if (reply instanceof RoomReply.MissedTurn) {
      out.writeByte(MISSED_TURN);
    } else if (reply instanceof RoomReply.KeepsAnother) {
      out.writeByte(KEEPS_ANOTHER);
    } else if (reply instanceof RoomReply.InSession in) {
      out.writeByte(IN_SESSION);
      out.writeLong(in.session().number());
    } else if (reply instanceof RoomReply.OwnersLeft left) {
      out.writeByte(OWNERS_LEFT);
      writeOwnersLeft(left, out);
    } else {
      throw Fields.hasNoForm(reply);
    }
  }

  @Override
  public RoomReply read(DataInput in) throws IOException {
    Fields.checkFormat(in);
    int kind = in.readByte();
    return switch (kind) {
      case STANDING -> readStanding(in);
      case DELTA -> deltas.read(in);
      case ASK_DATABASE -> new RoomReply.AskDatabase(Fields.readPlace(in));
      case CHECKED -> new RoomReply.Checked(readAdmission(in));
      case LINE_UP -> readLineUp(in);
      case FULL -> new RoomReply.Full();
      case DONE -> new RoomReply.Done();
      case NO_PLACE -> new RoomReply.NoPlace();
      case TOO_MANY_JOINS -> new RoomReply.TooManyJoins(in.readLong());
      case NEEDS_LOOK -> new RoomReply.NeedsLook(in.readLong());
      case NEEDS_EPOCH -> new RoomReply.NeedsEpoch();
      case NEEDS_PLACES -> new RoomReply.NeedsPlaces(in.readInt(), in.readInt());
      case MISSED_TURN -> new RoomReply.MissedTurn();
      case KEEPS_ANOTHER -> new RoomReply.KeepsAnother();
      case IN_SESSION -> new RoomReply.InSession(new SessionId(in.readLong()));
      case OWNERS_LEFT -> readOwnersLeft(in);
      default -> throw new IOException("unknown room reply " + kind);
    };
  }

  private static void writeStanding(Standing standing, DataOutput out) throws IOException {
    out.writeBoolean(standing.created());
    Fields.writePlace(standing.place(), out);
    out.writeLong(standing.arrivalMillis());
    out.writeByte(PLACE_STATES.indexOf(standing.state()));
    out.writeLong(standing.number());
    out.writeLong(standing.expiresAtMillis());
    out.writeLong(standing.opensAtMillis());
    out.writeBoolean(standing.estimate().isPresent());
    if (standing.estimate().isPresent()) {
      out.writeLong(standing.estimate().get().low().toMillis());
      out.writeLong(standing.estimate().get().high().toMillis());
    }
    out.writeLong(standing.pollAfterMillis());
  }

  private static Standing readStanding(DataInput in) throws IOException {
    return new Standing(
        in.readBoolean(),
        Fields.readPlace(in),
        in.readLong(),
        PLACE_STATES.get(in.readByte()),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readBoolean() ? Optional.of(readWait(in)) : Optional.empty(),
        in.readLong());
  }

  private static WaitEstimate readWait(DataInput in) throws IOException {
    return new WaitEstimate(Duration.ofMillis(in.readLong()), Duration.ofMillis(in.readLong()));
  }

  private static void writeAdmission(Admission admission, DataOutput out) throws IOException {
    out.writeByte(ADMISSION_STATES.indexOf(admission.state()));
    out.writeBoolean(admission.session().isPresent());
    if (admission.session().isPresent()) {
      out.writeLong(admission.session().get().number());
    }
  }

  private static Admission readAdmission(DataInput in) throws IOException {
    return new Admission(
        ADMISSION_STATES.get(in.readByte()),
        in.readBoolean() ? Optional.of(new SessionId(in.readLong())) : Optional.empty());
  }

  private static void writeLineUp(RoomReply.LineUp lineUp, DataOutput out) throws IOException {
    out.writeInt(lineUp.people().size());
    for (RoomReply.Candidate candidate : lineUp.people()) {
      Fields.writeUser(candidate.user(), out);
      Fields.writePlace(candidate.place(), out);
      out.writeLong(candidate.arrivalMillis());
    }
    out.writeLong(lineUp.asOfXid());
    out.writeLong(lineUp.copy());
    out.writeInt(lineUp.epoch());
    out.writeInt(lineUp.newestEpoch());
    out.writeBoolean(lineUp.needsEpoch());
    out.writeInt(lineUp.reserveUpTo());
    out.writeBoolean(lineUp.inUse());
    out.writeInt(lineUp.waiting());
    out.writeInt(lineUp.active());
    out.writeInt(lineUp.capacity());
  }

  private static RoomReply readLineUp(DataInput in) throws IOException {
    int size = in.readInt();
    List<RoomReply.Candidate> people = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      people.add(new RoomReply.Candidate(Fields.readUser(in), Fields.readPlace(in), in.readLong()));
    }
    return new RoomReply.LineUp(
        people,
        in.readLong(),
        in.readLong(),
        in.readInt(),
        in.readInt(),
        in.readBoolean(),
        in.readInt(),
        in.readBoolean(),
        in.readInt(),
        in.readInt(),
        in.readInt());
  }

  private static void writeOwnersLeft(RoomReply.OwnersLeft left, DataOutput out)
      throws IOException {
    out.writeInt(left.sessions().size());
    for (RoomReply.OwnersLeft.Session session : left.sessions()) {
      Fields.writeUser(session.user(), out);
      out.writeLong(session.id().number());
    }
  }

  private static RoomReply readOwnersLeft(DataInput in) throws IOException {
    int size = in.readInt();
    List<RoomReply.OwnersLeft.Session> sessions = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      sessions.add(
          new RoomReply.OwnersLeft.Session(Fields.readUser(in), new SessionId(in.readLong())));
    }
    return new RoomReply.OwnersLeft(sessions);
  }
}
