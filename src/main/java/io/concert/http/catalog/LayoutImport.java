package io.concert.http.catalog;

import io.concert.catalog.LayoutPreview;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.reader.ImportResult;
import io.concert.catalog.reader.ImportResult.ImportError;
import io.concert.catalog.reader.ImportResult.Imported;
import io.concert.catalog.reader.ImportResult.Rejected;
import io.concert.catalog.reader.LayoutCsv;
import io.concert.catalog.reader.LayoutJson;
import io.concert.domain.ScheduleId;
import io.concert.http.seats.LayoutBody;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.MediaTypes;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.concert.http.web.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Reads the seat plan of a body, CSV or JSON, off the event loop: it may be a stadium. */
public final class LayoutImport {
  private static final String CSV = "text/csv";

  /** Ids of seats are made of their date's, and a plan that is only looked at has none. */
  private static final ScheduleId NONE_YET = new ScheduleId(0);

  private final Vertx vertx;

  public LayoutImport(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * The plan as buyers would see it, and its errors as an import would say them; stores nothing.
   */
  Future<Answer> preview(Call call) {
    return read(call)
        .compose(
            draft ->
                vertx.executeBlocking(
                    () -> LayoutBody.json(NONE_YET, LayoutPreview.of(draft)), false))
        .map(json -> new Answer(200, Map.of(), Answer.JSON, Buffer.buffer(json)));
  }

  /** Fails with {@link ProblemException}: 415, or 400 with the lines that are wrong. */
  Future<LayoutDraft> read(Call call) {
    String type = MediaTypes.of(call).orElse("");
    if (!type.equals(CSV) && !type.equals(Answer.JSON)) {
      throw MediaTypes.unsupported(CSV + " or " + Answer.JSON);
    }
    byte[] body = call.body().getBytes();
    return vertx
        .executeBlocking(
            () ->
                type.equals(CSV)
                    ? LayoutCsv.read(body, Optional.empty(), Optional.empty())
                    : LayoutJson.read(body),
            false)
        .map(LayoutImport::imported);
  }

  /** Other work whose time grows with the plan. */
  <T> Future<T> offLoop(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  private static LayoutDraft imported(ImportResult result) {
    if (result instanceof Imported imported) {
      return imported.layout();
    }
    Rejected rejected = (Rejected) result;
    JsonArray errors = new JsonArray();
    rejected.errors().stream().map(ImportError::toString).forEach(errors::add);
    throw Problem.of(ProblemCode.MALFORMED, "The seat plan has mistakes; nothing was imported.")
        .with("errors", errors)
        .with("omitted", rejected.omitted())
        .exception();
  }
}
