package io.concert.postgres;

import io.concert.domain.Actor;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;

/** Writes down what operators change, in the transaction that changes it. */
public final class AuditTrail {
  private static final String INSERT =
      """
      insert into audit (operator, role, action, subject, detail, request_id)
      values ($1, $2, $3, $4, $5, $6)
      """;

  private AuditTrail() {}

  /**
   * @param connection in the transaction of the change
   * @param action what was done, {@code concert.create}
   * @param subject to what, {@code c12}
   */
  public static Future<Void> write(
      SqlClient connection, Actor actor, String action, String subject, JsonObject detail) {
    return Sql.execute(
            connection,
            INSERT,
            Tuple.of(actor.operator(), actor.role(), action, subject, detail, actor.requestId()))
        .mapEmpty();
  }
}
