package io.concert.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads an event stream block by block, as a page would. */
public final class EventReader implements AutoCloseable {
  /** What the reader finds when the server has ended the stream. */
  public static final String EOF = "(end of stream)";

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final HttpResponse<InputStream> response;
  private final BlockingQueue<String> blocks = new LinkedBlockingQueue<>();

  private EventReader(HttpResponse<InputStream> response) {
    this.response = response;
    Thread thread = new Thread(this::read, "event reader");
    thread.setDaemon(true);
    thread.start();
  }

  /** Opens a stream; it must be one. */
  public static EventReader open(int port, String path, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    headers.forEach(request::header);
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      return new EventReader(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      StringBuilder block = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          blocks.add(block.toString());
          block.setLength(0);
        } else {
          block.append(line).append('\n');
        }
      }
      blocks.add(EOF);
    } catch (IOException e) {
      blocks.add("(broken off)");
    }
  }

  public @Nullable String header(String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  /** The next block's lines; fails when none comes in 20 s. */
  public String next() {
    String block = nextWithin(PATIENCE);
    assertThat(block).as("the next event").isNotNull();
    return String.valueOf(block);
  }

  @Nullable
  public String nextWithin(Duration patience) {
    try {
      return blocks.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Goes away, as a closed tab does. */
  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
