package io.concert.http.web;

/** Keeps callers out of what isn't for them. */
public interface AccessCheck {
  /** Throws {@link ProblemException} (401 or 403) unless the caller may; remembers who it is. */
  void require(Access access, Call call);
}
