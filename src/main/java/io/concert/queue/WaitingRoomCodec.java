package io.concert.queue;

import io.concert.grid.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
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

  @Override
  public void write(WaitingRoom room, DataOutput out) throws IOException {
    out.writeByte(Fields.FORMAT);
    out.writeInt(room.epoch());
    out.writeLong(room.asOfXid());
    out.writeInt(room.capacity());
    List<SessionTruth> sessions =
        room.sessions().stream()
            .sorted(Comparator.comparingLong(session -> session.user().number()))
            .toList();
    Fields.writeTruths(sessions, out);
    out.writeInt(room.lines().size());
    for (Map.Entry<Integer, Line> line : room.lines().entrySet()) {
      out.writeInt(line.getKey());
      writeLine(line.getValue(), out);
    }
  }

  @Override
  public WaitingRoom read(DataInput in) throws IOException {
    Fields.checkFormat(in);
    int epoch = in.readInt();
    WaitingRoom room = new WaitingRoom(epoch, new RoomCommand.Reading(in.readLong(), in.readInt()));
    Fields.readTruths(in).forEach(room::restore);
    int lines = in.readInt();
    for (int i = 0; i < lines; i++) {
      int lineEpoch = in.readInt();
      readLine(room.line(lineEpoch), in);
      room.indexLine(lineEpoch);
    }
    return room;
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
      for (int slot = 0; slot < Page.SIZE; slot++) {
        out.writeLong(page.user[slot]);
        out.writeLong(page.arrival[slot]);
        out.writeLong(page.lastSeen[slot]);
      }
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

  private static Page readPage(DataInput in) throws IOException {
    Page page = new Page();
    for (int slot = 0; slot < Page.SIZE; slot++) {
      page.user[slot] = in.readLong();
      page.arrival[slot] = in.readLong();
      page.lastSeen[slot] = in.readLong();
      page.spent += page.user[slot] == Line.SPENT ? 1 : 0;
    }
    return page;
  }
}
