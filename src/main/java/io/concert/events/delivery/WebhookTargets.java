package io.concert.events.delivery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which URLs events may be delivered to. A node can reach what its operators can't, so a URL must
 * be https and lead to a public address, unless its host is allowed by the settings. The address
 * that was looked at is the one that is connected to: a name that is looked up again may lead
 * elsewhere.
 */
public final class WebhookTargets {
  public static final int LONGEST_URL = 1_000;

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+]");
  private static final int MOST_PORT = 65_535;

  private final Vertx vertx;
  private final Set<String> allowed;

  /**
   * @param allowed hosts that may be reached by http and at any address
   */
  public WebhookTargets(Vertx vertx, List<String> allowed) {
    this.vertx = vertx;
    this.allowed = Set.copyOf(allowed.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList());
  }

  /**
   * @throws IllegalArgumentException unless it may be among those that the settings allow
   */
  public static void requireHost(String text) {
    if (!HOST.matcher(text).matches()) {
      throw new IllegalArgumentException("must be hosts like receiver.internal or 10.0.0.7");
    }
  }

  /**
   * Where to connect.
   *
   * @param host as the URL has it; what a certificate must be for
   * @param address of it
   * @param path with the query
   */
  record Target(boolean tls, String host, int port, InetAddress address, String path) {}

  /** A URL that nothing may be delivered to, or can be now. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why, null, false, false);
    }
  }

  /**
   * Whether events may be delivered there.
   *
   * @return why not, in words for those who gave the URL; empty if they may
   */
  public Future<Optional<String>> whyNot(String url) {
    return resolve(url)
        .map(target -> Optional.<String>empty())
        .recover(
            failure ->
                failure instanceof Refused refused
                    ? Future.succeededFuture(Optional.ofNullable(refused.getMessage()))
                    : Future.failedFuture(failure));
  }

  /** Fails with {@link Refused}. */
  Future<Target> resolve(String url) {
    URI uri;
    try {
      uri = parse(url);
    } catch (Refused refused) {
      return Future.failedFuture(refused);
    }
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return vertx
        .executeBlocking(() -> InetAddress.getAllByName(host), false)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof UnknownHostException
                        ? new Refused("its host isn't known")
                        : failure))
        .map(addresses -> new Target(tls, host, port, choose(host, addresses), path + query));
  }

  /** All must be allowed: which of them is taken is chance. */
  private InetAddress choose(String host, InetAddress[] addresses) {
    if (!allowed.contains(host) && !Arrays.stream(addresses).allMatch(PublicAddresses::isPublic)) {
      throw new Refused("its host has an address that isn't public");
    }
    return addresses[0];
  }

  private URI parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new Refused("it isn't a URL");
    }
    String host = uri.getHost();
    if (host == null || !HOST.matcher(host).matches() || url.length() > LONGEST_URL) {
      throw new Refused("it isn't a URL with a host");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new Refused("it has a user or a fragment");
    }
    if (uri.getPort() == 0 || uri.getPort() > MOST_PORT) {
      throw new Refused("it has no such port");
    }
    boolean plain = "http".equalsIgnoreCase(uri.getScheme());
    if (!"https".equalsIgnoreCase(uri.getScheme())
        && !(plain && allowed.contains(host.toLowerCase(Locale.ROOT)))) {
      throw new Refused("it must be https");
    }
    return uri;
  }
}
