package io.concert.http.seats;

import io.concert.reservation.api.ReservationMessages.SeatStates;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the states of all seats of a schedule at one moment. The same on all nodes, as versions are
 * given by the seat map's owner.
 */
record SeatVersion(long epoch, long number) {
  /** With what an entity tag of these states may have behind it. */
  private static final Pattern WRITTEN =
      Pattern.compile("\"?([0-9]{1,19})-([0-9]{1,19})(?:-json)?(?:-gz)?\"?");

  static SeatVersion of(SeatStates states) {
    return new SeatVersion(states.epoch(), states.version());
  }

  /** Reads what was given as a version, an event's id or an entity tag. */
  static Optional<SeatVersion> parse(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    try {
      return matcher.matches()
          ? Optional.of(
              new SeatVersion(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty(); // 19 digits may be too many.
    }
  }

  @Override
  public String toString() {
    return epoch + "-" + number;
  }
}
