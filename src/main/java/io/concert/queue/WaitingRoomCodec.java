package io.concert.queue;

import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.grid.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A whole room: 24 bytes a place and 4 more for whoever is present. The index of users isn't
 * written; the places say it all. Equal rooms give equal bytes.
 */
final class WaitingRoomCodec implements Codec<WaitingRoom> {
  private static final int UNTOUCHED = 0;
  private static final int USED_UP = 1;
  private static final int KNOWN = 2;
  private static final int PAGE_BYTES = 3 * Page.SIZE * Long.BYTES;

  @Override
  public void write(WaitingRoom room, DataOutput out) throws IOException {
    RoomState state = room.state();
    out.writeByte(Fields.FORMAT);
    out.writeInt(state.incarnation());
    Fields.writeReading(state.reading(room.lines()), out);
    out.writeLong(state.facts().admitsFromMillis());
    out.writeLong(state.joinSecond());
    out.writeInt(state.joins());
    out.writeLong(room.changes().now());
    state.flow().write(out);
    writeSessions(room.sessions(), out);
    out.writeInt(room.lines().byEpoch().size());
    for (Map.Entry<Integer, Line> line : room.lines().byEpoch().entrySet()) {
      out.writeInt(line.getKey());
      writeLine(line.getValue(), out);
    }
  }

  @Override
  public WaitingRoom read(DataInput in) throws IOException {
    Fields.checkFormat(in);
    int incarnation = in.readInt();
    RoomCommand.Reading reading = Fields.readReading(in);
    RoomState state = new RoomState(incarnation, reading.epoch(), reading, in.readLong());
    state.restoreJoins(in.readLong(), in.readInt());
    WaitingRoom room = new WaitingRoom(state);
    room.changes().resume(in.readLong());
    state.restored(room.changes().now());
    state.flow().read(in);
    reading.draws().forEach(room.lines()::draw);
    readSessions(room.sessions(), in);
    int lines = in.readInt();
    for (int i = 0; i < lines; i++) {
      int epoch = in.readInt();
      Line line = room.lines().line(epoch);
      readLine(line, in);
      room.lines().index(epoch, line);
    }
    return room;
  }

  private static void writeSessions(Sessions sessions, DataOutput out) throws IOException {
    List<SessionTruth> all =
        sessions.all().stream()
            .sorted(Comparator.comparingLong(session -> session.user().number()))
            .toList();
    Fields.writeTruths(all, out);
    out.writeInt(sessions.returned().size());
    for (Map.Entry<UserId, SessionId> returned : sessions.returned().entrySet()) {
      Fields.writeUser(returned.getKey(), out);
      out.writeLong(returned.getValue().number());
    }
  }

  private static void readSessions(Sessions sessions, DataInput in) throws IOException {
    Fields.readTruths(in).forEach(sessions::restore);
    int returned = in.readInt();
    for (int i = 0; i < returned; i++) {
      sessions.restoreReturned(Fields.readUser(in), new SessionId(in.readLong()));
    }
    sessions.restored();
  }

  private static void writeLine(Line line, DataOutput out) throws IOException {
    out.writeInt(line.end());
    for (int number = 0; number < line.pageCount(); number++) {
      Page page = line.page(number);
      if (page == null || page == Page.USED_UP) {
        out.writeByte(page == null ? UNTOUCHED : USED_UP);
        continue;
      }
      out.writeByte(KNOWN);
      out.write(bytes(page));
    }
    out.writeInt(line.present());
    for (int i = line.oldestSeen(); i >= 0; i = line.newerThan(i)) {
      out.writeInt(i);
    }
  }

  private static void readLine(Line line, DataInput in) throws IOException {
    line.extendTo(in.readInt());
    for (int number = 0; number < line.pageCount(); number++) {
      int kind = in.readByte();
      if (kind == USED_UP) {
        line.install(number, Page.USED_UP);
      } else if (kind == KNOWN) {
        line.install(number, readPage(in));
      }
    }
    int present = in.readInt();
    for (int i = 0; i < present; i++) {
      line.appear(in.readInt());
    }
  }

  /** In one piece: a room of a million places must move within a second. */
  private static byte[] bytes(Page page) {
    ByteBuffer bytes = ByteBuffer.allocate(PAGE_BYTES);
    bytes.asLongBuffer().put(page.user).put(page.arrival).put(page.lastSeen);
    return bytes.array();
  }

  private static Page readPage(DataInput in) throws IOException {
    byte[] bytes = new byte[PAGE_BYTES];
    in.readFully(bytes);
    Page page = new Page();
    ByteBuffer.wrap(bytes).asLongBuffer().get(page.user).get(page.arrival).get(page.lastSeen);
    for (long user : page.user) {
      page.spent += user == Line.SPENT ? 1 : 0;
    }
    return page;
  }
}
