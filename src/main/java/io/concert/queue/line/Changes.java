package io.concert.queue.line;

/** Numbers the changes of a room, from 1. */
public final class Changes {
  private long now = 1;

  public long now() {
    return now;
  }

  public void next() {
    now++;
  }

  /** Goes on counting where another copy of the room is. */
  public void resume(long at) {
    now = at;
  }
}
