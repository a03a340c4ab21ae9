package io.concert.e2e;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.concert.e2e.TestService.Sale;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of src/docs/payments-provider.md does what that says. */
class PaymentsProviderIT {
  private static final String TILL = "till-token-0123456789";
  private static final String SECRET = "hush";
  private static final Pattern LISTENING = Pattern.compile("listening on ([0-9]+)");

  @TempDir private Path folder;
  private TestService service;
  private ServiceProcess node;
  private Process example;
  private int port;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Tool.find("python3").isPresent(), "python3 isn't installed");
    service =
        new TestService(
            Map.of(
                "BALANCE_CHARGE",
                "operator",
                "WEBHOOK_HOSTS",
                "127.0.0.1",
                "ADMIN_TOKENS",
                "tester:operator:" + TestService.ADMIN_TOKEN + ",till:payments:" + TILL));
    node = service.startNode();
    run("");
  }

  @AfterEach
  void stop() {
    if (service != null) {
      example.destroyForcibly();
      service.assertInvariants();
      service.close();
    }
  }

  private void run(String concertSecrets) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "python3",
            Path.of("src/docs/examples/payments_provider.py").toAbsolutePath().toString());
    builder
        .environment()
        .putAll(
            Map.of(
                "CONCERT_URL",
                "http://127.0.0.1:" + node.port(),
                "CONCERT_TOKEN",
                TILL,
                "PROVIDER_SECRET",
                SECRET,
                "CONCERT_SECRETS",
                concertSecrets,
                "JOURNAL",
                folder.resolve("journal").toString(),
                "PORT",
                "0"));
    Path said = Files.createTempFile(folder, "said", ".log");
    example = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    saidIn = said;
    until("it listens", Duration.ofSeconds(20), () -> LISTENING.matcher(said()).find());
    Matcher listening = LISTENING.matcher(said());
    assertThat(listening.find()).isTrue();
    port = Integer.parseInt(listening.group(1));
  }

  private Path saidIn;

  private String said() {
    try {
      return Files.readString(saidIn);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int tellOf(String payment, Buyer buyer, long won, String secret, Instant at)
      throws Exception {
    String body =
        "{\"type\":\"payment.succeeded\",\"paymentId\":\"%s\",\"userId\":\"%s\",\"amount\":%d}"
            .formatted(payment, buyer.uuid(), won);
    String timestamp = Long.toString(at.getEpochSecond());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/provider"))
            .timeout(Duration.ofSeconds(40))
            .header(
                "Provider-Signature",
                "t=" + timestamp + ",v1=" + hmac(secret, timestamp + "." + body))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  private static String hmac(String secret, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void chargesEachPaymentOnceAndBelievesNobodyElse() throws Exception {
    Buyer buyer = Buyer.guest(node.api());
    buyer.charges(1).mustBe(403);

    assertThat(tellOf("pay-1", buyer, 70_000, "guessed", Instant.now())).isEqualTo(401);
    assertThat(tellOf("pay-1", buyer, 70_000, SECRET, Instant.now().minusSeconds(900)))
        .isEqualTo(401);
    assertThat(buyer.balance()).isZero();

    assertThat(tellOf("pay-1", buyer, 70_000, SECRET, Instant.now())).isEqualTo(200);
    assertThat(tellOf("pay-1", buyer, 70_000, SECRET, Instant.now())).isEqualTo(200);
    assertThat(buyer.balance()).isEqualTo(70_000);

    // It dies after the charge and before its journal, and the provider says it again.
    example.destroyForcibly();
    Files.delete(folder.resolve("journal"));
    run("");
    assertThat(tellOf("pay-1", buyer, 70_000, SECRET, Instant.now())).isEqualTo(200);
    assertThat(buyer.balance()).as("the key").isEqualTo(70_000);
    service.database().execute("delete from idempotency_key");
    assertThat(tellOf("pay-1", buyer, 70_000, SECRET, Instant.now())).isEqualTo(200);
    assertThat(buyer.balance()).as("the journal").isEqualTo(70_000);
    assertThat(tellOf("pay-2", buyer, 2_000_000_000L, SECRET, Instant.now())).isEqualTo(422);
    assertThat(said()).contains("pay-2 can't be charged: 400").contains("BALANCE_LIMIT");
  }

  @Test
  void verifiesWebhooksOfTheService() throws Exception {
    Buyer buyer = Buyer.guest(node.api());
    assertThat(tellOf("pay-9", buyer, 90_000, SECRET, Instant.now())).isEqualTo(200);
    Answer made =
        node.api()
            .post(
                "/api/v1/admin/webhooks",
                TestService.ADMIN_TOKEN,
                Map.of("url", "http://127.0.0.1:" + port + "/concert"))
            .mustBe(201);
    String webhook = "/api/v1/admin/webhooks/" + made.text("id");
    Sale sale = service.openSale(node, 2, 90_000);
    buyer.isAdmitted().holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    String bill = buyer.pays(sale.scheduleId(), sale.seatId(0), 90_000).mustBe(201).text("billId");
    until(
        "it doesn't know the secret and refuses",
        Duration.ofSeconds(20),
        () ->
            node.api()
                .get(webhook, TestService.ADMIN_TOKEN)
                .body()
                .get("error")
                .asText()
                .equals("answered with status 401"));
    assertThat(said()).doesNotContain("event ");

    example.destroyForcibly();
    run("k1=" + made.text("secret"));
    node.api()
        .patch(
            webhook,
            TestService.ADMIN_TOKEN,
            Map.of("url", "http://127.0.0.1:" + port + "/concert"))
        .mustBe(200);
    until("it takes the event", Duration.ofSeconds(20), () -> said().contains(" sold " + bill));
  }
}
