package io.concert.http.seats;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.domain.ScheduleId;
import io.concert.http.web.Answer;
import io.concert.http.web.cached.CachedRepresentation;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The states of all seats of a schedule, written once a version for all readers of this node. */
final class SeatStatuses {
  static final String OCTETS = "application/octet-stream";
  private static final String VARY = "Accept, Accept-Encoding";
  private static final int SCHEDULES = 200;

  private final Cache<ScheduleId, Written> last =
      Caffeine.newBuilder().maximumSize(SCHEDULES).build();

  /** In the forms that were asked for. */
  private static final class Written {
    private final SeatStates states;
    private @Nullable CachedRepresentation octets;
    private @Nullable CachedRepresentation json;

    Written(SeatStates states) {
      this.states = states;
    }

    boolean is(SeatStates wanted) {
      return states.epoch() == wanted.epoch() && states.version() == wanted.version();
    }

    synchronized CachedRepresentation octets() {
      CachedRepresentation known = octets;
      if (known == null) {
        String tag = SeatVersion.of(states).toString();
        known = CachedRepresentation.ofTheMoment(tag, OCTETS, states.states(), VARY);
        octets = known;
      }
      return known;
    }

    synchronized CachedRepresentation json() {
      CachedRepresentation known = json;
      if (known == null) {
        known =
            CachedRepresentation.ofTheMoment(
                SeatVersion.of(states) + "-json", Answer.JSON, text(), VARY);
        json = known;
      }
      return known;
    }

    private byte[] text() {
      StringBuilder text = new StringBuilder(64 + 2 * states.seats());
      text.append("{\"version\":\"").append(SeatVersion.of(states)).append("\",\"states\":[");
      for (int seat = 0; seat < states.seats(); seat++) {
        text.append(seat == 0 ? "" : ",").append(states.status(seat).code());
      }
      return text.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
    }
  }

  /**
   * @param octets whether packed, two bits a seat, instead of JSON
   */
  CachedRepresentation of(ScheduleId schedule, SeatStates states, boolean octets) {
    Written written =
        last.asMap()
            .compute(
                schedule, (id, old) -> old != null && old.is(states) ? old : new Written(states));
    return octets ? written.octets() : written.json();
  }
}
