package io.concert.http.access;

import io.concert.domain.ClientNetwork;
import io.concert.http.web.Call;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where a request comes from. The connection's other end is that, unless it is a trusted proxy:
 * then the last address in its forwarding header that isn't a trusted proxy's own. What stands
 * further to the left the client may have made up.
 */
public final class ClientAddresses {
  private final TrustedProxies proxies;

  public ClientAddresses(TrustedProxies proxies) {
    this.proxies = proxies;
  }

  /** Where a connection comes from; empty for that of a trusted proxy, which many share. */
  public Optional<ClientNetwork> network(HttpConnection connection) {
    InetAddress peer = peer(connection.remoteAddress());
    return proxies.include(peer) ? Optional.empty() : Optional.of(ClientNetwork.of(peer));
  }

  private static InetAddress peer(SocketAddress address) {
    return Optional.ofNullable(address.hostAddress())
        .flatMap(TrustedProxies::address)
        .orElseGet(InetAddress::getLoopbackAddress);
  }

  InetAddress of(Call call) {
    InetAddress peer = peer(call.request().remoteAddress());
    return proxies.include(peer)
        ? behind(peer, call.headers("X-Forwarded-For"), call.headers("Forwarded"))
        : peer;
  }

  /**
   * A proxy that writes one of the two headers may pass the other on as the client sent it. So when
   * they name different addresses neither is believed, and the request counts as the proxy's own.
   */
  InetAddress behind(InetAddress peer, List<String> xForwardedFor, List<String> forwarded) {
    if (forwarded.isEmpty()) {
      return nearest(peer, ForwardedFor.ofList(xForwardedFor));
    }
    InetAddress standard = nearest(peer, ForwardedFor.ofStandard(forwarded));
    return xForwardedFor.isEmpty()
            || standard.equals(nearest(peer, ForwardedFor.ofList(xForwardedFor)))
        ? standard
        : peer;
  }

  /**
   * @param hops from the client to the last proxy; empty where it can't be understood
   */
  private InetAddress nearest(InetAddress peer, List<Optional<InetAddress>> hops) {
    InetAddress known = peer;
    for (int i = hops.size() - 1; i >= 0 && proxies.include(known); i--) {
      Optional<InetAddress> hop = hops.get(i);
      if (hop.isEmpty()) {
        return known;
      }
      known = hop.get();
    }
    return known;
  }
}
