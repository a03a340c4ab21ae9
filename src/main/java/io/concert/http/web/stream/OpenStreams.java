package io.concert.http.web.stream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The event streams of a node, which must end before its listeners can. */
public final class OpenStreams {
  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public int count() {
    return open.size();
  }

  /** Counts a stream in; one that comes when all are being closed is closed, too. */
  public void add(EventStream stream) {
    open.add(stream);
    if (closed) {
      stream.close();
    }
  }

  public void remove(EventStream stream) {
    open.remove(stream);
  }

  /** Ends all streams, also those to come: their clients find another node. */
  public void closeAll() {
    closed = true;
    open.forEach(EventStream::close);
  }
}
