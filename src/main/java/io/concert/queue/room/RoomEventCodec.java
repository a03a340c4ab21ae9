package io.concert.queue.room;

import io.concert.grid.api.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

public final class RoomEventCodec implements Codec<RoomEvent> {
  private static final int ENTERED = 1;
  private static final int SEEN = 2;
  private static final int REJOINED = 3;
  private static final int LEARNED = 4;
  private static final int AGED = 5;
  private static final int SEEN_ALL = 6;
  private static final int LEFT = 7;
  private static final int EPOCH_BEGUN = 8;

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
      out.writeLong(seen.spot());
    } else if (event instanceof RoomEvent.Rejoined rejoined) {
      out.writeByte(REJOINED);
      out.writeLong(rejoined.nowMillis());
      Fields.writeUser(rejoined.user(), out);
      Fields.writePlace(rejoined.place(), out);
      out.writeLong(rejoined.arrivalMillis());
    } else if (event instanceof RoomEvent.Learned learned) {
      out.writeByte(LEARNED);
      out.writeLong(learned.nowMillis());
      Fields.writeSessionRows(learned.sessionRows(), out);
      out.writeBoolean(learned.reading().isPresent());
      if (learned.reading().isPresent()) {
        Fields.writeReading(learned.reading().get(), out);
      }
    } else if (event instanceof RoomEvent.Aged aged) {
      out.writeByte(AGED);
      out.writeLong(aged.nowMillis());
    } else if (event instanceof RoomEvent.SeenAll seen) {
      out.writeByte(SEEN_ALL);
      out.writeLong(seen.nowMillis());
      out.writeInt(seen.spots().size());
      for (long spot : seen.spots()) {
        out.writeLong(spot);
      }
    } else if (event instanceof RoomEvent.Left left) {
      out.writeByte(LEFT);
      out.writeLong(left.nowMillis());
      Fields.writePlace(left.place(), out);
    } else if (event instanceof RoomEvent.EpochBegun begun) {
      out.writeByte(EPOCH_BEGUN);
      out.writeLong(begun.nowMillis());
      Fields.writeReading(begun.reading(), out);
      out.writeLong(begun.giver());
      out.writeLong(begun.admitsFromMillis());
    } else {
      throw Fields.hasNoForm(event);
    }
  }

  @Override
  public RoomEvent read(DataInput in) throws IOException {
    Fields.checkFormat(in);
    int kind = in.readByte();
    long now = in.readLong();
    return switch (kind) {
      case ENTERED -> new RoomEvent.Entered(now, Fields.readUser(in), in.readLong());
      case SEEN -> new RoomEvent.Seen(now, in.readLong());
      case REJOINED ->
          new RoomEvent.Rejoined(now, Fields.readUser(in), Fields.readPlace(in), in.readLong());
      case LEARNED ->
          new RoomEvent.Learned(
              now,
              Fields.readSessionRows(in),
              in.readBoolean() ? Optional.of(Fields.readReading(in)) : Optional.empty());
      case AGED -> new RoomEvent.Aged(now);
      case SEEN_ALL -> readSeenAll(now, in);
      case LEFT -> new RoomEvent.Left(now, Fields.readPlace(in));
      case EPOCH_BEGUN ->
          new RoomEvent.EpochBegun(now, Fields.readReading(in), in.readLong(), in.readLong());
      default -> throw new IOException("unknown room event " + kind);
    };
  }

  private static RoomEvent readSeenAll(long now, DataInput in) throws IOException {
    int size = in.readInt();
    List<Long> spots = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      spots.add(in.readLong());
    }
    return new RoomEvent.SeenAll(now, spots);
  }
}
