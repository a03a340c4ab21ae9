package io.concert.queue;

import io.concert.bus.Bus;
import io.concert.grid.ClusterLock;
import io.concert.grid.Grid;
import io.concert.grid.ReplicatedAggregate;
import io.concert.postgres.Sql;
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
  private static final long RECONCILE_EVERY_MILLIS = 1_000;

  private final Bus bus;
  private final Grid grid;
  private final ClusterLock lock;
  private final InstantSource clock;
  private final Sql sql;
  private final MeterRegistry registry;
  private @Nullable Doorkeeper doorkeeper;

  /**
   * @param grid started with {@link WaitingRooms#TYPE}
   * @param clock the database's time
   */
  public QueueVerticle(
      Bus bus, Grid grid, ClusterLock lock, InstantSource clock, Sql sql, MeterRegistry registry) {
    this.bus = bus;
    this.grid = grid;
    this.lock = lock;
    this.clock = clock;
    this.sql = sql;
    this.registry = registry;
  }

  /** Joining the grid's map may wait for other members, so not on the event loop. */
  @Override
  public Future<?> start() {
    var sessions = new RoomSessions(vertx, sql);
    return vertx
        .executeBlocking(
            () ->
                grid.replicated(
                    vertx,
                    lock,
                    clock,
                    WaitingRooms.ROOMS,
                    name -> sessions.open(name).map(QueueVerticle::room)))
        .compose(rooms -> serve(rooms, sessions));
  }

  /** After a loss people come back first, and only then somebody is let in. */
  private static WaitingRoom room(Opened opened) {
    long reentry = opened.reading().settings().reentry().toMillis();
    return WaitingRoom.opened(
        opened.epoch(),
        opened.reading(),
        opened.live(),
        opened.peopleWaited() ? opened.nowMillis() + reentry : 0);
  }

  private Future<?> serve(
      ReplicatedAggregate<WaitingRoom, RoomCommand, RoomEvent, RoomReply> rooms,
      RoomSessions sessions) {
    var keeper = new Doorkeeper(vertx, rooms, sessions, new DoorMetrics(registry));
    var service = new QueueService(rooms, sessions, keeper, clock);
    doorkeeper = keeper;
    vertx.setPeriodic(ADMIT_EVERY_MILLIS, tick -> keeper.admit());
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
            bus.serve(RoomLooks.LOOK, service::look),
            bus.serve(RoomLooks.ACTED, service::acted)));
  }

  @Override
  public Future<?> stop() {
    return doorkeeper == null ? Future.succeededFuture() : doorkeeper.stop();
  }
}
