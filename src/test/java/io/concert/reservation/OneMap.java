package io.concert.reservation;

import io.concert.domain.Aggregates;
import io.concert.domain.Fault;
import io.concert.domain.ScheduleId;
import io.concert.grid.api.Codec;
import io.concert.grid.api.ReplicatedAggregate;
import io.concert.reservation.api.SeatStatus;
import io.concert.reservation.seatmap.SeatCommand;
import io.concert.reservation.seatmap.SeatEvent;
import io.concert.reservation.seatmap.SeatMap;
import io.concert.reservation.seatmap.SeatMapCodecs;
import io.concert.reservation.seatmap.SeatReply;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A grid with the map of one schedule, whose time stands still. It can be put back to an earlier
 * copy, as when a member goes on with one that was left behind, and be out of reach.
 */
final class OneMap implements ReplicatedAggregate<SeatMap, SeatCommand, SeatEvent, SeatReply> {
  private static final Codec<SeatMap> STATE = SeatMapCodecs.TYPE.state();

  private final ScheduleId schedule;
  private SeatMap map;
  private Predicate<SeatCommand> lost = command -> false;
  private Runnable before = () -> {};

  OneMap(ScheduleId schedule, SeatMap map) {
    this.schedule = schedule;
    this.map = map;
  }

  /** Such commands don't reach the map from now on. */
  void lose(Predicate<SeatCommand> which) {
    lost = which;
  }

  /** Runs before each comparison. */
  void beforeComparing(Runnable run) {
    before = run;
  }

  byte[] copy() {
    var bytes = new ByteArrayOutputStream();
    try {
      STATE.write(map, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  void goOnWith(byte[] copy) {
    try {
      map = STATE.read(new DataInputStream(new ByteArrayInputStream(copy)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SeatStatus status(int seat) {
    return SeatStatus.of(map.status[seat]);
  }

  boolean isMarked(int seat) {
    return map.claim[seat] != 0;
  }

  long asOfXid() {
    return map.asOfXid;
  }

  @Override
  public Future<SeatReply> submit(String key, SeatCommand command) {
    if (!key.equals(schedule.toString()) || lost.test(command)) {
      return Future.failedFuture(new Fault(Fault.Kind.OUTCOME_UNKNOWN, "the grid didn't answer"));
    }
    if (command instanceof SeatCommand.Compare) {
      before.run();
    }
    return Future.succeededFuture(decide(command));
  }

  SeatReply decide(SeatCommand command) {
    return Aggregates.ask(map, command, 0);
  }

  /** And one that is never in reach. */
  @Override
  public Set<String> ownedKeys() {
    return Set.of(new ScheduleId(888_888).toString(), schedule.toString());
  }
}
