package io.concert.queue.room;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Decision;
import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.grid.api.Codec;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A room with a backup, as the grid runs it: every event goes over the wire to the backup. */
public final class Room {
  private static final int PLENTY = 1 << 20;

  private WaitingRoom owner;
  private WaitingRoom backup;
  private long lastEventMillis;

  /** What the caller's clock says, which may step back. */
  public long now = 1_000_000;

  int events;

  public Room(int epoch, int capacity) {
    this(epoch, settings(capacity));
  }

  public Room(int epoch, RoomSettings settings) {
    owner = WaitingRoom.alone(epoch, reading(epoch, 1, settings));
    backup = copy(new WaitingRoomCodec(), owner);
  }

  /** A room that was lost, opened again. */
  Room(int epoch, RoomCommand.RoomSnapshot reading, List<SessionRow> live, long admitsFromMillis) {
    owner = WaitingRoom.opened(epoch, reading, live, admitsFromMillis);
    neverDoubts(owner);
    backup = copy(new WaitingRoomCodec(), owner);
  }

  /** There is no database to look at. */
  static void neverDoubts(WaitingRoom room) {
    room.state().own().assumeForGood();
  }

  /** The copy that answers. */
  public long copy() {
    return owner.state().own().id();
  }

  long giver() {
    return owner.state().giver();
  }

  public static RoomSettings settings(int capacity) {
    return settings(capacity, 0);
  }

  public static RoomSettings settings(int capacity, int joinsPerSecond) {
    return new RoomSettings(
        capacity,
        Duration.ofMinutes(10),
        Duration.ZERO,
        0,
        joinsPerSecond,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Optional.empty(),
        false,
        new Won(0));
  }

  /** A reading of a room that was never drawn, with places for everybody. */
  public static RoomCommand.RoomSnapshot reading(int epoch, long version, RoomSettings settings) {
    return reading(10, version, settings, epoch, PLENTY, Optional.empty(), List.of());
  }

  /** A reading of the newest epoch. */
  public static RoomCommand.RoomSnapshot reading(
      long asOfXid,
      long version,
      RoomSettings settings,
      int epoch,
      int reserved,
      Optional<PlannedDraw> ahead,
      List<DrawResult> draws) {
    return new RoomCommand.RoomSnapshot(
        0, asOfXid, version, settings, epoch, epoch, reserved, ahead, draws);
  }

  @CanIgnoreReturnValue
  public RoomReply tell(RoomCommand command) {
    Decision<RoomEvent, RoomReply> decision =
        owner.decide(copy(new RoomCommandCodec(), command), time());
    RoomEvent event = decision.event();
    if (event != null) {
      events++;
      lastEventMillis = time();
      owner.apply(event);
      backup.apply(copy(new RoomEventCodec(), event));
    }
    return copy(new RoomReplyCodec(), owner.report(command, decision.reply(), time()));
  }

  /** The answer, without anything happening. */
  RoomReply ask(RoomCommand command) {
    return owner.decide(command, time()).reply();
  }

  /** As the grid has it: never before what has happened. */
  long time() {
    return Math.max(lastEventMillis, now);
  }

  /**
   * The owner dies, the backup takes over and gets a backup of its own. It may give no places yet.
   */
  void failOver() {
    owner = backup;
    neverDoubts(owner);
    backup = copy(new WaitingRoomCodec(), owner);
  }

  /** The partition moves: both copies go over the wire. The new owner may give no places yet. */
  public void move() {
    owner = copy(new WaitingRoomCodec(), owner);
    neverDoubts(owner);
    backup = copy(new WaitingRoomCodec(), backup);
  }

  byte[] ownerBytes() {
    return bytes(new WaitingRoomCodec(), owner);
  }

  byte[] backupBytes() {
    return bytes(new WaitingRoomCodec(), backup);
  }

  @CanIgnoreReturnValue
  public RoomReply.Standing enter(long user) {
    return (RoomReply.Standing) tell(new RoomCommand.Enter(new UserId(user), true, false));
  }

  @CanIgnoreReturnValue
  public RoomReply poll(long user, Place place) {
    return tell(new RoomCommand.Poll(new UserId(user), place, 0));
  }

  @CanIgnoreReturnValue
  public RoomReply rejoin(long user, Place place, long arrivalMillis) {
    return tell(new RoomCommand.Rejoin(new UserId(user), place, arrivalMillis));
  }

  @CanIgnoreReturnValue
  RoomReply leave(long user, Place place) {
    return tell(new RoomCommand.Leave(new UserId(user), place));
  }

  public RoomReply check(long user, Place place) {
    return tell(new RoomCommand.CheckAdmission(new UserId(user), place));
  }

  public List<RoomReply.Candidate> next(int limit) {
    return ((RoomReply.LineUp) tell(new RoomCommand.NextInLine(limit))).people();
  }

  public void learn(SessionRow... sessionRows) {
    var reply = tell(new RoomCommand.Learn(List.of(sessionRows), Optional.empty()));
    if (!(reply instanceof RoomReply.Done)) {
      throw new AssertionError(reply);
    }
  }

  /** An epoch that no opening covers; the settings stay. */
  public void begin(int epoch) {
    tell(new RoomCommand.BeginEpoch(reading(epoch, 0, settings(1)), copy(), false));
  }

  /** A live session of ten minutes from now. */
  public SessionRow session(long id, long user, Place place) {
    long end = now + 600_000;
    return new SessionRow(new SessionId(id), new UserId(user), place, now, end, end, false, false);
  }

  public static <T> T copy(Codec<T> codec, T value) {
    try {
      return codec.read(new DataInputStream(new ByteArrayInputStream(bytes(codec, value))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> byte[] bytes(Codec<T> codec, T value) {
    var bytes = new ByteArrayOutputStream();
    try {
      codec.write(value, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
