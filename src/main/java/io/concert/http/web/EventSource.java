package io.concert.http.web;

import io.concert.http.web.stream.EventStream;

/** Answers a call with a stream of events: the route has done all its checks before. */
public non-sealed interface EventSource extends Outcome {
  /** Begins to feed a stream that has just been opened; on the request's context. */
  void feed(EventStream stream);
}
