package io.concert.queue;

import io.concert.grid.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

final class RoomEventCodec implements Codec<RoomEvent> {
  private static final int ENTERED = 1;
  private static final int SEEN = 2;
  private static final int REJOINED = 3;
  private static final int LEARNED = 4;
  private static final int AGED = 5;

  @Override
  public void write(RoomEvent event, DataOutput out) throws IOException {
    out.writeByte(Fields.FORMAT);
    if (event instanceof RoomEvent.Entered entered) {
      out.writeByte(ENTERED);
      out.writeLong(entered.nowMillis());
      Fields.writeUser(entered.user(), out);
      out.writeLong(entered.sequence());
    } else if (event instanceof RoomEvent.Seen seen) {
      out.writeByte(SEEN);
      out.writeLong(seen.nowMillis());
      Fields.writePlace(seen.place(), out);
    } else if (event instanceof RoomEvent.Rejoined rejoined) {
      out.writeByte(REJOINED);
      out.writeLong(rejoined.nowMillis());
      Fields.writeUser(rejoined.user(), out);
      Fields.writePlace(rejoined.place(), out);
      out.writeLong(rejoined.arrivalMillis());
    } else if (event instanceof RoomEvent.Learned learned) {
      out.writeByte(LEARNED);
      out.writeLong(learned.nowMillis());
      Fields.writeTruths(learned.truths(), out);
      Fields.writeReading(learned.reading(), out);
    } else if (event instanceof RoomEvent.Aged aged) {
      out.writeByte(AGED);
      out.writeLong(aged.nowMillis());
    }
  }

  @Override
  public RoomEvent read(DataInput in) throws IOException {
    Fields.checkFormat(in);
    int kind = in.readByte();
    long now = in.readLong();
    return switch (kind) {
      case ENTERED -> new RoomEvent.Entered(now, Fields.readUser(in), in.readLong());
      case SEEN -> new RoomEvent.Seen(now, Fields.readPlace(in));
      case REJOINED ->
          new RoomEvent.Rejoined(now, Fields.readUser(in), Fields.readPlace(in), in.readLong());
      case LEARNED -> new RoomEvent.Learned(now, Fields.readTruths(in), Fields.readReading(in));
      case AGED -> new RoomEvent.Aged(now);
      default -> throw new IOException("unknown room event " + kind);
    };
  }
}
