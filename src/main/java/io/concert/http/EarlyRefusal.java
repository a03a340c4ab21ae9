package io.concert.http;

import io.concert.http.web.Problems;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Refuses most of what an event loop comes to too late before it is even taken apart: the cheaper a
 * refusal, the more is left to serve with. What {@link OverloadGuard} does for any request this
 * does for those that came whole, in one piece, on a connection where nothing else is under way.
 *
 * <p>The price is a look at the lines of each request's head. A connection on which anything else
 * has come is left to the guard from then on: what the decoder holds back isn't known here.
 */
final class EarlyRefusal extends ChannelInboundHandlerAdapter {
  private static final String DECODER = "httpDecoder";

  private final Overload overload;
  private boolean isPlain = true;

  /** Requests without a whole answer. */
  private int open;

  private EarlyRefusal(Overload overload) {
    this.overload = overload;
  }

  /** Before a connection's first request. */
  static void install(HttpConnection connection, Overload overload) {
    if (connection instanceof HttpServerConnection known) {
      ChannelHandlerContext last = known.channelHandlerContext();
      ChannelPipeline pipeline = last.pipeline();
      if (pipeline.get(DECODER) != null) {
        EarlyRefusal early = new EarlyRefusal(overload);
        pipeline.addBefore(DECODER, "earlyRefusal", early);
        pipeline.addBefore(last.name(), "answers", early.new Answers());
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isPlain && message instanceof ByteBuf bytes) {
      isPlain = WholeRequest.isOne(bytes);
      if (isPlain && open == 0 && overload.isLate() && WholeRequest.mayRefuse(bytes)) {
        refuse(context, bytes);
        return;
      }
      open++;
    }
    context.fireChannelRead(message);
  }

  private void refuse(ChannelHandlerContext context, ByteBuf bytes) {
    overload.refused();
    byte[] answer = Problems.overloaded(WholeRequest.id(bytes), Overload.RETRY_AFTER);
    bytes.release();
    var unused = context.writeAndFlush(Unpooled.wrappedBuffer(answer));
  }

  /** Sees answers before they become bytes. */
  private final class Answers extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      boolean isInterim =
          message instanceof HttpResponse response && response.status().code() < 200;
      if (message instanceof LastHttpContent && !isInterim) {
        open--;
      }
      var unused = context.write(message, promise);
    }
  }
}
