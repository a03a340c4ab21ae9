package io.concert.queue.room;

import io.concert.grid.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

final class SightCodec implements Codec<Sight> {
  @Override
  public void write(Sight sight, DataOutput out) throws IOException {
    out.writeLong(sight.incarnation());
    out.writeLong(sight.since());
    out.writeLong(sight.version());
    out.writeLong(sight.asOfMillis());
    out.writeLong(sight.sureUntilMillis());
    out.writeBoolean(sight.facts().isPresent());
    if (sight.facts().isPresent()) {
      RoomFacts facts = sight.facts().get();
      Fields.writeSettings(facts.settings(), out);
      Fields.writeAhead(facts.ahead(), out);
      out.writeLong(facts.admitsFromMillis());
    }
    Fields.writeDraws(sight.draws(), out);
    out.writeLong(sight.flow().openings());
    out.writeLong(sight.flow().millis());
    out.writeLong(sight.flow().departures());
    out.writeLong(sight.flow().presentMillis());
    out.writeInt(sight.pages().length);
    out.write(sight.pages());
    Fields.writeTruths(sight.sessions(), out);
    Fields.writePlaces(sight.ended(), out);
    Fields.writePlaces(sight.refused(), out);
  }

  @Override
  public Sight read(DataInput in) throws IOException {
    return new Sight(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readBoolean() ? Optional.of(readFacts(in)) : Optional.empty(),
        Fields.readDraws(in),
        new Flow.Sums(in.readLong(), in.readLong(), in.readLong(), in.readLong()),
        readBytes(in),
        Fields.readTruths(in),
        Fields.readPlaces(in),
        Fields.readPlaces(in));
  }

  private static RoomFacts readFacts(DataInput in) throws IOException {
    return new RoomFacts(Fields.readSettings(in), Fields.readAhead(in), in.readLong());
  }

  private static byte[] readBytes(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
