package io.concert.queue;

import io.concert.bus.Bus;
import io.concert.domain.SaleTally;
import io.concert.grid.Grid;
import io.concert.grid.api.ClusterLock;
import io.concert.grid.api.ReplicatedAggregate;
import io.concert.postgres.Sql;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.room.OwnCopy;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomEvent;
import io.concert.queue.room.RoomReply;
import io.concert.queue.room.WaitingRoom;
import io.concert.queue.room.WaitingRooms;
import io.concert.queue.store.Opened;
import io.concert.queue.store.RoomSessions;
import io.concert.queue.view.RoomSync;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Serves the queue's addresses and keeps the doors of the rooms that this node owns. */
public final class QueueVerticle extends VerticleBase {
  private static final long ADMIT_EVERY_MILLIS = 100;
  private static final long END_SESSIONS_EVERY_MILLIS = 250;
  private static final long RECONCILE_EVERY_MILLIS = 500;

  private final Bus bus;
  private final Grid grid;
  private final ClusterLock lock;
  private final InstantSource clock;
  private final Sql sql;
  private final MeterRegistry registry;
  private final SaleTally tally;
  private @Nullable Doorkeeper doorkeeper;

  /**
   * @param grid started with {@link WaitingRooms#TYPE}
   * @param clock the database's time
   */
  public QueueVerticle(
      Bus bus,
      Grid grid,
      ClusterLock lock,
      InstantSource clock,
      Sql sql,
      MeterRegistry registry,
      SaleTally tally) {
    this.bus = bus;
    this.grid = grid;
    this.lock = lock;
    this.clock = clock;
    this.sql = sql;
    this.registry = registry;
    this.tally = tally;
  }

  /** Joining the grid's map may wait for other members, so not on the event loop. */
  @Override
  public Future<?> start() {
    var sessions = new RoomSessions(vertx, sql);
    return vertx
        .executeBlocking(
            () -> grid.replicated(vertx, lock, clock, WaitingRooms.ROOMS, loader(sessions)))
        .compose(rooms -> serve(rooms, sessions));
  }

  private static ReplicatedAggregate.Loader<WaitingRoom> loader(RoomSessions sessions) {
    return new ReplicatedAggregate.Loader<>() {
      @Override
      public Future<WaitingRoom> load(String name) {
        return sessions.open(name).map(QueueVerticle::room);
      }

      @Override
      public Future<WaitingRoom> load(String name, long above) {
        return sessions.open(name, above).map(QueueVerticle::room);
      }
    };
  }

  /**
   * After a loss people come back first, and only then somebody is let in. A copy that nobody
   * reaches any more may still answer somewhere: it has to notice, too.
   */
  private static WaitingRoom room(Opened opened) {
    long reentry = opened.peopleWaited() ? opened.reading().settings().reentry().toMillis() : 0;
    long wait = Math.max(reentry, OwnCopy.GRACE_MILLIS);
    return WaitingRoom.opened(
        opened.epoch(),
        opened.reading(),
        opened.live(),
        opened.epoch() > 1 ? opened.nowMillis() + wait : 0);
  }

  private Future<?> serve(
      ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms,
      RoomSessions sessions) {
    var metrics = new DoorMetrics(registry, tally);
    var keeper = new Doorkeeper(vertx, bus, rooms, sessions, metrics, clock);
    var steadiness = new Steadiness(System::nanoTime, grid::lastLossNanos);
    var service = new QueueService(rooms, sessions, keeper, clock, steadiness, metrics);
    doorkeeper = keeper;
    vertx.setPeriodic(ADMIT_EVERY_MILLIS, tick -> keeper.admit());
    vertx.setPeriodic(ADMIT_EVERY_MILLIS, tick -> steadiness.tick());
    vertx.setPeriodic(END_SESSIONS_EVERY_MILLIS, tick -> keeper.endSessions());
    vertx.setPeriodic(RECONCILE_EVERY_MILLIS, tick -> keeper.reconcile());
    return Future.all(
        List.of(
            bus.serve(QueueMessages.ENTER, service::enter),
            bus.serve(QueueMessages.POLL, service::poll),
            bus.serve(QueueMessages.CHECK_ADMISSION, service::checkAdmission),
            bus.serve(QueueMessages.LEAVE, service::leave),
            bus.serve(QueueMessages.SESSION_ENDED, service::sessionEnded),
            bus.serve(QueueMessages.SETTINGS_CHANGED, service::settingsChanged),
            bus.serve(RoomSync.LOOK, service::look),
            bus.serve(RoomSync.ACTED, service::acted)));
  }

  @Override
  public Future<?> stop() {
    return doorkeeper == null ? Future.succeededFuture() : doorkeeper.stop();
  }
}
