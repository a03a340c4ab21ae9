package io.concert.queue.room;

import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.grid.api.Codec;
import io.concert.queue.line.Line;
import io.concert.queue.line.PackedPage;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A whole room, some 14 bytes a place. While it is written and read all rooms of its partition's
 * thread wait, on both members, and what costs most is to copy the bytes through the cluster: so
 * there are few of them. The index of users isn't written, as it depends on the order in which
 * people came. Rooms to which the same has happened give equal bytes.
 */
public final class WaitingRoomCodec implements Codec<WaitingRoom> {
  private static final int UNTOUCHED = 0;
  private static final int USED_UP = 1;
  private static final int KNOWN = 2;

  @Override
  public void write(WaitingRoom room, DataOutput out) throws IOException {
    RoomState state = room.state();
    out.writeByte(Fields.FORMAT);
    out.writeLong(state.giver());
    Fields.writeReading(state.reading(room.lines()), out);
    out.writeLong(state.facts().admitsFromMillis());
    out.writeLong(state.joinSecond());
    out.writeInt(state.joins());
    out.writeLong(room.changes().now());
    state.flow().write(out);
    writeSessions(room.sessions(), out);
    out.writeInt(room.lines().waiting());
    out.writeInt(room.lines().byEpoch().size());
    for (Map.Entry<Integer, Line> line : room.lines().byEpoch().entrySet()) {
      out.writeInt(line.getKey());
      writeLine(line.getValue(), out);
    }
  }

  @Override
  public WaitingRoom read(DataInput in) throws IOException {
    Fields.checkFormat(in);
    long giver = in.readLong();
    RoomCommand.RoomSnapshot reading = Fields.readReading(in);
    RoomState state = new RoomState(reading.epoch(), giver, reading, in.readLong());
    state.restoreJoins(in.readLong(), in.readInt());
    WaitingRoom room = new WaitingRoom(state);
    room.changes().resume(in.readLong());
    state.restored(room.changes().now());
    state.flow().read(in);
    reading.draws().forEach(room.lines()::draw);
    readSessions(room.sessions(), in);
    room.lines().expect(in.readInt());
    int lines = in.readInt();
    for (int i = 0; i < lines; i++) {
      readLine(room.lines().line(in.readInt()), in);
    }
    return room;
  }

  private static void writeSessions(Sessions sessions, DataOutput out) throws IOException {
    List<SessionRow> all =
        sessions.all().stream()
            .sorted(Comparator.comparingLong(session -> session.user().number()))
            .toList();
    Fields.writeSessionRows(all, out);
    out.writeInt(sessions.returned().size());
    for (Map.Entry<UserId, SessionId> returned : sessions.returned().entrySet()) {
      Fields.writeUser(returned.getKey(), out);
      out.writeLong(returned.getValue().number());
    }
  }

  private static void readSessions(Sessions sessions, DataInput in) throws IOException {
    Fields.readSessionRows(in).forEach(sessions::restore);
    int returned = in.readInt();
    for (int i = 0; i < returned; i++) {
      sessions.restoreReturned(Fields.readUser(in), new SessionId(in.readLong()));
    }
    sessions.restored();
  }

  private static void writeLine(Line line, DataOutput out) throws IOException {
    out.writeInt(line.end());
    out.writeInt(line.oldestSeen());
    out.writeInt(line.newestSeen());
    PackedPage.Buffer buffer = new PackedPage.Buffer();
    for (int number = 0; number < line.pageCount(); number++) {
      PackedPage packed = line.pages().packed(number, buffer);
      if (packed == null) {
        out.writeByte(line.pages().page(number) == null ? UNTOUCHED : USED_UP);
      } else {
        out.writeByte(KNOWN);
        packed.write(out);
      }
    }
  }

  private static void readLine(Line line, DataInput in) throws IOException {
    line.extendTo(in.readInt());
    line.link(in.readInt(), in.readInt());
    for (int number = 0; number < line.pageCount(); number++) {
      int kind = in.readByte();
      if (kind == USED_UP) {
        line.pages().useUp(number);
      } else if (kind == KNOWN) {
        line.install(number, PackedPage.read(in));
      }
    }
  }
}
