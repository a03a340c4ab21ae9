package io.concert.http.seats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.api.SeatStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * All seats of a schedule as a list of free ones would name them, written once a layout: a list of
 * some of them is then copied together, run by run. Some 35 bytes a seat.
 */
final class SeatListParts {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] BEFORE = ascii("{\"seatIds\":[");
  private static final byte[] BETWEEN = ascii("],\"seatNos\":[");
  private static final byte[] AFTER = ascii("]}");

  private final int seats;
  private final Texts ids;
  private final Texts numbers;

  /** Texts as JSON strings with a comma behind each; text i begins at {@code starts[i]}. */
  private static final class Texts {
    private final byte[] bytes;
    private final int[] starts;

    Texts(int count, IntFunction<String> text) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(12 * count);
      starts = new int[count + 1];
      try (JsonGenerator json = JSON.createGenerator(out).setRootValueSeparator(null)) {
        for (int i = 0; i < count; i++) {
          json.writeString(text.apply(i));
          json.writeRaw(',');
          json.flush();
          starts[i + 1] = out.size();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      bytes = out.toByteArray();
    }
  }

  SeatListParts(ScheduleId schedule, Layout layout) {
    seats = layout.seats();
    ids = new Texts(seats, seat -> new SeatId(schedule, layout.index(seat)).toString());
    numbers = new Texts(seats, layout::seatNo);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * @param states in the layout's order, of as many seats at least
   * @return {@code {seatIds:[…], seatNos:[…]}} of the free ones
   */
  byte[] list(SeatStates states) {
    int most = BEFORE.length + BETWEEN.length + AFTER.length;
    byte[] list = new byte[most + ids.bytes.length + numbers.bytes.length];
    int end = copy(BEFORE, list, 0);
    end = copy(ids, states, list, end);
    end = copy(BETWEEN, list, end);
    end = copy(numbers, states, list, end);
    end = copy(AFTER, list, end);
    return java.util.Arrays.copyOf(list, end);
  }

  private static int copy(byte[] from, byte[] to, int at) {
    System.arraycopy(from, 0, to, at, from.length);
    return at + from.length;
  }

  private int copy(Texts texts, SeatStates states, byte[] to, int at) {
    int end = at;
    int seat = 0;
    while (seat < seats) {
      int first = seat;
      while (seat < seats && states.status(seat) == SeatStatus.FREE) {
        seat++;
      }
      int length = texts.starts[seat] - texts.starts[first];
      System.arraycopy(texts.bytes, texts.starts[first], to, end, length);
      end += length;
      seat++;
    }
    return end == at ? at : end - 1; // Without the last comma.
  }
}
