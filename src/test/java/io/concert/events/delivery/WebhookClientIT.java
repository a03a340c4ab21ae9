package io.concert.events.delivery;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.ScheduleId;
import io.concert.events.api.Event;
import io.concert.events.api.EventCursor;
import io.concert.events.api.EventKind;
import io.concert.events.api.WebhookId;
import io.concert.events.store.Leased;
import io.concert.events.store.SigningSecret;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One attempt against real servers, of which some mean no good. */
class WebhookClientIT {
  private static final String PASSWORD = "changeit";
  private static final Event EVENT =
      new Event(
          new EventCursor(17),
          EventKind.CANCELLED,
          Instant.EPOCH,
          Optional.of(new ScheduleId(3)),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  @TempDir private Path folder;
  private Vertx vertx;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private Optional<String> send(String url, HttpClientOptions options) {
    var targets = new WebhookTargets(vertx, List.of("localhost", "127.0.0.1"));
    var client =
        new WebhookClient(vertx, targets, InstantSource.system(), Duration.ofSeconds(40), options);
    var webhook =
        new Leased(
            new WebhookId(1),
            url,
            EnumSet.allOf(EventKind.class),
            1,
            List.of(new SigningSecret("k1", Buffer.buffer(new byte[32]))));
    return client.send(webhook, List.of(EVENT)).await();
  }

  private PfxOptions keysOf(String host) throws IOException, InterruptedException {
    Path keys = folder.resolve(host + ".p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process made =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                keys.toString())
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
    return new PfxOptions().setPath(keys.toString()).setPassword(PASSWORD);
  }

  @Test
  void asksForTheCertificateOfTheUrlsNameAtTheAddressThatWasLookedAt() throws Exception {
    PfxOptions keys = keysOf("localhost");
    try (Receiver receiver =
        new Receiver(vertx, new HttpServerOptions().setSsl(true).setKeyCertOptions(keys))) {
      HttpClientOptions trusting = new HttpClientOptions().setTrustOptions(keys);
      assertThat(send("https://localhost:" + receiver.port() + "/", trusting)).isEmpty();
      assertThat(receiver.deliveries.get(0).host()).isEqualTo("localhost:" + receiver.port());

      assertThat(send("https://127.0.0.1:" + receiver.port() + "/", trusting).orElseThrow())
          .as("another name")
          .startsWith("no answer: ");
      assertThat(
              send("https://localhost:" + receiver.port() + "/", new HttpClientOptions())
                  .orElseThrow())
          .as("nobody whom it trusts")
          .startsWith("no answer: ");
      assertThat(receiver.deliveries).hasSize(1);
    }
  }

  @Test
  void followsNobodyElsewhere() {
    try (Receiver receiver = new Receiver(vertx)) {
      HttpServer leading =
          vertx
              .createHttpServer()
              .requestHandler(
                  request ->
                      request
                          .response()
                          .setStatusCode(307)
                          .putHeader("Location", receiver.url())
                          .end())
              .listen(0, "127.0.0.1")
              .await();
      assertThat(send("http://127.0.0.1:" + leading.actualPort() + "/", new HttpClientOptions()))
          .contains("answered with status 307");
      assertThat(receiver.deliveries).isEmpty();
    }
  }

  @Test
  void readsNoAnswerWithoutAnEnd() {
    AtomicBoolean closed = new AtomicBoolean();
    HttpServer endless =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  request.response().setChunked(true);
                  long timer =
                      vertx.setPeriodic(
                          1,
                          tick -> {
                            var unused = request.response().write(Buffer.buffer(new byte[4_096]));
                          });
                  request
                      .connection()
                      .closeHandler(
                          gone -> {
                            vertx.cancelTimer(timer);
                            closed.set(true);
                          });
                })
            .listen(0, "127.0.0.1")
            .await();
    assertThat(send("http://127.0.0.1:" + endless.actualPort() + "/", new HttpClientOptions()))
        .as("the status counts")
        .isEmpty();
    until("it hangs up", Duration.ofSeconds(40), closed::get);
  }

  @Test
  void saysThatNobodyListens() {
    Receiver receiver = new Receiver(vertx);
    String url = receiver.url();
    receiver.close();
    assertThat(send(url, new HttpClientOptions()).orElseThrow()).startsWith("no answer: ");
  }
}
