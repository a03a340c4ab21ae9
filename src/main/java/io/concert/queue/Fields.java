package io.concert.queue;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the parts that room messages and the room's state share are written. */
final class Fields {
  /** First byte of everything: the only format there has been so far. */
  static final int FORMAT = 1;

  private Fields() {}

  static void checkFormat(DataInput in) throws IOException {
    int format = in.readByte();
    if (format != FORMAT) {
      throw new IOException("unknown format " + format + " of a waiting room: a newer node?");
    }
  }

  static void writePlace(Place place, DataOutput out) throws IOException {
    out.writeInt(place.epoch());
    out.writeLong(place.sequence());
  }

  static Place readPlace(DataInput in) throws IOException {
    return new Place(in.readInt(), in.readLong());
  }

  static void writeUser(UserId user, DataOutput out) throws IOException {
    out.writeLong(user.number());
  }

  static UserId readUser(DataInput in) throws IOException {
    return new UserId(in.readLong());
  }

  static void writeTruth(SessionTruth truth, DataOutput out) throws IOException {
    out.writeLong(truth.id().number());
    writeUser(truth.user(), out);
    writePlace(truth.place(), out);
    out.writeLong(truth.arrivalMillis());
    out.writeLong(truth.endsAtMillis());
    out.writeLong(truth.lastsUntilMillis());
    out.writeBoolean(truth.ended());
  }

  static SessionTruth readTruth(DataInput in) throws IOException {
    return new SessionTruth(
        new SessionId(in.readLong()),
        readUser(in),
        readPlace(in),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readBoolean());
  }

  static void writeTruths(List<SessionTruth> truths, DataOutput out) throws IOException {
    out.writeInt(truths.size());
    for (SessionTruth truth : truths) {
      writeTruth(truth, out);
    }
  }

  static List<SessionTruth> readTruths(DataInput in) throws IOException {
    int size = in.readInt();
    List<SessionTruth> truths = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      truths.add(readTruth(in));
    }
    return truths;
  }

  static void writeReading(Optional<RoomCommand.Reading> reading, DataOutput out)
      throws IOException {
    out.writeBoolean(reading.isPresent());
    if (reading.isPresent()) {
      out.writeLong(reading.get().asOfXid());
      out.writeInt(reading.get().capacity());
    }
  }

  static Optional<RoomCommand.Reading> readReading(DataInput in) throws IOException {
    return in.readBoolean()
        ? Optional.of(new RoomCommand.Reading(in.readLong(), in.readInt()))
        : Optional.empty();
  }
}
