package io.concert.http.web.cached;

import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One version of a document that many read: its answers are made once, with head and body, and
 * compressed only if somebody takes them so.
 */
public final class CachedRepresentation {
  private final Form plain;
  private final String tag;
  private final String mediaType;
  private final String vary;
  private final String cacheControl;
  private @Nullable CompletableFuture<Form> gzipped;

  /** A whole answer, and the one for who has it already. */
  private record Form(String tag, Answer whole, Answer known) {
    Answer answer(Call call) {
      return Encodings.names(call.listed("If-None-Match"), tag) ? known : whole;
    }
  }

  /**
   * @param tag names the bytes; without quotes
   */
  public CachedRepresentation(
      String tag, String mediaType, byte[] bytes, String vary, String cacheControl) {
    this.tag = tag;
    this.mediaType = mediaType;
    this.vary = vary;
    this.cacheControl = cacheControl;
    this.plain = form(tag, Buffer.buffer(bytes), false);
  }

  /** For a caller who is let in: to be kept, but asked for again each time. */
  public static CachedRepresentation ofTheMoment(
      String tag, String mediaType, byte[] bytes, String vary) {
    return new CachedRepresentation(tag, mediaType, bytes, vary, "private, no-cache");
  }

  private Form form(String name, Buffer body, boolean compressed) {
    String quoted = '"' + name + '"';
    Map<String, String> head = new LinkedHashMap<>();
    head.put("ETag", quoted);
    head.put("Vary", vary);
    head.put("Cache-Control", cacheControl);
    Answer known = new Answer(304, head, mediaType, Buffer.buffer());
    if (compressed) {
      head.put("Content-Encoding", "gzip");
    }
    return new Form(quoted, new Answer(200, head, mediaType, body), known);
  }

  /** Nearly all readers take this form; from the heap it would be copied out for each of them. */
  private static Buffer outsideTheHeap(byte[] bytes) {
    ByteBuffer outside = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    return BufferInternal.buffer(Unpooled.wrappedBuffer(outside));
  }

  /** In the form that the client wants, or that it has it already. */
  public Future<Answer> answer(Vertx vertx, Call call) {
    if (!Encodings.takesGzip(call)) {
      return Future.succeededFuture(plain.answer(call));
    }
    return SharedFuture.onCallers(gzipped(vertx), vertx).map(form -> form.answer(call));
  }

  /** When it is there in all forms that another one was asked for. */
  public Future<CachedRepresentation> inFormsOf(CachedRepresentation other, Vertx vertx) {
    return other.isGzipped()
        ? SharedFuture.onCallers(gzipped(vertx), vertx).map(this)
        : Future.succeededFuture(this);
  }

  private synchronized boolean isGzipped() {
    return gzipped != null;
  }

  private synchronized CompletableFuture<Form> gzipped(Vertx vertx) {
    CompletableFuture<Form> known = gzipped;
    if (known == null) {
      CompletableFuture<Form> mine = new CompletableFuture<>();
      known = mine;
      gzipped = mine;
      // A strong tag names bytes, and the compressed ones are others (RFC 9110, 8.8.3.3).
      vertx
          .executeBlocking(
              () ->
                  form(
                      tag + "-gz",
                      outsideTheHeap(Encodings.gzip(plain.whole.body().getBytes())),
                      true),
              false)
          .onComplete(mine::complete, mine::completeExceptionally);
    }
    return known;
  }
}
