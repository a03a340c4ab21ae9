package io.concert.queue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Decision;
import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.room.Room;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomEvent;
import io.concert.queue.room.RoomReply;
import io.concert.queue.room.SessionRow;
import io.concert.queue.room.WaitingRoom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a room of a million costs. Each shot starts from a fresh room in which a million people are
 * present, so the room never grows or drains far from that while it is measured; a shot does as
 * much as fits into that. One thread, and a collector that works on the same thread, so a rate is
 * that of one core.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 8)
@Fork(
    value = 1,
    jvmArgs = {"-Xms2g", "-Xmx2g", "-XX:+UseSerialGC"})
public class WaitingRoomBench {
  static final int WAITING = 1_000_000;

  private static final int CAPACITY = 2_000;
  private static final int BATCH = 64;
  private static final int ADMISSIONS = 3_125 * BATCH;
  private static final long SESSION_MILLIS = 600_000;
  private static final long START_MILLIS = 1_000_000;

  /** In which everybody polls once, as the pace far back is. */
  private static final long ROUND_MILLIS = 8_400;

  private static final int[] ANY_ORDER = shuffled();

  private final Queue<SessionRow> inside = new ArrayDeque<>();
  private WaitingRoom room = filled();
  private long now;
  private long lastSession;

  private static int[] shuffled() {
    Random random = new Random(1);
    int[] order = new int[WAITING];
    for (int i = 0; i < order.length; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  /** A room in which a million people are present: user n + 1 at place n. */
  static WaitingRoom filled() {
    WaitingRoom room = WaitingRoom.alone(1, Room.reading(1, 1, Room.settings(CAPACITY)));
    for (int i = 0; i < WAITING; i++) {
      tell(room, enter(i + 1L), START_MILLIS);
    }
    return room;
  }

  @Setup(Level.Iteration)
  public void freshRoom() {
    room = filled();
    now = START_MILLIS;
    inside.clear();
    lastSession = 0;
  }

  /** People who weren't there before get places at the back. */
  @Benchmark
  @OperationsPerInvocation(200_000)
  public void join() {
    for (int i = 0; i < 200_000; i++) {
      tell(enter(WAITING + 1L + i));
    }
  }

  /** Polls of anybody, so soon after the last that only the rank is asked for. */
  @Benchmark
  @OperationsPerInvocation(WAITING)
  public long rank() {
    long sum = 0;
    for (int person : ANY_ORDER) {
      sum += ((RoomReply.Standing) tell(poll(person))).number();
    }
    return sum;
  }

  /** Polls of anybody at the usual pace: each is a rank and makes its owner present anew. */
  @Benchmark
  @OperationsPerInvocation(WAITING)
  public long pollAndBeSeen() {
    now += ROUND_MILLIS;
    long sum = 0;
    for (int i = 0; i < WAITING; i++) {
      now = START_MILLIS + ROUND_MILLIS + ROUND_MILLIS * i / WAITING;
      sum += ((RoomReply.Standing) tell(poll(ANY_ORDER[i]))).number();
    }
    return sum;
  }

  /**
   * One person in and one out, in the batches in which the database decides: who is next, their
   * sessions, and the ends of as many that were there before.
   */
  @Benchmark
  @OperationsPerInvocation(ADMISSIONS)
  public void admitAndLeave() {
    for (int i = 0; i < ADMISSIONS; i += BATCH) {
      while (inside.size() > CAPACITY - BATCH) {
        learn(endsOf(BATCH));
      }
      learn(sessionsOf(((RoomReply.LineUp) tell(new RoomCommand.NextInLine(BATCH))).people()));
    }
  }

  private List<SessionRow> sessionsOf(List<RoomReply.Candidate> people) {
    List<SessionRow> admitted = new ArrayList<>();
    long end = now + SESSION_MILLIS;
    for (RoomReply.Candidate one : people) {
      admitted.add(
          new SessionRow(
              new SessionId(++lastSession),
              one.user(),
              one.place(),
              one.arrivalMillis(),
              end,
              end,
              false,
              false));
    }
    if (admitted.size() != BATCH) {
      throw new AssertionError("the room named " + admitted.size() + " people");
    }
    inside.addAll(admitted);
    return admitted;
  }

  private List<SessionRow> endsOf(int count) {
    List<SessionRow> ends = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ends.add(inside.remove().asEnded());
    }
    return ends;
  }

  private void learn(List<SessionRow> sessionRows) {
    tell(new RoomCommand.Learn(sessionRows, Optional.empty()));
  }

  @CanIgnoreReturnValue
  private RoomReply tell(RoomCommand command) {
    return tell(room, command, now);
  }

  @CanIgnoreReturnValue
  private static RoomReply tell(WaitingRoom room, RoomCommand command, long now) {
    Decision<RoomEvent, RoomReply> decision = room.decide(command, now);
    RoomEvent event = decision.event();
    if (event != null) {
      room.apply(event);
    }
    return decision.reply();
  }

  private static RoomCommand enter(long user) {
    return new RoomCommand.Enter(new UserId(user), true, false);
  }

  private static RoomCommand poll(int person) {
    return new RoomCommand.Poll(new UserId(person + 1L), new Place(1, person), START_MILLIS);
  }
}
