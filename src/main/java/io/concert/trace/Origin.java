package io.concert.trace;

/** A place in a trace. */
public interface Origin {
  /** Not in any. */
  Origin NONE = new Origin() {};
}
