package io.concert.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.Samples;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.room.Room;
import io.concert.queue.view.RoomSync;
import io.concert.reservation.api.ReservationMessages;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {
  sealed interface Verdict {}

  record Granted(List<SeatId> seats, Won price, Instant until) implements Verdict {}

  record Denied(Optional<String> why, Duration retry) implements Verdict {}

  record Wrapped(Verdict inner, long number) {}

  @Test
  void recordsOfASealedInterfaceComeBackEqual() {
    SeatId seat = new SeatId(new ScheduleId(12), 345);
    Verdict granted =
        new Granted(List.of(seat), new Won(154_000), Instant.parse("2026-11-22T10:00:00.123456Z"));
    Verdict denied = new Denied(Optional.of("좌석"), Duration.ofMillis(1500));

    assertThat(roundTrip(Verdict.class, granted)).isEqualTo(granted);
    assertThat(roundTrip(Verdict.class, denied)).isEqualTo(denied);
    assertThat(roundTrip(Verdict.class, new Denied(Optional.empty(), Duration.ZERO)))
        .isEqualTo(new Denied(Optional.empty(), Duration.ZERO));
  }

  @Test
  void sealedComponentsKeepTheirType() {
    Wrapped wrapped = new Wrapped(new Denied(Optional.empty(), Duration.ZERO), Long.MAX_VALUE);

    assertThat(roundTrip(Wrapped.class, wrapped)).isEqualTo(wrapped);
  }

  @Test
  void onlyPermittedTypesAreMade() {
    record Stranger(String name) {}
    Buffer wire = Buffer.buffer();
    new RecordCodec<>("stranger", Stranger.class).encodeToWire(wire, new Stranger("x"));

    assertThatThrownBy(() -> new RecordCodec<>("verdict", Verdict.class).decodeFromWire(0, wire))
        .hasMessageContaining("verdict");
  }

  static Stream<Class<?>> families() {
    return Stream.of(
            QueueMessages.class, RoomSync.class, ReservationMessages.class, PaymentMessages.class)
        .flatMap(messages -> Arrays.stream(messages.getDeclaredClasses()))
        .filter(Class::isSealed);
  }

  @ParameterizedTest
  @MethodSource("families")
  <T> void everyKindOfReplyComesBackEqual(Class<T> family) {
    for (Class<?> kind : Samples.kindsOf(family)) {
      T reply = family.cast(new Samples().with(RoomSettings.class, Room.settings(3)).of(kind));
      assertThat(roundTrip(family, reply)).usingRecursiveComparison().isEqualTo(reply);
    }
  }

  private static <T> T roundTrip(Class<T> type, T message) {
    RecordCodec<T> codec = new RecordCodec<>("test", type);
    Buffer wire = Buffer.buffer("noise before");
    codec.encodeToWire(wire, message);
    return codec.decodeFromWire("noise before".length(), wire);
  }
}
