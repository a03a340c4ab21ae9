package io.concert.http.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers a call with a table of any length, of which no more than a part is in memory at a time:
 * the next is asked for when the client's connection has taken the one before. A failure after the
 * beginning closes the connection, so that nobody takes what came for the whole.
 */
public final class Download implements Outcome {
  static final String MEDIA_TYPE = "text/csv; charset=utf-8; header=present";

  private final String fileName;
  private final Buffer first;
  private final Supplier<Future<Buffer>> more;

  private Download(String fileName, Buffer first, Supplier<Future<Buffer>> more) {
    this.fileName = fileName;
    this.first = first;
    this.more = more;
  }

  /**
   * Whatever is wrong from the start fails before anything is answered.
   *
   * @param fileName of plain letters, digits, dots and dashes
   * @param columns their names
   * @param rows the next ones, none at the end
   * @param cells of a row, one a column
   */
  public static <T> Future<Download> of(
      String fileName,
      List<String> columns,
      Supplier<Future<List<T>>> rows,
      Function<T, List<String>> cells) {
    Supplier<Future<Buffer>> parts = () -> rows.get().map(part -> text(part, cells));
    return parts
        .get()
        .map(
            part -> {
              Buffer beginning = Buffer.buffer(Csv.line(columns)).appendBuffer(part);
              return new Download(fileName, beginning, parts);
            });
  }

  private static <T> Buffer text(List<T> rows, Function<T, List<String>> cells) {
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(Csv.line(cells.apply(row))));
    return Buffer.buffer(text.toString());
  }

  String disposition() {
    return "attachment; filename=\"" + fileName + "\"";
  }

  /** Fails when the client goes, or as the table does. */
  Future<Void> writeTo(HttpServerResponse response) {
    Promise<Void> done = Promise.promise();
    write(response, first, done);
    return done.future();
  }

  /** Not composed: futures of futures would grow with the table. */
  private void write(HttpServerResponse response, Buffer part, Promise<Void> done) {
    response
        .write(part)
        .compose(taken -> more.get())
        .onComplete(
            next -> {
              if (next.length() > 0) {
                write(response, next, done);
              } else {
                response.end().onComplete(done);
              }
            },
            done::fail);
  }
}
