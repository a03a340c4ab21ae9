package io.concert.load;

import org.jspecify.annotations.Nullable;

/** A whole answer; the body lies behind the head. */
final class Answer {
  private final Head head;
  private final byte[] bytes;

  private Answer(Head head, byte[] bytes) {
    this.head = head;
    this.bytes = bytes;
  }

  Head head() {
    return head;
  }

  /** Of head and body. */
  byte[] bytes() {
    return bytes;
  }

  int bodyEnd() {
    return head.end() + head.bodyLength();
  }

  /** What has come of one. */
  static final class Pieces {
    private byte[] begun = new byte[0];

    /**
     * @return null if it isn't all there yet
     */
    @Nullable Answer add(byte[] bytes) {
      byte[] all = begun.length == 0 ? bytes : Head.joined(begun, bytes);
      Head head = Head.of(all);
      if (head == null || head.end() + head.bodyLength() > all.length) {
        begun = all;
        return null;
      }
      begun = new byte[0];
      return new Answer(head, all);
    }
  }
}
