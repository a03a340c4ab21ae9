package io.concert.e2e;

import static io.concert.Patience.until;

import io.concert.load.JavaProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A {@link BareServer} in a process of its own that copies one answer of the service. */
final class BareProcess implements AutoCloseable {
  private static final String KID = "bench";
  private static final byte[] SECRET = new byte[32];

  static {
    new Random(1).nextBytes(SECRET);
  }

  /** For the service, so that both know the same tokens. */
  static final String SIGNING_KEY = KID + ":" + Base64.getEncoder().encodeToString(SECRET);

  private final int port;
  private final Path sample;
  private final JavaProcess process;

  private BareProcess(int port, Path sample, JavaProcess process) {
    this.port = port;
    this.sample = sample;
    this.process = process;
  }

  /**
   * @param sample made by {@link #sample}
   */
  static BareProcess start(JsonObject sample) {
    int port = ServiceProcess.freePort();
    Path file = written(sample);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(SECRET);
    JavaProcess process =
        JavaProcess.start(
            BareServer.class,
            List.of("-Xmx512m"),
            List.of(Integer.toString(port), KID, secret, file.toString()));
    until("the bare server", Duration.ofSeconds(10), () -> listens(port));
    return new BareProcess(port, file, process);
  }

  /** A list of 50,000 seats is longer than an argument may be. */
  private static Path written(JsonObject sample) {
    try {
      return Files.writeString(Files.createTempFile("answer", ".json"), sample.encode());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One whole answer of the service, whatever its bytes. */
  static JsonObject sample(
      ServiceProcess node, String method, String path, String jwt, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Authorization", "Bearer " + jwt);
    headers.forEach(request::header);
    try {
      HttpResponse<byte[]> answer =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      JsonObject answered = new JsonObject();
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!name.equals("content-length")) {
                  answered.put(name, values.get(0));
                }
              });
      return new JsonObject()
          .put("jwt", jwt)
          .put("status", answer.statusCode())
          .put("headers", answered)
          .put("body", answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static boolean listens(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
    try {
      Files.delete(sample);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
