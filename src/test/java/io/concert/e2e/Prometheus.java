package io.concert.e2e;

import static io.concert.Patience.until;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Prometheus of the machine's own that scrapes some nodes; usually with the rules of src/deploy.
 */
public final class Prometheus implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  private Prometheus(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether a program of this name can be run here. */
  public static boolean isInstalled(String program) {
    try {
      Process asked =
          new ProcessBuilder(program, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return asked.waitFor(30, TimeUnit.SECONDS) && asked.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static Prometheus scraping(List<Integer> ports) throws IOException {
    return scraping(
        ports.stream().map(port -> "127.0.0.1:" + port).toList(),
        Path.of("src/deploy/prometheus/rules.yml"));
  }

  /**
   * @param targets host and port of each node
   * @param rules a file of rules
   */
  public static Prometheus scraping(List<String> targets, Path rules) throws IOException {
    Path directory = Files.createTempDirectory("concert-prometheus");
    Path config = directory.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ["%s"]
        scrape_configs:
          - job_name: concert-reservation
            static_configs: [{targets: [%s]}]
        """
            .formatted(
                rules.toAbsolutePath(),
                targets.stream()
                    .map(target -> '"' + target + '"')
                    .collect(Collectors.joining(", "))));
    int port = ServiceProcess.freePort();
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Prometheus prometheus = new Prometheus(process, port);
    until("Prometheus answers", START_LIMIT, prometheus::isReady);
    return prometheus;
  }

  private boolean isReady() {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** The samples of an instant query that are numbers. */
  List<JsonNode> query(String expression) {
    try {
      HttpResponse<String> answer =
          get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
      JsonNode body = new ObjectMapper().readTree(answer.body());
      if (answer.statusCode() != 200) {
        throw new AssertionError(expression + ": " + body.path("error").asText());
      }
      List<JsonNode> samples = new ArrayList<>();
      body.at("/data/result").forEach(samples::add);
      samples.removeIf(sample -> sample.at("/value/1").asText().equals("NaN"));
      return samples;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The alerts that fire now, by name. */
  public List<String> firing() {
    return query("ALERTS{alertstate=\"firing\"}").stream()
        .map(sample -> sample.at("/metric/alertname").asText())
        .distinct()
        .toList();
  }

  private HttpResponse<String> get(String path) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(10))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
