package io.concert.http.access;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the addresses that proxies write down: each appends the one that it was asked by. What
 * isn't an address ({@code unknown}, a made-up name, nonsense) is kept as empty.
 */
final class ForwardedFor {
  /** The node of RFC 7239, 6, and what proxies write in X-Forwarded-For: a port may follow. */
  private static final Pattern NODE =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([0-9.]+))(?::[0-9]{1,5})?");

  /** One pair of RFC 7239, 4, with the mark that ends it. No address needs a backslash. */
  private static final Pattern PAIR =
      Pattern.compile(
          "[ \\t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:\"([^\"\\\\]*+)\"|([^\",;\\s]*))"
              + "[ \\t]*(;|,|$)");

  private ForwardedFor() {}

  /** X-Forwarded-For: addresses with commas between them. */
  static List<Optional<InetAddress>> ofList(List<String> headers) {
    return Arrays.stream(String.join(",", headers).split(",", -1))
        .map(String::strip)
        .map(ForwardedFor::address)
        .toList();
  }

  /**
   * Forwarded (RFC 7239). Something that doesn't follow its grammar anywhere makes all of it
   * worthless: a quote that a client left open would swallow what the proxies have added.
   */
  static List<Optional<InetAddress>> ofStandard(List<String> headers) {
    List<Optional<InetAddress>> hops = new ArrayList<>();
    Optional<InetAddress> hop = Optional.empty();
    String text = String.join(", ", headers);
    Matcher pairs = PAIR.matcher(text).useAnchoringBounds(true);
    int at = 0;
    while (at < text.length() || at == 0) {
      if (!pairs.region(at, text.length()).lookingAt()) {
        return List.of(Optional.empty());
      }
      if (pairs.group(1).equalsIgnoreCase("for")) {
        String value = pairs.group(2) == null ? pairs.group(3) : pairs.group(2);
        hop = address(value);
      }
      if (!";".equals(pairs.group(4))) {
        hops.add(hop);
        hop = Optional.empty();
      }
      at = pairs.end();
    }
    return hops;
  }

  private static Optional<InetAddress> address(String text) {
    Matcher node = NODE.matcher(text);
    if (!node.matches()) {
      return TrustedProxies.address(text);
    }
    return TrustedProxies.address(node.group(1) == null ? node.group(2) : node.group(1));
  }
}
