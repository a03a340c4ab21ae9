package io.concert.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.catalog.Layout;
import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.reservation.ReservationMessages.SeatStates;
import io.concert.reservation.SeatStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;

/**
 * The list of a schedule's free seats, written and compressed once a version, off the event loops,
 * for all readers of this node. 50,000 seats are 1.3 MB, which is why.
 */
final class SeatLists {
  /** Seats in all lists kept together: some 30 MB. */
  private static final long MOST_SEATS = 1_000_000;

  /** Seat numbers repeat so much that more effort gains little. */
  private static final int COMPRESSION_LEVEL = 1;

  private static final JsonFactory JSON = new JsonFactory();

  private final Vertx vertx;
  private final Cache<ScheduleId, Rendering> last =
      Caffeine.newBuilder()
          .maximumWeight(MOST_SEATS)
          .weigher((ScheduleId id, Rendering rendering) -> rendering.seats + 1)
          .build();

  private record Rendering(String tag, int seats, CompletableFuture<SeatList> list) {
    boolean is(String wanted) {
      return tag.equals(wanted) && !list.isCompletedExceptionally();
    }
  }

  /**
   * @param tag names this version of this schedule's list
   */
  record SeatList(String tag, Buffer plain, Buffer gzipped) {}

  SeatLists(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Fails with UNAVAILABLE while the states haven't caught up with a larger layout. They may be of
   * more seats than a smaller one has: those are for nobody.
   */
  Future<SeatList> list(ScheduleId schedule, Layout layout, SeatStates states) {
    if (layout.seats() > states.seats()) {
      return Future.failedFuture(
          new Fault(Fault.Kind.UNAVAILABLE, schedule + " is getting another layout"));
    }
    String tag = tag(schedule, layout, states);
    Rendering mine = new Rendering(tag, layout.seats(), new CompletableFuture<>());
    Rendering shared =
        last.asMap().compute(schedule, (id, old) -> old != null && old.is(tag) ? old : mine);
    if (shared.list == mine.list) {
      vertx
          .executeBlocking(() -> render(schedule, layout, states), false)
          .onComplete(mine.list::complete, mine.list::completeExceptionally);
    }
    return Future.fromCompletionStage(shared.list, vertx.getOrCreateContext());
  }

  /** Names the bytes: another layout may have other seats in the same states. */
  private static String tag(ScheduleId schedule, Layout layout, SeatStates states) {
    return String.join(
        "-",
        schedule.toString(),
        layout.version(),
        Long.toString(states.epoch()),
        Long.toString(states.version()));
  }

  static SeatList render(ScheduleId schedule, Layout layout, SeatStates states) throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(32 * layout.seats() + 64);
    try (JsonGenerator json = JSON.createGenerator(plain)) {
      json.writeStartObject();
      json.writeArrayFieldStart("seatIds");
      for (int seat = 0; seat < layout.seats(); seat++) {
        if (states.status(seat) == SeatStatus.FREE) {
          json.writeString(new SeatId(schedule, seat).toString());
        }
      }
      json.writeEndArray();
      json.writeArrayFieldStart("seatNos");
      for (int seat = 0; seat < layout.seats(); seat++) {
        if (states.status(seat) == SeatStatus.FREE) {
          json.writeString(layout.seatNo(seat));
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    byte[] bytes = plain.toByteArray();
    return new SeatList(
        tag(schedule, layout, states), Buffer.buffer(bytes), Buffer.buffer(gzip(bytes)));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream(bytes.length / 6 + 64);
    try (OutputStream out = new FastGzip(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(COMPRESSION_LEVEL);
    }
  }
}
