package io.concert.queue;

/** Numbers the changes of a room, from 1. */
final class Changes {
  private long now = 1;

  long now() {
    return now;
  }

  void next() {
    now++;
  }

  /** Goes on counting where another copy of the room is. */
  void resume(long at) {
    now = at;
  }
}
