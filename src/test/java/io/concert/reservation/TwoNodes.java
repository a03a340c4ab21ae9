package io.concert.reservation;

import io.concert.catalog.Catalog;
import io.concert.catalog.Concert;
import io.concert.catalog.SaleSwitch;
import io.concert.catalog.Schedule;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.SaleTally;
import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import io.concert.grid.Grid;
import io.concert.grid.TestGrid;
import io.concert.postgres.DatabaseClock;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.concert.reservation.seatmap.SeatMapCodecs;
import io.concert.reservation.seatmap.SeatReply;
import io.concert.reservation.store.HoldSettings;
import io.concert.reservation.store.SeatClaims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Two nodes of one cluster on one database, without HTTP. */
final class TwoNodes implements AutoCloseable {
  private final TestDatabase database;
  private final Vertx vertx = Vertx.vertx();
  private final List<Grid> grids = TestGrid.cluster(2, SeatMapCodecs.TYPE);
  private final List<Node> nodes;

  TwoNodes(TestDatabase database, Duration holdFor, Layout layout) {
    this.database = database;
    nodes = grids.stream().map(grid -> new Node(vertx, database, grid, holdFor, layout)).toList();
  }

  Node node(int number) {
    return nodes.get(number % nodes.size());
  }

  /** How many holds the database was asked to judge. */
  long judged() {
    return nodes.stream().mapToLong(Node::judged).sum();
  }

  /** Brings the seat maps up to the database. */
  void reconcile() {
    nodes.forEach(node -> node.sync.catchUp().await());
  }

  /** Seen by PostgreSQL since this database was made; told a second late. */
  long deadlocks() {
    return database.number(
        "select deadlocks from pg_stat_database where datname = current_database()");
  }

  @Override
  public void close() {
    vertx.close().await();
    grids.forEach(Grid::close);
  }

  static final class Node {
    final SeatClaims claims;
    final SeatMaps maps;
    final SeatViews views;
    final ReservationService service;
    final BestHolds best;
    final HoldExpiry expiry;
    final SeatMapSync sync;
    final Sql sql;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private Node(Vertx vertx, TestDatabase database, Grid grid, Duration holdFor, Layout layout) {
      sql = database.sql(vertx);
      var clock = DatabaseClock.start(sql, System::nanoTime).await();
      claims = new SeatClaims(vertx, sql, new HoldSettings(holdFor), registry);
      maps =
          new SeatMaps(
              grid.replicated(
                  vertx, grid.lock(vertx), clock, SeatMapCodecs.TYPE, SeatMaps.loader(claims)));
      views = new SeatViews(maps, System::nanoTime);
      service = new ReservationService(maps, claims);
      best = new BestHolds(new OneLayout(layout), views, maps, claims);
      expiry = new HoldExpiry(claims, maps, SaleTally.NONE);
      sync = new SeatMapSync(claims, maps);
    }

    private long judged() {
      return (long) registry.get("batch_size").tag("commands", "hold").summary().totalAmount();
    }

    /** What the map shows now, past any view. */
    SeatStates seen(ScheduleId schedule) {
      return ((SeatReply.Seen) maps.look(schedule, 0, 0).await()).states();
    }
  }

  /** All dates have the same seats and a limit of 4. */
  private record OneLayout(Layout layout) implements Catalog {
    @Override
    public Future<List<Concert>> concerts() {
      return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Optional<Concert>> concert(ConcertId id) {
      return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Optional<Schedule>> schedule(ScheduleId id) {
      var schedule =
          new Schedule(
              id,
              new ConcertId(1),
              RoomId.DEFAULT,
              4,
              Instant.EPOCH,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              SaleSwitch.OPEN,
              layout.seats(),
              OptionalInt.empty(),
              Optional.of(layout.version()),
              Optional.of(new Won(1)));
      return Future.succeededFuture(Optional.of(schedule));
    }

    @Override
    public Future<Layout> layout(ScheduleId id) {
      return Future.succeededFuture(layout);
    }
  }
}
