package io.concert.grid;

import io.concert.grid.api.Codec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A running digest over the events of an aggregate: it chains, so that a missed, doubled or swapped
 * event shows at the next one. FNV-1a, 64 bits (Fowler, Noll, Vo): it finds accidents, not attacks.
 * Costs one encoding of the event.
 */
final class Digest {
  static final long START = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Digest() {}

  static <E> long after(long digest, long operation, long nowMillis, Codec<E> codec, E event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(operation);
      out.writeLong(nowMillis);
      codec.write(event, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long hash = digest;
    for (byte b : bytes.toByteArray()) {
      hash = (hash ^ (b & 0xff)) * PRIME;
    }
    return hash;
  }
}
