package io.concert.http.net;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.concert.http.HttpVerticle;
import io.concert.http.web.Access;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Endpoint;
import io.concert.http.web.EventSource;
import io.concert.http.web.stream.EventStream;
import io.concert.http.web.stream.OpenStreams;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A client whose network is gone: packets are dropped both ways and nothing says so. Needs Linux,
 * root, {@code ip} and {@code nft}.
 */
class LostNetworkIT {
  private static final String HERE = "10.213.77.1";
  private static final String THERE = "10.213.77.2";

  private final String namespace = "concert" + ProcessHandle.current().pid();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final CompletableFuture<EventStream> opened = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  @BeforeEach
  void connectANamespace() throws Exception {
    assumeTrue(vertx.isNativeTransportEnabled(), "needs Linux");
    assumeTrue(runs("ip netns add " + namespace), "needs root and ip");
    assumeTrue(runs("ip netns exec " + namespace + " nft list ruleset"), "needs nft");
    String peer = "c" + ProcessHandle.current().pid() % 100_000;
    must("ip link add " + peer + "a type veth peer name " + peer + "b netns " + namespace);
    must("ip address add " + HERE + "/30 dev " + peer + "a");
    must("ip link set " + peer + "a up");
    inside("ip address add " + THERE + "/30 dev " + peer + "b");
    inside("ip link set " + peer + "b up");
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await();
    var unused = runs("ip netns delete " + namespace);
  }

  private void inside(String command) throws Exception {
    must("ip netns exec " + namespace + " " + command);
  }

  private static void must(String command) throws Exception {
    assertThat(runs(command)).as(command).isTrue();
  }

  private static boolean runs(String command) throws Exception {
    try {
      Process process = start(command);
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException notFound) {
      return false;
    }
  }

  private static Process start(String command) throws IOException {
    return new ProcessBuilder(command.split(" "))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void isFoundOutAndClosed() throws Exception {
    Router router = Router.router(vertx);
    EventSource source =
        stream -> {
          stream.onClose(() -> closed.set(true));
          stream.beatEvery(Duration.ofSeconds(1));
          opened.complete(stream);
        };
    DispatcherFixture.dispatcher(new OpenStreams())
        .mount(
            router,
            List.of(
                Endpoint.get("/events", Access.PUBLIC, call -> Future.succeededFuture(source))));
    HttpServer server =
        vertx
            .createHttpServer(HttpVerticle.options())
            .requestHandler(router)
            .listen(0, HERE)
            .await();
    Process client =
        start(
            "ip netns exec %s curl -sN http://%s:%d/events"
                .formatted(namespace, HERE, server.actualPort()));
    try {
      EventStream stream = opened.get(20, TimeUnit.SECONDS);
      for (int i = 0; i < 6; i++) {
        letPass(Duration.ofSeconds(1));
        assertThat(stream.isTaken()).isTrue();
      }

      inside("nft add table inet lost");
      for (String chain : List.of("input", "output")) {
        inside(
            "nft add chain inet lost %s { type filter hook %s priority 0 ; policy drop ; }"
                .formatted(chain, chain));
      }

      until("not taken", Duration.ofSeconds(30), () -> !stream.isTaken());
      assertThat(client.isAlive()).as("nothing told the client").isTrue();
      until("closed", Duration.ofSeconds(60), closed::get);
    } finally {
      client.destroyForcibly();
    }
  }
}
