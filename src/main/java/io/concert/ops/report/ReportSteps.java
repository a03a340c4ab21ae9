package io.concert.ops.report;

import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The rows of {@code report_step}. */
public final class ReportSteps {
  static final Duration STEP = Duration.ofSeconds(10);

  private static final int CHUNK = 1_000;

  /** A repetition writes the same once more, whatever became of the first. */
  private static final String WRITE =
      """
      insert into report_step (subject, at, node, counts, levels)
      select r.subject, r.at, r.node, r.counts, r.levels
      from jsonb_to_recordset($1)
        as r (subject text, at timestamptz, node uuid, counts jsonb, levels jsonb)
      on conflict (subject, at, node) do update
      set counts = excluded.counts, levels = excluded.levels
      """;

  private static final String DELETE =
      """
      delete from report_step where (subject, at, node) in (
        select subject, at, node from report_step
        where at < (select clock_timestamp()) - make_interval(days => $1) order by at limit $2)
      """;

  private final Sql sql;

  public ReportSteps(Sql sql) {
    this.sql = sql;
  }

  /**
   * A row to be.
   *
   * @param subject a date or a room, as {@link TallyBoard} names it
   * @param at the step's beginning
   * @param node names what the figures were counted by; no two rows of one step have the same
   */
  record Step(String subject, Instant at, UUID node, Figures figures) {}

  /** Fails with a {@link io.concert.domain.Fault} as the database does; may be repeated then. */
  Future<Void> write(List<Step> steps) {
    JsonArray rows = new JsonArray();
    for (Step step : steps) {
      rows.add(
          new JsonObject()
              .put("subject", step.subject())
              .put("at", step.at().toString())
              .put("node", step.node().toString())
              .put("counts", json(step.figures().counts()))
              .put("levels", json(step.figures().levels())));
    }
    return sql.query(WRITE, Tuple.of(rows)).mapEmpty();
  }

  private static JsonObject json(Map<String, Long> figures) {
    return new JsonObject(new HashMap<>(figures));
  }

  /** Deletes what is older, a thousand rows a transaction. */
  public Future<Void> forget(int days) {
    return sql.query(DELETE, Tuple.of(days, CHUNK))
        .compose(deleted -> deleted.rowCount() < CHUNK ? Future.succeededFuture() : forget(days));
  }
}
