package io.concert.events.store;

import io.concert.domain.Actor;
import io.concert.events.api.EventCursor;
import io.concert.events.api.EventKind;
import io.concert.events.api.WebhookChange;
import io.concert.events.api.WebhookId;
import io.concert.events.api.WebhookReply;
import io.concert.events.store.Webhooks.Outcome;
import io.concert.postgres.AuditTrail;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Changes of webhooks within one transaction, each with its audit row. */
final class WebhookWrites {
  /** Each costs every node some looks a second. */
  static final int MOST_WEBHOOKS = 20;

  private static final int SECRET_BYTES = 32;
  private static final SecureRandom random = new SecureRandom();

  private final SqlClient connection;
  private final Actor actor;

  /**
   * @param connection in a transaction
   */
  WebhookWrites(SqlClient connection, Actor actor) {
    this.connection = connection;
    this.actor = actor;
  }

  /** One change at a time, so that whether there is any webhook is written as it is. */
  private static final String LOCK =
      """
      select deleted_to, (select count(*) from webhook) as webhooks
      from event_setting for no key update
      """;

  private static final String NOTE_WHETHER_ANY =
      "update event_setting set by_webhooks = exists (select from webhook)";

  private static final String INSERT =
      """
      insert into webhook (url, kinds, from_cursor)
      values ($1, $2, coalesce($3, greatest(
        (select max(cursor) from event), (select deleted_to from event_setting))))
      returning id, from_cursor
      """;

  private static final String INSERT_KEY =
      """
      insert into webhook_key (webhook_id, number, secret)
      select $1, coalesce(max(number), 0) + 1, $2 from webhook_key where webhook_id = $1
      returning number
      """;

  Future<Outcome> create(String url, List<EventKind> kinds, Optional<EventCursor> after) {
    return run(LOCK, Tuple.tuple())
        .compose(locked -> run(LOCK, Tuple.tuple())) // Counted after the lock was had.
        .compose(
            rows -> {
              Row setting = rows.iterator().next();
              if (setting.getLong("webhooks") >= MOST_WEBHOOKS) {
                return refused(new WebhookReply.TooMany());
              }
              return isTooOld(after, setting)
                  ? refused(new WebhookReply.TooOld())
                  : insert(url, kinds, after);
            });
  }

  private static boolean isTooOld(Optional<EventCursor> after, Row setting) {
    return after.map(EventCursor::number).filter(number -> number > 0).stream()
        .anyMatch(number -> number < setting.getLong("deleted_to"));
  }

  private Future<Outcome> insert(String url, List<EventKind> kinds, Optional<EventCursor> after) {
    Tuple row =
        Tuple.tuple()
            .addString(url)
            .addArrayOfShort(Kinds.codes(kinds))
            .addValue(after.map(EventCursor::number).orElse(null));
    return run(INSERT, row)
        .map(rows -> rows.iterator().next())
        .compose(
            made -> {
              WebhookId id = new WebhookId(made.getLong("id"));
              return run(NOTE_WHETHER_ANY, Tuple.tuple())
                  .compose(noted -> makeKey(id))
                  .compose(
                      number ->
                          audited(
                              "webhook.create",
                              id,
                              new JsonObject()
                                  .put("url", shown(url))
                                  .put("kinds", texts(kinds))
                                  .put(
                                      "after",
                                      new EventCursor(made.getLong("from_cursor")).toString()),
                              new Outcome.Changed(id, number, false)));
            });
  }

  private Future<Integer> makeKey(WebhookId id) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return run(INSERT_KEY, Tuple.of(id.number(), Buffer.buffer(secret)))
        .map(rows -> rows.iterator().next().getInteger("number"));
  }

  private static final String CHANGE =
      """
      update webhook set url = coalesce($2, url),
        kinds = case when $3 then $4 else kinds end, active = coalesce($5, active)
      where id = $1
      """;

  /** What has changed may be why it failed. */
  private static final String TRY_NOW =
      "update webhook_lane set next_at = null where webhook_id = $1";

  private static final String REPLACE_KEYS =
      """
      update webhook_key set replaced_at = clock_timestamp()
      where webhook_id = $1 and replaced_at is null
      """;

  Future<Outcome> change(WebhookId id, WebhookChange change) {
    Tuple row =
        Tuple.tuple()
            .addLong(id.number())
            .addValue(change.url().orElse(null))
            .addBoolean(change.kinds().isPresent())
            .addArrayOfShort(Kinds.codes(change.kinds().orElse(List.of())))
            .addValue(change.active().orElse(null));
    return run(CHANGE, row)
        .compose(
            changed ->
                changed.rowCount() == 0
                    ? refused(new WebhookReply.NoSuchWebhook())
                    : run(TRY_NOW, Tuple.of(id.number()))
                        .compose(done -> rotate(id, change.rotate()))
                        .compose(
                            number ->
                                audited(
                                    "webhook.change",
                                    id,
                                    detail(change),
                                    new Outcome.Changed(id, number, false))));
  }

  private Future<Integer> rotate(WebhookId id, boolean wanted) {
    return wanted
        ? run(REPLACE_KEYS, Tuple.of(id.number())).compose(replaced -> makeKey(id))
        : Future.succeededFuture(0);
  }

  private static JsonObject detail(WebhookChange change) {
    JsonObject detail = new JsonObject().put("newSecret", change.rotate());
    change.url().ifPresent(url -> detail.put("url", shown(url)));
    change.kinds().ifPresent(kinds -> detail.put("kinds", texts(kinds)));
    change.active().ifPresent(active -> detail.put("active", active));
    return detail;
  }

  private static final String DELETE = "delete from webhook where id = $1";

  Future<Outcome> delete(WebhookId id) {
    return run(LOCK, Tuple.tuple())
        .compose(locked -> run(DELETE, Tuple.of(id.number())))
        .compose(
            deleted ->
                deleted.rowCount() == 0
                    ? refused(new WebhookReply.NoSuchWebhook())
                    : run(NOTE_WHETHER_ANY, Tuple.tuple())
                        .compose(
                            noted ->
                                audited(
                                    "webhook.delete",
                                    id,
                                    new JsonObject(),
                                    new Outcome.Counted(0, false))));
  }

  /** What is under way is noted for the fence before, and so for nothing. */
  private static final String SET_BACK =
      """
      update webhook set from_cursor = $2, fence = nextval('webhook_fence') where id = $1
      """;

  private static final String FORGET_LANES = "delete from webhook_lane where webhook_id = $1";

  private static final String FORGET_LETTERS =
      "delete from dead_letter where webhook_id = $1 and cursor > $2";

  private static final String TO_COME = "select count(*) as events from event where cursor > $1";

  Future<Outcome> replay(WebhookId id, EventCursor after) {
    return run(LOCK, Tuple.tuple())
        .compose(
            setting ->
                isTooOld(Optional.of(after), setting.iterator().next())
                    ? refused(new WebhookReply.TooOld())
                    : setBack(id, after));
  }

  private Future<Outcome> setBack(WebhookId id, EventCursor after) {
    return run(SET_BACK, Tuple.of(id.number(), after.number()))
        .compose(
            changed ->
                changed.rowCount() == 0
                    ? refused(new WebhookReply.NoSuchWebhook())
                    : run(FORGET_LANES, Tuple.of(id.number()))
                        .compose(done -> run(FORGET_LETTERS, Tuple.of(id.number(), after.number())))
                        .compose(done -> run(TO_COME, Tuple.of(after.number())))
                        .map(rows -> rows.iterator().next().getLong("events"))
                        .compose(
                            events ->
                                audited(
                                    "webhook.replay",
                                    id,
                                    new JsonObject().put("after", after.toString()),
                                    new Outcome.Counted(events, false))));
  }

  private static final String EXISTS = "select from webhook where id = $1";

  private static final String WANT =
      """
      update dead_letter set wanted = true
      where webhook_id = $1 and ($2::bigint[] is null or cursor = any ($2))
      """;

  Future<Outcome> redeliver(WebhookId id, List<EventCursor> events) {
    Long[] cursors =
        events.isEmpty() ? null : events.stream().map(EventCursor::number).toArray(Long[]::new);
    return run(EXISTS, Tuple.of(id.number()))
        .compose(
            found ->
                found.size() == 0
                    ? refused(new WebhookReply.NoSuchWebhook())
                    : run(WANT, Tuple.tuple().addLong(id.number()).addArrayOfLong(cursors))
                        .compose(
                            wanted ->
                                audited(
                                    "webhook.redeliver",
                                    id,
                                    new JsonObject().put("events", wanted.rowCount()),
                                    new Outcome.Counted(wanted.rowCount(), false))));
  }

  /** Without its query, where others may keep a token. */
  private static String shown(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query) + "?…";
  }

  private static JsonArray texts(List<EventKind> kinds) {
    Stream<EventKind> all = kinds.isEmpty() ? Stream.of(EventKind.values()) : kinds.stream();
    JsonArray texts = new JsonArray();
    all.map(EventKind::text).forEach(texts::add);
    return texts;
  }

  private Future<Outcome> audited(
      String action, WebhookId subject, JsonObject detail, Outcome outcome) {
    return AuditTrail.write(connection, actor, action, subject.toString(), detail).map(outcome);
  }

  private static Future<Outcome> refused(WebhookReply reply) {
    return Future.succeededFuture(new Outcome.Refused(reply));
  }

  private Future<RowSet<Row>> run(String sql, Tuple arguments) {
    return Sql.execute(connection, sql, arguments);
  }
}
