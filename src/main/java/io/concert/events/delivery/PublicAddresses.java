package io.concert.events.delivery;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses are anybody's on the internet, and which lead to this machine, its network or
 * nowhere (IANA's special-purpose registries, RFC 6890).
 */
final class PublicAddresses {
  private static final class Range {
    private final byte[] from;
    private final int bits;

    Range(byte[] from, int bits) {
      this.from = from;
      this.bits = bits;
    }

    boolean has(byte[] address) {
      if (address.length != from.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (from[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Range> SPECIAL =
      ranges(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/3");

  /** All others than global unicast are special, and some of it. */
  private static final Range GLOBAL = range("2000::/3");

  private static final List<Range> SPECIAL_SIX = ranges("2001::/23", "2001:db8::/32", "3fff::/20");

  /** They hold an address of the other kind: at the given byte. */
  private static final Range SIX_TO_FOUR = range("2002::/16");

  private static final Range NAT64 = range("64:ff9b::/96");

  private PublicAddresses() {}

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return SPECIAL.stream().noneMatch(range -> range.has(bytes));
    }
    if (SIX_TO_FOUR.has(bytes)) {
      return isPublicFour(bytes, 2);
    }
    if (NAT64.has(bytes)) {
      return isPublicFour(bytes, 12);
    }
    return GLOBAL.has(bytes) && SPECIAL_SIX.stream().noneMatch(range -> range.has(bytes));
  }

  private static boolean isPublicFour(byte[] bytes, int at) {
    byte[] four = Arrays.copyOfRange(bytes, at, at + 4);
    return SPECIAL.stream().noneMatch(range -> range.has(four));
  }

  private static List<Range> ranges(String... texts) {
    return Arrays.stream(texts).map(PublicAddresses::range).toList();
  }

  private static Range range(String text) {
    int slash = text.indexOf('/');
    try {
      byte[] from = InetAddress.getByName(text.substring(0, slash)).getAddress();
      return new Range(from, Integer.parseInt(text.substring(slash + 1)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(text + " is no address", e);
    }
  }
}
