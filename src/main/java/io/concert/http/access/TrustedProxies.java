package io.concert.http.access;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The proxies in front of this node, by their addresses. */
public final class TrustedProxies {
  private static final Pattern RANGE = Pattern.compile("([^/]+)(?:/([0-9]{1,3}))?");

  private final List<IpSubnetFilterRule> ranges;

  /**
   * @param texts addresses and ranges
   */
  public TrustedProxies(List<String> texts) {
    this.ranges = texts.stream().map(text -> range(text).orElseThrow()).toList();
  }

  boolean include(InetAddress address) {
    InetSocketAddress any = new InetSocketAddress(address, 0);
    return ranges.stream().anyMatch(range -> range.matches(any));
  }

  /** Whether it is the address of one of them. */
  public boolean includes(SocketAddress address) {
    return Optional.ofNullable(address.hostAddress())
        .flatMap(TrustedProxies::address)
        .map(this::include)
        .orElse(false);
  }

  /** Empty for what is neither an address nor a range. Names aren't looked up. */
  static Optional<IpSubnetFilterRule> range(String text) {
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      return Optional.empty();
    }
    return address(range.group(1))
        .flatMap(
            address -> {
              int whole = address instanceof Inet4Address ? 32 : 128;
              int prefix = range.group(2) == null ? whole : Integer.parseInt(range.group(2));
              return prefix > whole
                  ? Optional.empty()
                  : Optional.of(new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT));
            });
  }

  /** An address that is written out; an IPv4 address in IPv6's clothes is one of IPv4. */
  static Optional<InetAddress> address(String text) {
    return Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(text));
  }
}
