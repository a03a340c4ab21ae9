package io.concert;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.grid.api.AggregateType;
import io.concert.grid.api.Codec;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.room.Room;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomEvent;
import io.concert.queue.room.RoomReply;
import io.concert.queue.room.WaitingRooms;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.seatmap.SeatCommand;
import io.concert.reservation.seatmap.SeatEvent;
import io.concert.reservation.seatmap.SeatMapCodecs;
import io.concert.reservation.seatmap.SeatReply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of what the grid carries comes out as it went in, also one that is added tomorrow. */
class SealedFamiliesTest {
  static Stream<Arguments> kinds() {
    AggregateType<?, RoomCommand, RoomEvent, RoomReply> rooms = WaitingRooms.ROOMS;
    AggregateType<?, SeatCommand, SeatEvent, SeatReply> seats = SeatMapCodecs.TYPE;
    return Stream.of(
            kinds(RoomCommand.class, rooms.command()),
            kinds(RoomEvent.class, rooms.event()),
            kinds(RoomReply.class, rooms.reply()),
            kinds(SeatCommand.class, seats.command()),
            kinds(SeatEvent.class, seats.event()),
            kinds(SeatReply.class, seats.reply()))
        .flatMap(family -> family);
  }

  private static <T> Stream<Arguments> kinds(Class<T> family, Codec<T> codec) {
    return Samples.kindsOf(family).stream().map(kind -> Arguments.of(kind, codec));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  <T> void comesOutAsItWentIn(Class<? extends T> kind, Codec<T> codec) throws IOException {
    var samples =
        new Samples()
            .with(RoomSettings.class, Room.settings(3))
            .with(SeatStates.class, new SeatStates(1, 2, 5, 3, new byte[] {4, 5}));
    T value = kind.cast(samples.of(kind));

    var bytes = new ByteArrayOutputStream();
    codec.write(value, new DataOutputStream(bytes));
    var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));

    assertThat(codec.read(in)).usingRecursiveComparison().isEqualTo(value);
    assertThat(in.read()).as("nothing is left over").isEqualTo(-1);
  }
}
