package io.concert.http.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether what was sent on a connection arrives. A peer that loses its network says nothing, and to
 * write to it succeeds for minutes: the bytes only pile up in the system's buffer. Linux knows what
 * was acknowledged; elsewhere a connection counts as taking everything until its buffers are full.
 */
public final class Delivery {
  /**
   * A round trip and a retransmission or two over a bad mobile network; longer than that nothing
   * may be under way without an acknowledgement of anything.
   */
  private static final Duration UNACKNOWLEDGED = Duration.ofSeconds(3);

  /**
   * Bytes that the system takes for a connection before it could send them. Without this limit (of
   * megabytes) a client that reads nothing fills memory, and nobody notices for as long.
   */
  private static final long UNSENT_BYTES = 64 * 1024;

  private final Optional<EpollSocketChannel> channel;

  private Delivery(Optional<EpollSocketChannel> channel) {
    this.channel = channel;
  }

  public static Delivery on(HttpConnection connection) {
    return new Delivery(
        connection instanceof HttpServerConnection known
            ? epoll(known.channelHandlerContext().channel())
            : Optional.empty());
  }

  private static Optional<EpollSocketChannel> epoll(Channel channel) {
    return channel instanceof EpollSocketChannel linux ? Optional.of(linux) : Optional.empty();
  }

  /** Limits what the system keeps for a client that doesn't take it. */
  public static void limitBuffer(HttpConnection connection) {
    on(connection)
        .channel
        .ifPresent(
            linux -> linux.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES));
  }

  /** False if something that was sent should have been acknowledged by now. From any thread. */
  public boolean isAcknowledged() {
    return channel.map(Delivery::isAcknowledged).orElse(true);
  }

  private static boolean isAcknowledged(EpollSocketChannel linux) {
    try {
      EpollTcpInfo info = linux.tcpInfo();
      return info.unacked() == 0 || info.lastAckRecv() < UNACKNOWLEDGED.toMillis();
    } catch (ChannelException closed) {
      return false;
    }
  }
}
