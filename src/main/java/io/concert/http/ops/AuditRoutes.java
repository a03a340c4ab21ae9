package io.concert.http.ops;

import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.PageRequest;
import io.concert.http.web.Times;
import io.concert.ops.AuditLog;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;

/** What operators have done, newest first. */
public final class AuditRoutes {
  private static final Pattern CURSOR = Pattern.compile("[1-9][0-9]{0,17}");

  private final AuditLog audit;

  public AuditRoutes(AuditLog audit) {
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/admin/audit", Access.VIEWER, this::list));
  }

  private Future<Answer> list(Call call) {
    PageRequest page = PageRequest.of(call);
    long before = page.numberedCursor(CURSOR).orElse(Long.MAX_VALUE);
    return audit
        .read(before, page.limit() + 1)
        .map(
            entries ->
                Answer.ok(page.answer(entries, AuditRoutes::body, e -> Long.toString(e.id()))));
  }

  private static JsonObject body(AuditLog.Entry entry) {
    return new JsonObject()
        .put("id", Long.toString(entry.id()))
        .put("at", Times.text(entry.at()))
        .put("operator", entry.operator())
        .put("role", entry.role())
        .put("action", entry.action())
        .put("subject", entry.subject())
        .put("detail", entry.detail())
        .put("requestId", entry.requestId());
  }
}
