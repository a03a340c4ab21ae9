package io.concert.http;

import io.concert.catalog.ImportResult;
import io.concert.catalog.ImportResult.ImportError;
import io.concert.catalog.ImportResult.Imported;
import io.concert.catalog.ImportResult.Rejected;
import io.concert.catalog.LayoutCsv;
import io.concert.catalog.LayoutDraft;
import io.concert.catalog.LayoutJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.util.Optional;

/** Reads the seat plan of a body, CSV or JSON, off the event loop: it may be a stadium. */
final class LayoutImport {
  private static final String CSV = "text/csv";

  private final Vertx vertx;

  LayoutImport(Vertx vertx) {
    this.vertx = vertx;
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
