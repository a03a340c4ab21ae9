package io.concert.domain;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Where somebody calls from, as far as it counts for limits and turns. An IPv6 address counts by
 * its first 64 bits, as a household or a rented server has all of the others to itself.
 */
public record ClientNetwork(int family, long bits) {
  /** This machine itself. */
  public static final ClientNetwork HERE = of(InetAddress.getLoopbackAddress());

  public static ClientNetwork of(InetAddress address) {
    byte[] bytes = address.getAddress();
    ByteBuffer bits = ByteBuffer.wrap(bytes);
    return new ClientNetwork(bytes.length, bytes.length == 4 ? bits.getInt() : bits.getLong());
  }
}
