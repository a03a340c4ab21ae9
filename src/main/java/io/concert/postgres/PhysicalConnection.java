package io.concert.postgres;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.Connection;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import java.util.Map;
import java.util.Optional;

/**
 * The socket under a pooled connection. The client's own {@code close} gives a connection back to
 * the pool, or waits in line behind the statement that gets no answer; a silent link has to be cut.
 *
 * <p>All that is used of the SQL client's insides is here.
 */
final class PhysicalConnection {
  private static final AttributeKey<Long> MADE_NANOS = AttributeKey.valueOf("concert.madeNanos");

  /** The native transport's options, by name: without it there are none of them. */
  private static final Map<ChannelOption<Integer>, Integer> KEEPALIVE =
      Map.of(
          epoll("TCP_KEEPIDLE"), 10,
          epoll("TCP_KEEPINTVL"), 3,
          epoll("TCP_KEEPCNT"), 3);

  /** What Vert.x calls the handler that enforces {@code readIdleTimeout}. */
  private static final String IDLE_HANDLER = "idle";

  private PhysicalConnection() {}

  /** Call once when the session is set up: from now on it may be idle for as long as it likes. */
  static void established(SqlConnection connection) {
    channel(connection)
        .ifPresent(
            channel -> {
              channel.attr(MADE_NANOS).set(System.nanoTime());
              // The system's own first question comes after two hours.
              KEEPALIVE.forEach(channel.config()::setOption);
              if (channel.pipeline().get(IDLE_HANDLER) != null) {
                channel.pipeline().remove(IDLE_HANDLER);
              }
            });
  }

  /** The pool hears of a lost connection a moment after its user. */
  static boolean isOpen(SqlConnection connection) {
    return channel(connection).map(Channel::isOpen).orElse(true);
  }

  /**
   * @param nanos a reading of {@link System#nanoTime}
   */
  static boolean madeBefore(SqlConnection connection, long nanos) {
    return channel(connection)
        .map(channel -> channel.attr(MADE_NANOS).get())
        .map(made -> made - nanos < 0)
        .orElse(false);
  }

  /** Without a word to the server and without waiting; what is under way on it fails. */
  static void cut(SqlConnection connection) {
    context(connection)
        .ifPresent(
            context -> {
              var unused = context.close();
            });
  }

  /**
   * Cuts it and waits until the pool knows.
   *
   * @return never fails; on the caller's context
   */
  static Future<Void> drop(Vertx vertx, SqlConnection connection) {
    Context context = vertx.getOrCreateContext();
    Promise<Void> known = Promise.promise();
    channel(connection)
        .ifPresentOrElse(
            channel -> {
              EventLoop loop = channel.eventLoop();
              // Netty tells of a closed channel in a task of its own, which is queued after this
              // listener has run: two steps on, the pool has been told.
              cut(connection);
              channel
                  .closeFuture()
                  .addListener(
                      closed ->
                          loop.execute(
                              () ->
                                  loop.execute(
                                      () -> context.runOnContext(on -> known.complete()))));
            },
            () -> context.runOnContext(on -> known.complete()));
    return known.future();
  }

  private static ChannelOption<Integer> epoll(String name) {
    return ChannelOption.valueOf("io.netty.channel.epoll.EpollChannelOption#" + name);
  }

  private static Optional<Channel> channel(SqlConnection connection) {
    return context(connection).map(ChannelHandlerContext::channel);
  }

  /**
   * Closing by this, and not by the channel, passes Vert.x by, which would first wait until all
   * that was written is sent: on a dead link that is never.
   */
  private static Optional<ChannelHandlerContext> context(SqlConnection connection) {
    Connection inner = ((SqlConnectionInternal) connection).unwrap();
    // The pool's view of it first, then the connection itself; each is its own after that.
    for (Connection next = inner.unwrap(); next != inner; next = inner.unwrap()) {
      inner = next;
    }
    return inner instanceof SocketConnectionBase socket
        ? Optional.of(socket.socket().channelHandlerContext())
        : Optional.empty();
  }
}
