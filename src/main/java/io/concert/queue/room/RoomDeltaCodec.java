package io.concert.queue.room;

import io.concert.grid.api.Codec;
import io.concert.queue.pace.ThroughputWindow;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

final class RoomDeltaCodec implements Codec<RoomDelta> {
  @Override
  public void write(RoomDelta delta, DataOutput out) throws IOException {
    out.writeLong(delta.incarnation());
    out.writeLong(delta.since());
    out.writeLong(delta.version());
    out.writeLong(delta.asOfMillis());
    out.writeLong(delta.sureUntilMillis());
    out.writeBoolean(delta.facts().isPresent());
    if (delta.facts().isPresent()) {
      RoomConfig facts = delta.facts().get();
      Fields.writeSettings(facts.settings(), out);
      Fields.writeAhead(facts.ahead(), out);
      out.writeLong(facts.admitsFromMillis());
    }
    Fields.writeDraws(delta.draws(), out);
    out.writeLong(delta.flow().openings());
    out.writeLong(delta.flow().millis());
    out.writeLong(delta.flow().departures());
    out.writeLong(delta.flow().presentMillis());
    out.writeInt(delta.pages().length);
    out.write(delta.pages());
    Fields.writeSessionRows(delta.sessions(), out);
    Fields.writePlaces(delta.ended(), out);
    Fields.writePlaces(delta.refused(), out);
  }

  @Override
  public RoomDelta read(DataInput in) throws IOException {
    return new RoomDelta(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readBoolean() ? Optional.of(readFacts(in)) : Optional.empty(),
        Fields.readDraws(in),
        new ThroughputWindow.Sums(in.readLong(), in.readLong(), in.readLong(), in.readLong()),
        readBytes(in),
        Fields.readSessionRows(in),
        Fields.readPlaces(in),
        Fields.readPlaces(in));
  }

  private static RoomConfig readFacts(DataInput in) throws IOException {
    return new RoomConfig(Fields.readSettings(in), Fields.readAhead(in), in.readLong());
  }

  private static byte[] readBytes(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
