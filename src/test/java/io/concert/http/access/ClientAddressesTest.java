package io.concert.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressesTest {
  private static final String PROXY = "10.0.0.1";

  private final TrustedProxies proxies =
      new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.7", "2001:db8:1::/48"));
  private final ClientAddresses addresses = new ClientAddresses(proxies);

  private String behind(String peer, List<String> xForwardedFor, List<String> forwarded) {
    return addresses.behind(ip(peer), xForwardedFor, forwarded).getHostAddress();
  }

  private static InetAddress ip(String text) {
    return TrustedProxies.address(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // As proxies write it.
        "203.0.113.9 | 203.0.113.9",
        "203.0.113.9, 10.1.2.3 | 203.0.113.9",
        "203.0.113.9, 192.0.2.7, 10.1.2.3 | 203.0.113.9",
        "203.0.113.9:4711 | 203.0.113.9",
        "::ffff:203.0.113.9 | 203.0.113.9",
        "2001:db8:2::5, 2001:db8:1:9::1 | 2001:db8:2:0:0:0:0:5",
        "[2001:db8:2::5]:443 | 2001:db8:2:0:0:0:0:5",
        // What a client has put before that changes nothing.
        "1.2.3.4, 203.0.113.9 | 203.0.113.9",
        "10.9.9.9, 203.0.113.9, 10.1.2.3 | 203.0.113.9",
        "<script>, 203.0.113.9 | 203.0.113.9",
        ",,, 203.0.113.9 | 203.0.113.9",
        // Nothing to be understood: as far as it can be.
        "unknown | 10.0.0.1",
        "203.0.113.9, unknown | 10.0.0.1",
        "203.0.113.9, unknown, 10.1.2.3 | 10.1.2.3",
        "203.0.113.9, | 10.0.0.1",
        "203.0.113.999 | 10.0.0.1",
        "localhost | 10.0.0.1",
        "0x7f000001 | 10.0.0.1",
        // All of them are ours.
        "10.9.9.9, 10.1.2.3 | 10.9.9.9",
      })
  void believesProxiesOnlyAndTheLastOneFirst(String header, String expected) {
    assertThat(behind(PROXY, List.of(header), List.of())).isEqualTo(expected.strip());
    assertThat(behind(PROXY, List.of(header.split(",", -1)), List.of()))
        .as("the same in several lines")
        .isEqualTo(expected.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=203.0.113.9 | 203.0.113.9",
        "FOR=203.0.113.9;proto=https;by=10.0.0.1 | 203.0.113.9",
        "proto=https; for=\"203.0.113.9:4711\" , for=10.1.2.3 | 203.0.113.9",
        "for=\"[2001:db8:2::5]:443\" | 2001:db8:2:0:0:0:0:5",
        "for=1.2.3.4, for=203.0.113.9 | 203.0.113.9",
        "for=1.2.3.4;host=\"a,b;for=9.9.9.9\", for=203.0.113.9 | 203.0.113.9",
        // A quote left open by the client mustn't swallow what the proxy has said.
        "for=\", for=203.0.113.9 | 10.0.0.1",
        "for=\"1.2.3.4, for=\"[2001:db8:2::5]\" | 10.0.0.1",
        "x=\"\\\", for=203.0.113.9 | 10.0.0.1",
        "for=unknown | 10.0.0.1",
        "for=_hidden, for=10.1.2.3 | 10.1.2.3",
        "proto=https | 10.0.0.1",
        "nonsense | 10.0.0.1",
        "for=203.0.113.9; | 10.0.0.1",
      })
  void readsTheStandardHeaderAsStrictly(String header, String expected) {
    assertThat(behind(PROXY, List.of(), List.of(header))).isEqualTo(expected.strip());
  }

  @Test
  void believesNeitherHeaderWhenTheyDiffer() {
    List<String> client = List.of("for=203.0.113.9");
    assertThat(behind(PROXY, List.of("203.0.113.9"), client)).isEqualTo("203.0.113.9");
    assertThat(behind(PROXY, List.of("198.51.100.1"), client)).isEqualTo(PROXY);
    assertThat(behind(PROXY, List.of("203.0.113.9"), List.of("for=\""))).isEqualTo(PROXY);
  }

  @Test
  void survivesHeadersOfEightKilobytes() {
    assertThat(behind(PROXY, List.of(",".repeat(8_000) + "203.0.113.9"), List.of()))
        .isEqualTo("203.0.113.9");
    assertThat(behind(PROXY, List.of(), List.of("for=\"" + "\\a".repeat(4_000) + "\"")))
        .isEqualTo(PROXY);
    assertThat(behind(PROXY, List.of(), List.of("x=\"" + "a".repeat(8_000) + "\",for=203.0.113.9")))
        .isEqualTo("203.0.113.9");
  }

  @Test
  void knowsTheRanges() {
    assertThat(proxies.include(ip("10.255.0.1"))).isTrue();
    assertThat(proxies.include(ip("::ffff:10.0.0.1"))).isTrue();
    assertThat(proxies.include(ip("11.0.0.1"))).isFalse();
    assertThat(proxies.include(ip("192.0.2.7"))).isTrue();
    assertThat(proxies.include(ip("192.0.2.8"))).isFalse();
    assertThat(proxies.include(ip("2001:db8:1:ffff::1"))).isTrue();
    assertThat(proxies.include(ip("2001:db8:2::1"))).isFalse();
    assertThat(new TrustedProxies(List.of("0.0.0.0/0")).include(ip("8.8.8.8"))).isTrue();
    assertThat(new TrustedProxies(List.of("0.0.0.0/0")).include(ip("2001:db8::1"))).isFalse();
    assertThat(new TrustedProxies(List.of("::/0")).include(ip("2001:db8::1"))).isTrue();
    assertThat(new TrustedProxies(List.of()).include(ip("127.0.0.1"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0/8",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "/8",
        "2001:db8::/129",
        "proxy.example.com",
        "10.0.0.1:80",
        "10.0.0.0/8/8",
        "*",
      })
  void refusesWhatIsNoRange(String text) {
    assertThatThrownBy(() -> JoinLimits.requireRange(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10.0.0.0/8");
  }
}
