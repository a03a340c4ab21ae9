package io.concert.postgres.batch;

import io.concert.domain.IdempotencyKey;
import io.concert.domain.KeyRefusal;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A change that a key makes once. Its answer is committed with it and given again to anyone who
 * sends the key again. The same keys and answers as those of batches, for changes too rare for a
 * batch.
 */
public final class KeyedChange {
  /** How the outcome of a change is kept, and what a key's state means to its sender. */
  public interface Keeping<T> {
    /** Empty for a refusal: it may come out differently next time. */
    Optional<JsonObject> keep(T outcome);

    /**
     * @param kept what {@link #keep} gave, perhaps by an earlier version of this program
     */
    T again(JsonObject kept);

    T refused(KeyRefusal reason);
  }

  /** Waits for nobody: a key in flight is answered at once. */
  private static final String RECALL =
      """
      select states[1] as state, answers[1] as answer
      from recall_keys(array[$1::uuid], array[$2::uuid])
      """;

  private static final String KEEP =
      """
      insert into idempotency_key (id, body, answer) values ($1, $2, $3)
      """;

  private KeyedChange() {}

  /**
   * @param connection in the transaction of the change
   * @param change is asked for unless the key has been answered before or can't be used
   */
  public static <T> Future<T> once(
      SqlClient connection,
      Optional<IdempotencyKey> key,
      Keeping<T> keeping,
      Supplier<Future<T>> change) {
    return key.map(sent -> once(connection, sent, keeping, change)).orElseGet(change);
  }

  private static <T> Future<T> once(
      SqlClient connection, IdempotencyKey key, Keeping<T> keeping, Supplier<Future<T>> change) {
    return Sql.execute(connection, RECALL, Tuple.of(key.id(), key.body()))
        .compose(
            rows -> {
              Row known = rows.iterator().next();
              return switch (KeyState.READ.of(known.getInteger("state"))) {
                case NEW ->
                    change.get().compose(outcome -> keep(connection, key, keeping, outcome));
                case ANSWERED ->
                    Future.succeededFuture(keeping.again(known.getJsonObject("answer")));
                case IN_FLIGHT -> Future.succeededFuture(keeping.refused(KeyRefusal.IN_FLIGHT));
                case REUSED -> Future.succeededFuture(keeping.refused(KeyRefusal.REUSED));
              };
            });
  }

  private static <T> Future<T> keep(
      SqlClient connection, IdempotencyKey key, Keeping<T> keeping, T outcome) {
    return keeping
        .keep(outcome)
        .map(answer -> Sql.execute(connection, KEEP, Tuple.of(key.id(), key.body(), answer)))
        .map(kept -> kept.map(outcome))
        .orElseGet(() -> Future.succeededFuture(outcome));
  }
}
