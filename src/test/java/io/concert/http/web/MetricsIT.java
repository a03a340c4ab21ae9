package io.concert.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class MetricsIT {
  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();

  private String scrape() {
    HttpResponse<byte[]> response = http.get("/metrics").send();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    return Http.text(response);
  }

  @Test
  void timesRequestsByTheContractsPaths() {
    http.get("/api/v1/concerts/" + dispatcher.concert).expect(200);
    http.get("/api/v1/concerts/c999999").expect(404);
    http.get("/no/such/path").expect(404);

    String series =
        "http_server_requests_seconds_count{method=\"GET\",route=\"/api/v1/concerts/{id}\"";
    assertThat(scrape())
        .contains(series + ",status=\"2xx\"}")
        .contains(series + ",status=\"4xx\"}")
        .contains("route=\"none\",status=\"4xx\",le=\"0.25\"}")
        .doesNotContain(dispatcher.concert + "\"", "c999999", "/no/such");
  }

  @Test
  void countsWhatItServes() {
    http.get("/health/live").expect(200);
    double before = served();
    for (int i = 0; i < 10; i++) {
      http.get("/health/live").expect(200);
    }
    assertThat(served() - before).isEqualTo(10);
  }

  private double served() {
    String series =
        "http_server_requests_seconds_count{method=\"GET\",route=\"/health/live\",status=\"2xx\"} ";
    return scrape()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
        .sum();
  }

  @Test
  void tellsHowTheProcessIs() {
    assertThat(scrape())
        .contains("jvm_memory_used_bytes{", "jvm_gc_pause_seconds", "process_cpu_usage ")
        .contains("process_files_open_files ", "http_event_streams ");
  }
}
