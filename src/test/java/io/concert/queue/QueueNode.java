package io.concert.queue;

import io.concert.bus.Bus;
import io.concert.bus.VertxBus;
import io.concert.domain.RoomId;
import io.concert.domain.SaleTally;
import io.concert.domain.UserId;
import io.concert.grid.Grid;
import io.concert.grid.TestGrid;
import io.concert.postgres.DatabaseClock;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Enter;
import io.concert.queue.api.QueueMessages.EnterReply;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.room.WaitingRooms;
import io.concert.queue.store.Rooms;
import io.concert.queue.view.RoomViews;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;

/** Everything of a node that the queue needs. */
public final class QueueNode {
  final Vertx vertx = Vertx.vertx();
  final Bus bus = new VertxBus(vertx);
  final Sql sql;
  public final Rooms rooms;
  public final RoomViews views;
  public final MeterRegistry registry = new SimpleMeterRegistry();
  private final Grid grid = TestGrid.alone(WaitingRooms.TYPE);
  private final String deployment;

  QueueNode(TestDatabase database) {
    sql = database.sql(vertx);
    var clock = DatabaseClock.start(sql, System::nanoTime).await();
    var verticle =
        new QueueVerticle(bus, grid, grid.lock(vertx), clock, sql, registry, SaleTally.NONE);
    deployment = vertx.deployVerticle(verticle).await();
    rooms = new Rooms(sql);
    views = new RoomViews(vertx, bus, clock, rooms, registry, SaleTally.NONE);
  }

  public EnterReply enter(RoomId room, UserId user) {
    return bus.request(QueueMessages.ENTER, new Enter(room, user, true)).await();
  }

  /** Asks this node's view, as a client does who has the token of this placement. */
  public Placement poll(RoomId room, UserId user, Placement token) {
    return views.poll(new Poll(room, user, token.place(), token.arrivalMillis())).await();
  }

  /** Undeploys first: closing Vert.x closes the pool before it stops verticles. */
  void stop() {
    vertx.undeploy(deployment).await();
    vertx.close().await();
    grid.close();
  }
}
