package io.concert.reservation.house;

import io.concert.bus.Bus;
import io.concert.domain.Actor;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.postgres.AuditTrail;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.KeyedChange;
import io.concert.reservation.api.ReservationMessages;
import io.concert.reservation.api.ReservationMessages.ClaimsChanged;
import io.concert.reservation.house.HouseReply.Refusal;
import io.concert.reservation.house.KeptReply.Outcome;
import io.concert.reservation.store.SeatClaims;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operators' commands about seats. Each is one transaction with its row of the audit log and its
 * answer beside the actor's key; then the seat map is told, which would find out by itself within a
 * second. Every future fails with a {@link io.concert.domain.Fault} as the database does.
 */
public final class HouseSeats {
  private static final Logger log = LoggerFactory.getLogger(HouseSeats.class);

  private static final int MOST_NAMED = 100;

  /** It has happened already: the operator needn't wait until a seat map is back. */
  private static final Duration TELL_WITHIN = Duration.ofMillis(500);

  /** A section of a stadium has thousands of rows. The request that brings them ends before. */
  private static final String TAKE_TIME = "select set_config('statement_timeout', '8s', true)";

  private final Sql sql;
  private final Bus bus;

  public HouseSeats(Sql sql, Bus bus) {
    this.sql = sql;
    this.bus = bus;
  }

  /**
   * Seats of a date that were chosen on one of its plans.
   *
   * @param version of the plan, as {@link io.concert.catalog.layout.Layout#version}
   * @param indexes each once
   * @param asked how the operator has named them, for the audit log
   */
  public record Chosen(
      ScheduleId schedule, String version, List<Integer> indexes, JsonObject asked) {
    public Chosen {
      indexes = List.copyOf(indexes);
    }

    private Integer[] array() {
      return indexes.toArray(Integer[]::new);
    }

    private JsonObject detail(int changed) {
      return new JsonObject()
          .put("asked", asked)
          .put("seats", indexes.size())
          .put("changed", changed);
    }
  }

  private static final String BLOCK = "select * from block_seats($1, $2, $3, $4, $5)";

  /**
   * Keeps seats from sale, all or none. Those that are kept already stay so; a note replaces
   * theirs.
   */
  public Future<HouseReply> block(Chosen chosen, Optional<String> note, Actor actor) {
    @Nullable String text = note.orElse(null);
    Tuple arguments =
        Tuple.of(chosen.schedule().number(), chosen.version())
            .addArrayOfInteger(chosen.array())
            .addString(text)
            .addString(actor.operator());
    return change(
        chosen,
        BLOCK,
        arguments,
        actor,
        "schedule.block",
        changed -> chosen.detail(changed).put("note", text));
  }

  private static final String RELEASE = "select * from release_blocks($1, $2, $3)";

  /** Gives seats back to the sale. Those that weren't kept from it stay as they are. */
  public Future<HouseReply> release(Chosen chosen, Actor actor) {
    Tuple arguments =
        Tuple.of(chosen.schedule().number(), chosen.version()).addArrayOfInteger(chosen.array());
    return change(chosen, RELEASE, arguments, actor, "schedule.release", chosen::detail);
  }

  private static final String END_HOLD = "select * from end_hold($1, $2)";

  /** Ends a seat's standing hold. To its holder it has run out. */
  public Future<HouseReply> endHold(SeatId seat, Actor actor) {
    return change(
        seat.schedule(),
        actor,
        connection ->
            run(connection, END_HOLD, Tuple.of(seat.schedule().number(), seat.index()))
                .compose(rows -> ended(connection, seat, rows, actor)));
  }

  private Future<HouseReply> change(
      Chosen chosen,
      String text,
      Tuple arguments,
      Actor actor,
      String action,
      Function<Integer, JsonObject> detail) {
    return change(
        chosen.schedule(),
        actor,
        connection ->
            run(connection, text, arguments)
                .compose(rows -> verdict(connection, chosen, rows, actor, action, detail)));
  }

  private Future<HouseReply> change(
      ScheduleId schedule, Actor actor, Function<SqlConnection, Future<Outcome>> work) {
    return sql.transaction(
            connection ->
                KeyedChange.once(
                    connection, actor.key(), new KeptReply(), () -> work.apply(connection)))
        .compose(outcome -> tell(schedule, outcome).map(told -> outcome.reply()));
  }

  private static Future<RowSet<Row>> run(SqlConnection connection, String text, Tuple arguments) {
    return Sql.execute(connection, TAKE_TIME, Tuple.tuple())
        .compose(set -> Sql.execute(connection, text, arguments));
  }

  private static Future<Outcome> verdict(
      SqlConnection connection,
      Chosen chosen,
      RowSet<Row> rows,
      Actor actor,
      String action,
      Function<Integer, JsonObject> detail) {
    HouseVerdict verdict =
        rows.size() == 0 ? HouseVerdict.CHANGED : HouseVerdict.READ.of(rows.iterator().next());
    return switch (verdict) {
      case CHANGED ->
          AuditTrail.write(
                  connection,
                  actor,
                  action,
                  chosen.schedule().toString(),
                  detail.apply(rows.size()))
              .map(
                  written ->
                      new Outcome(
                          new HouseReply.Done(chosen.indexes().size(), rows.size(), false),
                          rows.stream().map(SeatClaims::claim).toList()));
      case HELD, SOLD -> Future.succeededFuture(new Outcome(taken(chosen.schedule(), rows)));
      case UNKNOWN_DATE -> refused(Refusal.UNKNOWN_SCHEDULE);
      case CANCELLED -> refused(Refusal.CANCELLED);
      case OTHER_PLAN -> refused(Refusal.OTHER_PLAN);
    };
  }

  private static Future<Outcome> refused(Refusal reason) {
    return Future.succeededFuture(new Outcome(new HouseReply.Refused(reason)));
  }

  private static HouseReply taken(ScheduleId schedule, RowSet<Row> rows) {
    List<SeatId> seats = new ArrayList<>();
    int held = 0;
    for (Row row : rows) {
      held += HouseVerdict.READ.of(row) == HouseVerdict.HELD ? 1 : 0;
      if (seats.size() < MOST_NAMED) {
        seats.add(new SeatId(schedule, row.getInteger("seat")));
      }
    }
    return new HouseReply.Taken(seats, held, rows.size() - held);
  }

  private static Future<Outcome> ended(
      SqlConnection connection, SeatId seat, RowSet<Row> rows, Actor actor) {
    if (rows.size() == 0) {
      return refused(Refusal.NO_HOLD);
    }
    Row row = rows.iterator().next();
    var holder = new UserId(row.getLong("holder"));
    return AuditTrail.write(
            connection,
            actor,
            "hold.end",
            seat.toString(),
            new JsonObject().put("user", holder.number()))
        .map(
            written ->
                new Outcome(
                    new HouseReply.HoldEnded(holder, false), List.of(SeatClaims.claim(row))));
  }

  /** Never fails. */
  private Future<?> tell(ScheduleId schedule, Outcome outcome) {
    if (outcome.rows().isEmpty()) {
      return Future.succeededFuture();
    }
    var news = new ClaimsChanged(schedule, outcome.rows());
    return bus.request(ReservationMessages.CLAIMS_CHANGED, news)
        .timeout(TELL_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> log.debug("the seat map will find out by itself", failure))
        .otherwiseEmpty();
  }
}
