package io.concert.postgres;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.pgclient.PgConnectOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between a pool and its database and cuts a link when told to, at a moment that matters:
 * the client can't tell these moments apart, which is the point.
 */
public final class CuttingProxy implements AutoCloseable {
  /** When the next link to carry something is cut. */
  public enum Cut {
    NEVER,
    /** What the client sends is lost. */
    BEFORE_REQUEST,
    /** The server is at work and doesn't notice that nobody listens any more. */
    AFTER_REQUEST,
    /** The server has answered; what it did is committed. */
    BEFORE_REPLY,
    /** The same, but the link stays and is silent. */
    SILENT_BEFORE_REPLY
  }

  private final PgConnectOptions server;
  private final NetClient client;
  private final NetServer listener;
  private final AtomicReference<Cut> armed = new AtomicReference<>(Cut.NEVER);
  private final AtomicInteger cuts = new AtomicInteger();
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private final Set<NetSocket> silent = ConcurrentHashMap.newKeySet();
  private final Set<NetSocket> mute = ConcurrentHashMap.newKeySet();
  private final AtomicInteger links = new AtomicInteger();
  private volatile boolean isNewMute;

  private CuttingProxy(Vertx vertx, String url) {
    server = PgConnectOptions.fromUri(url);
    client = vertx.createNetClient();
    listener = vertx.createNetServer().connectHandler(this::link);
  }

  /** A proxy that listens before the database of {@code url}. */
  public static CuttingProxy before(Vertx vertx, String url) {
    CuttingProxy proxy = new CuttingProxy(vertx, url);
    var unused = proxy.listener.listen(0, "127.0.0.1").await();
    return proxy;
  }

  /** The same database through this proxy. */
  public String url() {
    return "postgresql://%s:%s@127.0.0.1:%d/%s"
        .formatted(
            server.getUser(), server.getPassword(), listener.actualPort(), server.getDatabase());
  }

  /** Once; the links after that are whole again. */
  public void cutOnce(Cut when) {
    armed.set(when);
  }

  /** How often something that was being carried has been cut. */
  public int cuts() {
    return cuts.get();
  }

  /** Every link that is open now stays open and carries nothing any more, in either direction. */
  public void silenceAll() {
    mute.addAll(open);
  }

  /** Whether links that are made from now on are accepted and carry nothing. */
  public void silenceNew(boolean silent) {
    isNewMute = silent;
  }

  /** How many links clients have made so far. */
  public int links() {
    return links.get();
  }

  /** Cuts every link at once, whatever it carries. */
  public void cutAll() {
    open.forEach(NetSocket::close);
  }

  private void link(NetSocket near) {
    links.incrementAndGet();
    if (isNewMute) {
      open.add(near);
      near.closeHandler(closed -> open.remove(near));
      return;
    }
    near.pause();
    client
        .connect(server.getPort(), server.getHost())
        .onSuccess(far -> join(near, far))
        .onFailure(failure -> near.close());
  }

  private void join(NetSocket near, NetSocket far) {
    open.add(near);
    open.add(far);
    near.closeHandler(
        closed -> {
          open.remove(near);
          // The far side is left alone: a server at work isn't told.
        });
    far.closeHandler(
        closed -> {
          open.remove(far);
          if (!silent.contains(near)) {
            near.close();
          }
        });
    near.handler(request -> request(near, far, request));
    far.handler(reply -> reply(near, far, reply));
    near.resume();
  }

  private void request(NetSocket near, NetSocket far, Buffer request) {
    if (mute.contains(near)) {
      return;
    }
    if (strikes(Cut.BEFORE_REQUEST)) {
      near.close();
      far.close();
    } else if (strikes(Cut.AFTER_REQUEST)) {
      far.write(request).onComplete(sent -> near.close());
    } else {
      far.write(request);
    }
  }

  private void reply(NetSocket near, NetSocket far, Buffer reply) {
    if (mute.contains(near)) {
      return;
    }
    if (strikes(Cut.BEFORE_REPLY)) {
      near.close();
      far.close();
    } else if (strikes(Cut.SILENT_BEFORE_REPLY)) {
      silent.add(near);
      far.close();
    } else if (open.contains(near)) {
      near.write(reply);
    } else {
      far.close();
    }
  }

  private boolean strikes(Cut when) {
    boolean mine = armed.compareAndSet(when, Cut.NEVER);
    if (mine) {
      cuts.incrementAndGet();
    }
    return mine;
  }

  @Override
  public void close() {
    cutAll();
    listener.close().await();
    client.close().await();
  }
}
