package io.concert.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeRequestTest {
  private static final String POLL =
      "POST /api/v1/users/queueEntity HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc\r\n";

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private static boolean isOne(String text) {
    return WholeRequest.isOne(bytes(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "Content-Length: 0\r\n\r\n",
        "content-length:2\r\nConnection: Keep-Alive\r\n\r\n{}",
        "Content-Type: application/json\r\nContent-Length: 4\r\n\r\n\r\n\r\n"
      })
  void knowsAWholeRequest(String rest) {
    assertThat(isOne(POLL + rest)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r",
        "\n",
        "Content-Length: 2\r\n\r\n{",
        "Content-Length: 2\r\n\r\n{}G",
        "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "Content-Length: 1000000\r\n\r\n",
        "Content-Length: +2\r\n\r\n{}",
        "Content-Length : 2\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\n",
        "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
        "Connection: close\r\n\r\n",
        "Connection: Upgrade\r\n\r\n",
        "Upgrade: websocket\r\n\r\n",
        "A: b\r\n Content-Length: 2\r\n\r\n",
        "A: b\nB: c\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\n\r\n"
      })
  void leavesEverythingElseToTheParser(String rest) {
    assertThat(isOne(POLL + rest)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HEAD / HTTP/1.1",
        "OPTIONS / HTTP/1.1",
        "GET / HTTP/1.0",
        "GET /",
        "",
        " HTTP/1.1"
      })
  void leavesOtherLinesToTheParser(String line) {
    assertThat(isOne(line + "\r\nHost: a\r\n\r\n")).isFalse();
  }

  @Test
  void refusesByPath() {
    assertThat(WholeRequest.mayRefuse(bytes(POLL + "\r\n"))).isTrue();
    for (String path :
        List.of(
            "/health/ready",
            "/metrics",
            "/api/v1/admin/rooms",
            "/api/v1/accounts/payments/batch",
            "http://a/x")) {
      assertThat(WholeRequest.mayRefuse(bytes("GET " + path + " HTTP/1.1\r\n\r\n")))
          .as(path)
          .isFalse();
    }
  }

  @Test
  void findsTheId() {
    assertThat(WholeRequest.id(bytes(POLL + "\r\n"))).isEqualTo("abc");
    assertThat(WholeRequest.id(bytes("GET / HTTP/1.1\r\n\r\nX-Request-Id: no"))).isEmpty();
  }

  /** Whatever it takes for one whole request, the parser that it spares takes for the same. */
  @Test
  void agreesWithTheParser() {
    List<String> parts =
        List.of(
            "POST /a HTTP/1.1",
            "GET /b HTTP/1.1",
            "\r\n",
            "\r\n",
            "\r\n",
            "\n",
            "\r",
            " ",
            "Content-Length: 2",
            "content-length:0",
            "Transfer-Encoding: chunked",
            "Host: a",
            "X: y",
            "{}",
            "2",
            ":",
            "Connection: close");
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed=" + seed);
    Random random = new Random(seed);
    int whole = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      if (random.nextInt(4) > 0) {
        text.append("POST /a HTTP/1.1\r\n");
      }
      int count = random.nextInt(8);
      for (int part = 0; part < count; part++) {
        text.append(parts.get(random.nextInt(parts.size())));
      }
      if (random.nextBoolean()) {
        text.append("\r\n\r\n");
      }
      if (isOne(text.toString())) {
        whole++;
        assertOneForTheParser(text.toString());
      }
    }
    assertThat(whole).isGreaterThan(100);
  }

  private static void assertOneForTheParser(String text) {
    EmbeddedChannel parser = new EmbeddedChannel(new HttpRequestDecoder());
    parser.writeInbound(bytes(text));
    HttpRequest request = parser.readInbound();
    if (request.decoderResult().isFailure()) {
      // Refused either way, and the connection is closed by neither answer's length.
      parser.finishAndReleaseAll();
      return;
    }
    HttpObject last = request;
    while (!(last instanceof LastHttpContent)) {
      last = parser.readInbound();
      assertThat(last).as("comes to an end: %s", text).isNotNull();
    }
    Object after = parser.readInbound();
    assertThat(after).as("nothing follows: %s", text).isNull();
    parser.writeInbound(bytes("GET /next HTTP/1.1\r\n\r\n"));
    HttpRequest next = parser.readInbound();
    assertThat(next.uri()).as(text).isEqualTo("/next");
    parser.finishAndReleaseAll();
  }
}
