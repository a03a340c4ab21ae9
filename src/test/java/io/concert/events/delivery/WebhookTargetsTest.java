package io.concert.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTargetsTest {
  private static final Vertx vertx = Vertx.vertx();
  private final WebhookTargets targets = new WebhookTargets(vertx, List.of("127.0.0.1", "Known"));

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001:db8::1",
        "2001::1",
        "64:ff9b:1::1",
        "fec0::1"
      })
  void noAddressOfThisMachineOrItsNetworkIsPublic(String address) throws UnknownHostException {
    assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "172.32.0.1",
        "172.15.0.1",
        "100.128.0.1",
        "11.0.0.1",
        "192.169.0.1",
        "2606:4700::1111",
        "64:ff9b::808:808",
        "2002:808:808::1"
      })
  void othersAre(String address) throws UnknownHostException {
    assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "https://8.8.8.8/hook, ''",
    "https://8.8.8.8:8443, ''",
    "http://127.0.0.1:9000/hook?x=1, ''",
    "https://127.0.0.1/, ''",
    "http://8.8.8.8/hook, it must be https",
    "ftp://127.0.0.1/, it must be https",
    "file:///etc/passwd, it isn't a URL with a host",
    "https://localhost/, its host has an address that isn't public",
    "https://127.0.0.2/, its host has an address that isn't public",
    "https://[::1]/, its host has an address that isn't public",
    "https://[::ffff:127.0.0.1]/, its host has an address that isn't public",
    "https://169.254.169.254/latest, its host has an address that isn't public",
    "https://user:secret@8.8.8.8/, it has a user or a fragment",
    "https://8.8.8.8/#x, it has a user or a fragment",
    "https://8.8.8.8:0/, it has no such port",
    "https://8.8.8.8:70000/, it has no such port",
    "https:///hook, it isn't a URL with a host",
    "https://, it isn't a URL",
    "hook, it isn't a URL with a host",
    "https://a b/, it isn't a URL",
    "https://nobody.invalid/, its host isn't known",
    "https://2130706433/, its host has an address that isn't public",
  })
  void saysWhyAUrlIsRefused(String url, String why) {
    assertThat(targets.whyNot(url).await().orElse("")).isEqualTo(why);
  }

  @Test
  void goesToTheAddressThatWasLookedAtByTheUrlsName() {
    WebhookTargets.Target target =
        new WebhookTargets(vertx, List.of("localhost"))
            .resolve("http://LocalHost:81/a?b=%20")
            .await();
    assertThat(target.host()).isEqualTo("localhost");
    assertThat(target.port()).isEqualTo(81);
    assertThat(target.path()).isEqualTo("/a?b=%20");
    assertThat(target.address().isLoopbackAddress()).isTrue();
    assertThat(targets.whyNot("https://" + "a".repeat(1_000) + ".example/").await())
        .isEqualTo(Optional.of("it isn't a URL with a host"));
  }
}
