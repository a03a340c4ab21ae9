package io.concert.queue.room;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomSettings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the parts that room messages and the room's state share are written. */
final class Fields {
  /** First byte of everything: rooms that know who gives their places. */
  static final int FORMAT = 5;

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

  static void writeSessionRow(SessionRow sessionRow, DataOutput out) throws IOException {
    out.writeLong(sessionRow.id().number());
    writeUser(sessionRow.user(), out);
    writePlace(sessionRow.place(), out);
    out.writeLong(sessionRow.arrivalMillis());
    out.writeLong(sessionRow.endsAtMillis());
    out.writeLong(sessionRow.lastsUntilMillis());
    out.writeBoolean(sessionRow.ended());
    out.writeBoolean(sessionRow.returned());
  }

  static SessionRow readSessionRow(DataInput in) throws IOException {
    return new SessionRow(
        new SessionId(in.readLong()),
        readUser(in),
        readPlace(in),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readBoolean(),
        in.readBoolean());
  }

  static void writeSessionRows(List<SessionRow> sessionRows, DataOutput out) throws IOException {
    out.writeInt(sessionRows.size());
    for (SessionRow sessionRow : sessionRows) {
      writeSessionRow(sessionRow, out);
    }
  }

  static List<SessionRow> readSessionRows(DataInput in) throws IOException {
    int size = in.readInt();
    List<SessionRow> sessionRows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      sessionRows.add(readSessionRow(in));
    }
    return sessionRows;
  }

  static void writeReading(RoomCommand.RoomSnapshot reading, DataOutput out) throws IOException {
    out.writeLong(reading.sinceXid());
    out.writeLong(reading.asOfXid());
    out.writeLong(reading.version());
    writeSettings(reading.settings(), out);
    out.writeInt(reading.epoch());
    out.writeInt(reading.newestEpoch());
    out.writeInt(reading.reserved());
    writeAhead(reading.ahead(), out);
    writeDraws(reading.draws(), out);
  }

  static RoomCommand.RoomSnapshot readReading(DataInput in) throws IOException {
    return new RoomCommand.RoomSnapshot(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        readSettings(in),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        readAhead(in),
        readDraws(in));
  }

  static void writeSettings(RoomSettings settings, DataOutput out) throws IOException {
    out.writeInt(settings.capacity());
    out.writeLong(settings.session().toMillis());
    out.writeLong(settings.firstAction().toMillis());
    out.writeInt(settings.admitPerSecond());
    out.writeInt(settings.joinsPerSecond());
    out.writeLong(settings.presence().toMillis());
    out.writeLong(settings.reentry().toMillis());
    out.writeBoolean(settings.opensAt().isPresent());
    if (settings.opensAt().isPresent()) {
      out.writeLong(settings.opensAt().get().toEpochMilli());
    }
    out.writeBoolean(settings.paused());
    out.writeLong(settings.minimumBalance().amount());
  }

  static RoomSettings readSettings(DataInput in) throws IOException {
    return new RoomSettings(
        in.readInt(),
        Duration.ofMillis(in.readLong()),
        Duration.ofMillis(in.readLong()),
        in.readInt(),
        in.readInt(),
        Duration.ofMillis(in.readLong()),
        Duration.ofMillis(in.readLong()),
        in.readBoolean() ? Optional.of(Instant.ofEpochMilli(in.readLong())) : Optional.empty(),
        in.readBoolean(),
        new Won(in.readLong()));
  }

  static void writeAhead(Optional<PlannedDraw> ahead, DataOutput out) throws IOException {
    out.writeBoolean(ahead.isPresent());
    if (ahead.isPresent()) {
      out.writeInt(ahead.get().firstEpoch());
      out.writeLong(ahead.get().opensAtMillis());
      out.writeUTF(ahead.get().commitment());
    }
  }

  static Optional<PlannedDraw> readAhead(DataInput in) throws IOException {
    return in.readBoolean()
        ? Optional.of(new PlannedDraw(in.readInt(), in.readLong(), in.readUTF()))
        : Optional.empty();
  }

  static void writeDraws(List<DrawResult> draws, DataOutput out) throws IOException {
    out.writeInt(draws.size());
    for (DrawResult draw : draws) {
      out.writeInt(draw.number());
      out.writeInt(draw.firstEpoch());
      out.writeInt(draw.sizes().size());
      for (int size : draw.sizes()) {
        out.writeInt(size);
      }
      out.writeLong(draw.drawnAtMillis());
      out.writeUTF(draw.seed());
    }
  }

  static List<DrawResult> readDraws(DataInput in) throws IOException {
    int count = in.readInt();
    List<DrawResult> draws = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = in.readInt();
      int firstEpoch = in.readInt();
      int epochs = in.readInt();
      List<Integer> sizes = new ArrayList<>();
      for (int j = 0; j < epochs; j++) {
        sizes.add(in.readInt());
      }
      draws.add(new DrawResult(number, firstEpoch, sizes, in.readLong(), in.readUTF()));
    }
    return draws;
  }

  static void writePlaces(List<Place> places, DataOutput out) throws IOException {
    out.writeInt(places.size());
    for (Place place : places) {
      writePlace(place, out);
    }
  }

  static List<Place> readPlaces(DataInput in) throws IOException {
    int size = in.readInt();
    List<Place> places = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      places.add(readPlace(in));
    }
    return places;
  }

  /** A kind that was added and not thought of here: a defect, which a test finds. */
  static IllegalArgumentException hasNoForm(Object value) {
    return new IllegalArgumentException("no binary form for " + value);
  }
}
