package io.concert.http.seats;

import io.concert.http.web.stream.EventStream;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** What seats have become, up to a version. Written once for all who are told. */
final class SeatChanges {
  private final SeatVersion version;
  private final String name;
  private final String json;
  private @Nullable Buffer event;

  private SeatChanges(SeatVersion version, String name, String json) {
    this.version = version;
    this.name = name;
    this.json = json;
  }

  /** Nothing has changed. */
  static SeatChanges none(SeatVersion version) {
    return new SeatChanges(version, "seats", "{\"version\":\"" + version + "\",\"changes\":[]}");
  }

  /**
   * @param seats those to tell of: with their present state, so more of them than have changed do
   *     no harm
   */
  static SeatChanges of(SeatStates now, BitSet seats) {
    StringBuilder text = new StringBuilder(64 + 10 * seats.cardinality());
    text.append("{\"version\":\"").append(SeatVersion.of(now)).append("\",\"changes\":[");
    for (int seat = seats.nextSetBit(0); seat >= 0; seat = seats.nextSetBit(seat + 1)) {
      text.append('[').append(seat).append(',').append(now.status(seat).code()).append("],");
    }
    if (!seats.isEmpty()) {
      text.setLength(text.length() - 1);
    }
    return new SeatChanges(SeatVersion.of(now), "seats", text.append("]}").toString());
  }

  /** All seats at once, packed: 17 KB for 50,000 of them. */
  static SeatChanges whole(SeatStates now) {
    String packed = Base64.getEncoder().encodeToString(now.states());
    return new SeatChanges(
        SeatVersion.of(now),
        "map",
        "{\"version\":\"" + SeatVersion.of(now) + "\",\"states\":\"" + packed + "\"}");
  }

  /** The version that these changes lead to. */
  SeatVersion version() {
    return version;
  }

  /** {@code {version, changes:[[seat, state]]}}, or {@code {version, states}} for all seats */
  String json() {
    return json;
  }

  /** The same as an event; never written to. */
  synchronized Buffer event() {
    Buffer known = event;
    if (known == null) {
      known = new EventStream.Event(name, version.toString(), json).bytes();
      event = known;
    }
    return known;
  }
}
