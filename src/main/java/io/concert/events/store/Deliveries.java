package io.concert.events.store;

import io.concert.events.api.Event;
import io.concert.events.api.EventKind;
import io.concert.events.api.WebhookId;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who delivers which webhook, and how far it is. Every future fails with a {@link
 * io.concert.domain.Fault} as the database does.
 */
public final class Deliveries {
  private final Sql sql;

  public Deliveries(Sql sql) {
    this.sql = sql;
  }

  private static final String LEASE = "select * from lease_webhooks($1, $2)";

  private static final String SECRETS =
      """
      select webhook_id, number, secret from webhook_key
      where webhook_id = any ($1)
        and coalesce(replaced_at > clock_timestamp() - interval '1 day', true)
      order by number desc
      """;

  /** The webhooks that this node delivers from now on, for so long unless it asks again. */
  public Future<List<Leased>> lease(UUID node, Duration time) {
    return sql.query(LEASE, Tuple.of(node, time.toMillis()))
        .compose(
            leased -> {
              Long[] ids = leased.stream().map(row -> row.getLong("id")).toArray(Long[]::new);
              return ids.length == 0
                  ? Future.succeededFuture(List.of())
                  : sql.query(SECRETS, Tuple.tuple().addArrayOfLong(ids))
                      .map(secrets -> leased(leased, secrets));
            });
  }

  private static List<Leased> leased(Iterable<Row> webhooks, Iterable<Row> secrets) {
    Map<Long, List<SigningSecret>> keys = new HashMap<>();
    for (Row row : secrets) {
      keys.computeIfAbsent(row.getLong("webhook_id"), id -> new ArrayList<>())
          .add(new SigningSecret("k" + row.getInteger("number"), row.getBuffer("secret")));
    }
    List<Leased> all = new ArrayList<>();
    for (Row row : webhooks) {
      List<EventKind> kinds = Kinds.named(row.getArrayOfShorts("kinds"));
      all.add(
          new Leased(
              new WebhookId(row.getLong("id")),
              row.getString("url"),
              kinds.isEmpty() ? EnumSet.allOf(EventKind.class) : Set.copyOf(kinds),
              row.getLong("fence"),
              keys.getOrDefault(row.getLong("id"), List.of())));
    }
    return all;
  }

  private static final String RELEASE =
      "update webhook set owner = null, lease_until = null where owner = $1";

  /** Another node may deliver what this one did, at once. */
  public Future<Void> release(UUID node) {
    return sql.query(RELEASE, Tuple.of(node)).mapEmpty();
  }

  private static final String DUE_LANES =
      """
      select l.lane from webhook w cross join event_lane l
      left join webhook_lane d on d.webhook_id = w.id and d.lane = l.lane
      where w.id = $1 and w.fence = $2
        and l.last_cursor > greatest(d.done, w.from_cursor) and l.lane <> all ($3)
        and coalesce(d.next_at <= clock_timestamp(), true)
      order by greatest(d.done, w.from_cursor) limit $4
      """;

  /**
   * Lanes with events that are to be delivered now, the farthest behind first. None, as of all that
   * is asked here, once the turn is over: it doesn't know any more what is to be delivered.
   *
   * @param busy lanes to leave out
   */
  public Future<List<String>> dueLanes(Leased webhook, Set<String> busy, int most) {
    Tuple arguments =
        Tuple.of(webhook.id().number(), webhook.fence())
            .addArrayOfString(busy.toArray(String[]::new))
            .addInteger(most);
    return sql.query(DUE_LANES, arguments)
        .map(rows -> rows.stream().map(row -> row.getString("lane")).toList());
  }

  /**
   * What comes next in a lane.
   *
   * @param attempts how often the first of them has failed
   */
  public record Head(List<Event> events, int attempts) {
    public Head {
      events = List.copyOf(events);
    }
  }

  /** After a failure the next event goes alone, so that others needn't fail with it. */
  private static final String HEAD =
      """
      select coalesce(d.attempts, 0) as attempts, %s
      from webhook w
      left join webhook_lane d on d.webhook_id = w.id and d.lane = $3
      cross join lateral (
        select * from event e
        where e.lane = $3 and e.cursor > greatest(d.done, w.from_cursor)
        order by e.cursor limit case when d.attempts > 0 then 1 else $4 end) e
      where w.id = $1 and w.fence = $2
      order by e.cursor
      """
          .formatted(EventRows.COLUMNS);

  public Future<Head> head(Leased webhook, String lane, int most) {
    return sql.query(HEAD, Tuple.of(webhook.id().number(), webhook.fence(), lane, (long) most))
        .map(
            rows -> {
              List<Event> events = new ArrayList<>();
              int attempts = 0;
              for (Row row : rows) {
                attempts = row.getInteger("attempts");
                events.add(EventRows.event(row));
              }
              return new Head(events, attempts);
            });
  }

  private static final String NOTE_DELIVERED = "select note_delivered($1, $2, $3, $4)";

  /** All of a lane up to that event is done. */
  public Future<Void> noteDelivered(Leased webhook, String lane, Event last) {
    return sql.query(
            NOTE_DELIVERED,
            Tuple.of(webhook.id().number(), webhook.fence(), lane, last.cursor().number()))
        .mapEmpty();
  }

  private static final String NOTE_FAILED =
      "select note_failed($1, $2, $3, $4, $5, $6, $7) as given_up";

  /**
   * @param first the event that failed, alone or with others behind it
   * @param most attempts; with that many it is given up
   * @return whether it was given up
   */
  public Future<Boolean> noteFailed(
      Leased webhook, String lane, Event first, String error, Duration pause, int most) {
    return sql.query(
            NOTE_FAILED,
            Tuple.of(
                webhook.id().number(),
                webhook.fence(),
                lane,
                first.cursor().number(),
                error,
                pause.toMillis(),
                most))
        .map(rows -> rows.iterator().next().getBoolean("given_up"));
  }

  private static final String WANTED =
      """
      select %s from webhook w
      join dead_letter d on d.webhook_id = w.id
      join event e on e.cursor = d.cursor
      where w.id = $1 and w.fence = $2 and d.wanted order by d.cursor limit 1
      """
          .formatted(EventRows.COLUMNS);

  /** The first dead letter that an operator wants tried again. */
  public Future<Optional<Event>> wantedDeadLetter(Leased webhook) {
    return sql.query(WANTED, Tuple.of(webhook.id().number(), webhook.fence()))
        .map(rows -> rows.stream().findFirst().map(EventRows::event));
  }

  private static final String RAISED =
      """
      delete from dead_letter d using webhook w
      where d.webhook_id = $1 and d.cursor = $3 and w.id = $1 and w.fence = $2
      """;

  private static final String STILL_DEAD =
      """
      update dead_letter d set wanted = false, attempts = d.attempts + 1, error = $4,
        at = clock_timestamp()
      from webhook w
      where d.webhook_id = $1 and d.cursor = $3 and w.id = $1 and w.fence = $2
      """;

  /**
   * What came of a dead letter's attempt.
   *
   * @param error empty if it was delivered
   */
  public Future<Void> noteDeadLetter(Leased webhook, Event event, Optional<String> error) {
    Tuple which = Tuple.of(webhook.id().number(), webhook.fence(), event.cursor().number());
    return error
        .map(why -> sql.query(STILL_DEAD, which.addString(why)))
        .orElseGet(() -> sql.query(RAISED, which))
        .mapEmpty();
  }

  /**
   * How a webhook stands.
   *
   * @param oldestSeconds of the oldest event that is to be delivered; 0 without any
   */
  public record Standing(double oldestSeconds, long deadLetters) {}

  private static final String STANDING =
      """
      select coalesce(oldest_undelivered($1), 0) as oldest,
        (select count(*) from dead_letter where webhook_id = $1) as dead
      """;

  public Future<Standing> standing(WebhookId webhook) {
    return sql.query(STANDING, Tuple.of(webhook.number()))
        .map(rows -> rows.iterator().next())
        .map(row -> new Standing(row.getDouble("oldest"), row.getLong("dead")));
  }
}
