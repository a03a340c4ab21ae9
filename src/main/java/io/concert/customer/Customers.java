package io.concert.customer;

import io.concert.bus.Bus;
import io.concert.customer.BanReply.Done;
import io.concert.customer.BanReply.UnknownCustomer;
import io.concert.customer.Customer.Ban;
import io.concert.customer.Customer.Session;
import io.concert.domain.Actor;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.postgres.AuditTrail;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.KeyedChange;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks buyers up and bans them. A ban is a row that payments, holds and admissions look at where
 * they are decided; it is the transaction's commit, not {@link Bans}, that ends what a user may.
 */
public final class Customers {
  /** Characters of a reason. */
  public static final int LONGEST_REASON = 500;

  /** Sessions room by room: rooms are few, and a user's sessions have an index by room. */
  private static final String FIND =
      """
      select u.number, u.name, u.email, u.created_at, a.balance, a.banned_at, a.ban_reason,
        (select coalesce(jsonb_agg(jsonb_build_object(
            'room', s.room_id, 'admittedAt', s.admitted_at, 'lastsUntil', s.lasts_until)
            order by s.room_id), '[]')
          from room r join room_session s on s.room_id = r.id and s.user_number = u.number
            and s.ended_at is null) as sessions,
        (select count(*) from seat_claim c
          where c.user_number = u.number and c.state = 1
            and c.deadline > (select clock_timestamp())) as holds,
        (select count(*) from bill b
          where b.user_number = u.number and b.refunded_at is null) as bills,
        (select count(*) from bill b
          where b.user_number = u.number and b.refunded_at is not null) as refunded
      from app_user u join account a on a.user_number = u.number
      where u.number = $1
      """;

  private static final String BAN = "select * from ban_account($1, $2)";
  private static final String UNBAN = "select unban_account($1) as verdict";

  private final Sql sql;
  private final Bus bus;
  private final Bans bans;

  /**
   * @param bans this node's, which then needn't wait to hear of a change
   */
  public Customers(Sql sql, Bus bus, Bans bans) {
    this.sql = sql;
    this.bus = bus;
    this.bans = bans;
  }

  /** Fails with a {@link io.concert.domain.Fault} as the database does. */
  public Future<Optional<Customer>> find(UserId number) {
    return sql.query(FIND, Tuple.of(number.number()))
        .map(rows -> rows.stream().findFirst().map(Customers::customer));
  }

  private static Customer customer(Row row) {
    OffsetDateTime bannedAt = row.getOffsetDateTime("banned_at");
    return new Customer(
        new UserId(row.getLong("number")),
        Optional.ofNullable(row.getString("name")),
        Optional.ofNullable(row.getString("email")),
        row.getOffsetDateTime("created_at").toInstant(),
        new Won(row.getLong("balance")),
        Optional.ofNullable(bannedAt)
            .map(since -> new Ban(since.toInstant(), row.getString("ban_reason"))),
        sessions(row.getJsonArray("sessions")),
        row.getLong("holds"),
        row.getLong("bills"),
        row.getLong("refunded"));
  }

  private static List<Session> sessions(JsonArray found) {
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      JsonObject session = found.getJsonObject(i);
      sessions.add(
          new Session(
              new RoomId(session.getString("room")),
              instant(session.getString("admittedAt")),
              instant(session.getString("lastsUntil"))));
    }
    return sessions;
  }

  private static Instant instant(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  /**
   * Keeps a user out: nothing is held, paid, charged or entered any more, sessions end, unpaid
   * holds go back. What is paid stays paid, and may be given back. A new reason replaces the old.
   *
   * @param reason 1 to {@link #LONGEST_REASON} characters
   * @return fails with a {@link io.concert.domain.Fault} as the database does
   */
  public Future<BanReply> ban(UserId user, String reason, Actor actor) {
    return change(
        actor,
        connection ->
            Sql.execute(connection, BAN, Tuple.of(user.number(), reason))
                .compose(
                    rows -> {
                      BanEffects effects = BanEffects.of(user, rows);
                      Done done =
                          new Done(true, effects.sessions().size(), effects.seatCount(), false);
                      return written(
                          connection,
                          actor,
                          "user.ban",
                          user,
                          new JsonObject()
                              .put("reason", reason)
                              .put("sessionsEnded", done.sessionsEnded())
                              .put("holdsReleased", done.holdsReleased()),
                          BanVerdict.READ.of(rows.iterator().next()),
                          new KeptBan.Outcome(done, effects));
                    }));
  }

  /**
   * Ends a ban. Who waited still has the place; who was let in enters anew. Fails as {@link #ban}.
   */
  public Future<BanReply> unban(UserId user, Actor actor) {
    return change(
        actor,
        connection ->
            Sql.execute(connection, UNBAN, Tuple.of(user.number()))
                .compose(
                    rows ->
                        written(
                            connection,
                            actor,
                            "user.unban",
                            user,
                            new JsonObject(),
                            BanVerdict.READ.of(rows.iterator().next()),
                            KeptBan.Outcome.of(new Done(false, 0, 0, false)))));
  }

  /** What was so already is no change, and isn't written down. */
  private static Future<KeptBan.Outcome> written(
      SqlClient connection,
      Actor actor,
      String action,
      UserId user,
      JsonObject detail,
      BanVerdict verdict,
      KeptBan.Outcome outcome) {
    return switch (verdict) {
      case DONE ->
          AuditTrail.write(connection, actor, action, Long.toString(user.number()), detail)
              .map(outcome);
      case SO_ALREADY -> Future.succeededFuture(outcome);
      case UNKNOWN_ACCOUNT -> Future.succeededFuture(KeptBan.Outcome.of(new UnknownCustomer()));
    };
  }

  private interface Work {
    Future<KeptBan.Outcome> in(SqlClient connection);
  }

  private Future<BanReply> change(Actor actor, Work work) {
    return sql.transaction(
            connection ->
                KeyedChange.once(
                    connection, actor.key(), KeptBan.KEEPING, () -> work.in(connection)))
        .onSuccess(outcome -> outcome.effects().tell(bus))
        .compose(
            outcome -> bans.look().transform(looked -> Future.succeededFuture(outcome.reply())));
  }
}
