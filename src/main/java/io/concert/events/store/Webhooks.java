package io.concert.events.store;

import io.concert.domain.Actor;
import io.concert.domain.KeyRefusal;
import io.concert.events.api.DeadLetter;
import io.concert.events.api.EventCursor;
import io.concert.events.api.EventKind;
import io.concert.events.api.Webhook;
import io.concert.events.api.WebhookChange;
import io.concert.events.api.WebhookId;
import io.concert.events.api.WebhookReply;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.KeyedChange;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The webhooks that operators have set up. Every change and its audit row are one transaction, and
 * an actor's key makes it once. Every future fails with a {@link io.concert.domain.Fault} as the
 * database does.
 */
public final class Webhooks {
  private final Sql sql;

  public Webhooks(Sql sql) {
    this.sql = sql;
  }

  private static final String READ =
      """
      select w.id, w.url, w.kinds, w.active, w.created_at,
        (select max(k.number) from webhook_key k where k.webhook_id = w.id) as key,
        (select count(*) from dead_letter l where l.webhook_id = w.id) as dead,
        oldest_undelivered(w.id) as oldest,
        (select d.error from webhook_lane d where d.webhook_id = w.id and d.attempts > 0
          order by d.next_at desc limit 1) as error
      from webhook w
      """;
  private static final String ALL = READ + "where w.id > $1 order by w.id limit $2";
  private static final String FIND = READ + "where w.id = $1";

  /** By id. */
  public Future<List<Webhook>> list(Optional<WebhookId> after, int limit) {
    return sql.query(ALL, Tuple.of(after.map(WebhookId::number).orElse(0L), limit))
        .map(
            rows -> {
              List<Webhook> all = new ArrayList<>();
              rows.forEach(row -> all.add(webhook(row)));
              return all;
            });
  }

  /** Empty if there is no such webhook. */
  public Future<Optional<Webhook>> find(WebhookId id) {
    return sql.query(FIND, Tuple.of(id.number()))
        .map(rows -> rows.stream().findFirst().map(Webhooks::webhook));
  }

  private static Webhook webhook(Row row) {
    return new Webhook(
        new WebhookId(row.getLong("id")),
        row.getString("url"),
        Kinds.named(row.getArrayOfShorts("kinds")),
        row.getBoolean("active"),
        row.getOffsetDateTime("created_at").toInstant(),
        "k" + row.getInteger("key"),
        row.getLong("dead"),
        Optional.ofNullable(row.getDouble("oldest")).map(Double::longValue),
        Optional.ofNullable(row.getString("error")));
  }

  /**
   * @param after events after this one are delivered; empty: those that are published from now on
   */
  public Future<WebhookReply> create(
      String url, List<EventKind> kinds, Optional<EventCursor> after, Actor actor) {
    return change(actor, writes -> writes.create(url, kinds, after));
  }

  public Future<WebhookReply> change(WebhookId id, WebhookChange change, Actor actor) {
    return change(actor, writes -> writes.change(id, change));
  }

  /** With its dead letters and secrets. */
  public Future<WebhookReply> delete(WebhookId id, Actor actor) {
    return change(actor, writes -> writes.delete(id));
  }

  /** All events after that one are delivered, whether they were before or not. */
  public Future<WebhookReply> replay(WebhookId id, EventCursor after, Actor actor) {
    return change(actor, writes -> writes.replay(id, after));
  }

  /**
   * Tries dead letters once more.
   *
   * @param events which; empty: all
   */
  public Future<WebhookReply> redeliver(WebhookId id, List<EventCursor> events, Actor actor) {
    return change(actor, writes -> writes.redeliver(id, events));
  }

  /** What was done, as it is kept with a key; the webhook itself is read afterwards. */
  sealed interface Outcome {
    /**
     * @param number of the secret that was made; 0: none was
     */
    record Changed(WebhookId id, int number, boolean replayed) implements Outcome {}

    record Counted(long events, boolean replayed) implements Outcome {}

    record Refused(WebhookReply reply) implements Outcome {}
  }

  private record Kept() implements KeyedChange.Keeping<Outcome> {
    @Override
    public Optional<JsonObject> keep(Outcome outcome) {
      if (outcome instanceof Outcome.Changed changed) {
        return Optional.of(
            new JsonObject().put("webhook", changed.id().number()).put("key", changed.number()));
      }
      return outcome instanceof Outcome.Counted counted
          ? Optional.of(new JsonObject().put("events", counted.events()))
          : Optional.empty();
    }

    @Override
    public Outcome again(JsonObject kept) {
      return kept.containsKey("webhook")
          ? new Outcome.Changed(
              new WebhookId(kept.getLong("webhook")), kept.getInteger("key"), true)
          : new Outcome.Counted(kept.getLong("events"), true);
    }

    @Override
    public Outcome refused(KeyRefusal reason) {
      return new Outcome.Refused(new WebhookReply.KeyRefused(reason));
    }
  }

  private Future<WebhookReply> change(Actor actor, Function<WebhookWrites, Future<Outcome>> work) {
    return sql.transaction(
        connection ->
            KeyedChange.once(
                    connection,
                    actor.key(),
                    new Kept(),
                    () -> work.apply(new WebhookWrites(connection, actor)))
                .compose(outcome -> reply(connection, outcome)));
  }

  private static final String SECRET =
      "select secret from webhook_key where webhook_id = $1 and number = $2";

  private static Future<WebhookReply> reply(SqlConnection connection, Outcome outcome) {
    if (outcome instanceof Outcome.Refused refused) {
      return Future.succeededFuture(refused.reply());
    }
    if (outcome instanceof Outcome.Counted counted) {
      return Future.succeededFuture(new WebhookReply.Counted(counted.events(), counted.replayed()));
    }
    Outcome.Changed changed = (Outcome.Changed) outcome;
    Long id = changed.id().number();
    return Sql.execute(connection, SECRET, Tuple.of(id, changed.number()))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(
                        row ->
                            Base64.getEncoder().encodeToString(row.getBuffer("secret").getBytes())))
        .compose(
            secret ->
                Sql.execute(connection, FIND, Tuple.of(id))
                    .map(
                        rows ->
                            rows.stream()
                                .findFirst()
                                .map(Webhooks::webhook)
                                .<WebhookReply>map(
                                    found ->
                                        new WebhookReply.Done(found, secret, changed.replayed()))
                                .orElseGet(WebhookReply.NoSuchWebhook::new)));
  }

  private static final String DEAD_LETTERS =
      """
      select d.at as dead_at, d.attempts, d.error, d.wanted, %s
      from webhook w
      left join lateral (
        select * from dead_letter
        where webhook_id = w.id and cursor > $2 order by cursor limit $3) d on true
      left join event e on e.cursor = d.cursor
      where w.id = $1
      order by d.cursor
      """
          .formatted(EventRows.COLUMNS);

  /**
   * A webhook's dead letters after an event, oldest event first.
   *
   * @return empty if there is no such webhook
   */
  public Future<Optional<List<DeadLetter>>> deadLetters(
      WebhookId id, EventCursor after, int limit) {
    return sql.query(DEAD_LETTERS, Tuple.of(id.number(), after.number(), limit))
        .map(
            rows -> {
              List<DeadLetter> letters = new ArrayList<>();
              for (Row row : rows) {
                if (row.getLong("cursor") != null) {
                  letters.add(
                      new DeadLetter(
                          EventRows.event(row),
                          row.getOffsetDateTime("dead_at").toInstant(),
                          row.getInteger("attempts"),
                          row.getString("error"),
                          row.getBoolean("wanted")));
                }
              }
              return rows.size() == 0 ? Optional.empty() : Optional.of(List.copyOf(letters));
            });
  }
}
