package io.concert.http.web.stream;

import io.concert.http.net.Delivery;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Events to one client as it keeps up with them (Server-sent events, WHATWG HTML 9.2). Of a client
 * that doesn't, only the newest offer is kept: it misses what is past, and this node's memory is
 * bounded. To be used on the request's context, but for {@link #close}.
 */
public final class EventStream {
  public static final String MEDIA_TYPE = "text/event-stream";

  /** Often enough for proxies that end silent connections, and for this node's own idle limit. */
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** For so long a client may take nothing of what was written before it counts as away. */
  private static final Duration STUCK = Duration.ofSeconds(5);

  /** After so long of it the connection is closed, which gives back its memory. */
  private static final Duration GIVEN_UP = Duration.ofSeconds(30);

  /** Written to one client and not yet on its way. */
  private static final int BACKLOG_BYTES = 8 * 1024;

  private static final String COMMENT = ":\n\n";
  private static final String RECONNECT =
      "event: reconnect\ndata: {\"reason\":\"NODE_STOPPING\"}\n\n";
  private static final String COME_BACK_MILLIS = "retry: 1000\n\n";

  private final Vertx vertx;
  private final Context context;
  private final HttpConnection connection;
  private final HttpServerResponse response;
  private final Delivery delivery;
  private final Consumer<EventStream> onOver;
  private long heartbeat;
  private int writing;
  private Runnable onClose = () -> {};
  private @Nullable Supplier<Buffer> waiting;
  private volatile boolean over;

  /** Since when nothing was taken of what is being written; meaningless while nothing is. */
  private volatile long stuckSinceNanos;

  private volatile boolean isWriting;

  /**
   * @param name what listeners listen for
   * @param id names the state that the data shows; comes back as {@code Last-Event-ID}
   */
  public record Event(String name, String id, String data) {
    /** As it goes to the client; one that is told to many is made once. */
    public Buffer bytes() {
      StringBuilder text = new StringBuilder(data.length() + 64);
      text.append("event: ").append(name).append('\n');
      text.append("id: ").append(id).append('\n');
      data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
      return Buffer.buffer(text.append('\n').toString());
    }
  }

  /**
   * Opens a stream in answer to a request, whose head isn't written yet.
   *
   * @param onOver called once when the stream has ended, no matter who ended it
   */
  public EventStream(Vertx vertx, HttpServerRequest request, Consumer<EventStream> onOver) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.connection = request.connection();
    this.response = request.response();
    this.delivery = Delivery.on(connection);
    this.onOver = onOver;
    response.setChunked(true);
    response.setWriteQueueMaxSize(BACKLOG_BYTES);
    response.drainHandler(drained -> catchUp());
    response.exceptionHandler(broken -> over());
    response.closeHandler(gone -> over());
    heartbeat = vertx.setPeriodic(HEARTBEAT.toMillis(), tick -> beat());
    write(COME_BACK_MILLIS);
  }

  public Context context() {
    return context;
  }

  /**
   * Writes something at least so often, so that it shows whether it is taken; no less often than
   * {@link #HEARTBEAT}.
   */
  public void beatEvery(Duration interval) {
    if (!over && interval.compareTo(HEARTBEAT) < 0) {
      vertx.cancelTimer(heartbeat);
      heartbeat = vertx.setPeriodic(interval.toMillis(), tick -> beat());
    }
  }

  /** Whether the client takes what is written: anyone who doesn't isn't there. From any thread. */
  public boolean isTaken() {
    return !over && !isStuckFor(STUCK) && delivery.isAcknowledged();
  }

  private boolean isStuckFor(Duration time) {
    return isWriting && System.nanoTime() - stuckSinceNanos > time.toNanos();
  }

  /**
   * Called once when the stream has ended, so that nobody goes on feeding it; at once if it has
   * already.
   */
  public void onClose(Runnable stopFeeding) {
    if (over) {
      stopFeeding.run();
    } else {
      onClose = stopFeeding;
    }
  }

  /**
   * Writes an event as soon as the client has taken what came before. An offer that still waits is
   * replaced by a newer one, so an event must show the newest state, or all since what was last
   * written.
   *
   * @param event asked for when it is about to be written
   */
  public void offer(Supplier<Event> event) {
    offerBytes(() -> event.get().bytes());
  }

  /** The same for an event that is made already. */
  public void offerBytes(Supplier<Buffer> event) {
    if (over) {
      return;
    }
    if (response.writeQueueFull()) {
      waiting = event;
    } else {
      waiting = null;
      write(event.get());
    }
  }

  /** Ends the stream with the event {@code end}: the client has no reason to come back. */
  public void end(String data) {
    if (!over) {
      write("event: end\ndata: " + data + "\n\n");
      finish();
    }
  }

  /**
   * Ends the stream with the event {@code reconnect}: what it showed goes on, at another node. From
   * any thread.
   */
  public void close() {
    context.runOnContext(
        now -> {
          if (!over) {
            write(RECONNECT);
            finish();
          }
        });
  }

  private void finish() {
    if (!over) {
      over();
      var unused = response.end();
    }
  }

  private void over() {
    if (!over) {
      over = true;
      waiting = null;
      vertx.cancelTimer(heartbeat);
      onClose.run();
      onOver.accept(this);
    }
  }

  /** A client that takes nothing gets no heartbeat either. */
  private void beat() {
    if (!over && isStuckFor(GIVEN_UP)) {
      var unused = connection.close();
    } else if (!over && !response.writeQueueFull()) {
      write(COMMENT);
    }
  }

  private void catchUp() {
    Supplier<Buffer> newest = waiting;
    if (newest != null) {
      offerBytes(newest);
    }
  }

  private void write(String text) {
    write(Buffer.buffer(text));
  }

  private void write(Buffer bytes) {
    if (writing++ == 0) {
      stuckSinceNanos = System.nanoTime();
      isWriting = true;
    }
    // Should it fail, the response's handlers hear of it.
    response
        .write(bytes)
        .onSuccess(
            taken -> {
              stuckSinceNanos = System.nanoTime();
              isWriting = --writing > 0;
            });
  }
}
