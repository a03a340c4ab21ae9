package io.concert.e2e;

import io.concert.e2e.TestService.Sale;
import io.concert.load.Offered;
import io.concert.load.OpenLoop;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An {@link OpenLoop} in a process of its own. */
final class Clients implements AutoCloseable {
  /** As many as a node with half a gigabyte keeps, and some to spare for those that are new. */
  private static final int CONNECTIONS = 6_000;

  private final Process process;
  private final Path requests;
  private final Writer orders;
  private final BufferedReader reports;

  private Clients(Process process, Path requests) {
    this.process = process;
    this.requests = requests;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.reports =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** What is asked: of a hundred requests eighty are polls, fifteen seat lists, five holds. */
  record Requests(List<byte[]> polls, List<byte[]> lists, List<byte[]> holds) {
    private static final String SHARES = "80,15,5";

    static Requests of(Sale sale, int seats, List<String> inside, List<String> waiting) {
      List<byte[]> holds = new ArrayList<>();
      for (int seat = 0; seat < seats; seat++) {
        String body =
            "{\"scheduleId\":\"%s\",\"seatId\":\"%s\"}"
                .formatted(sale.scheduleId(), sale.seatId(seat));
        String bearer = bearer(inside.get(seat % inside.size()));
        holds.add(WaitingUsers.post("/api/v1/reservations/seats", bearer, body));
      }
      return new Requests(
          waiting.stream().map(WaitingUsers::poll).toList(),
          inside.stream()
              .map(
                  token ->
                      "GET /api/v1/reservations/seats/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n%s\r\n"
                          .formatted(sale.scheduleId(), bearer(token))
                          .getBytes(StandardCharsets.US_ASCII))
              .toList(),
          holds);
    }

    private static String bearer(String token) {
      return "Authorization: Bearer " + token + "\r\n";
    }

    private Path written() throws IOException {
      Path file = Files.createTempFile("requests", ".bin");
      try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
        for (List<byte[]> kind : List.of(polls, lists, holds)) {
          out.writeInt(kind.size());
          for (byte[] request : kind) {
            out.writeInt(request.length);
            out.write(request);
          }
        }
      }
      return file;
    }
  }

  static Clients start(int port, Requests requests) {
    try {
      Path file = requests.written();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OpenLoop.class.getName(),
                  Integer.toString(port),
                  Integer.toString(CONNECTIONS),
                  Requests.SHARES,
                  file.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Processors.pin(process.pid(), Processors.CLIENTS);
      return new Clients(process, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Offered offer(double perSecond, double seconds) {
    return offerBesideTrickles(perSecond, seconds, 0);
  }

  /**
   * @param trickles connections that send a byte a second each
   */
  Offered offerBesideTrickles(double perSecond, double seconds, int trickles) {
    try {
      orders.write(perSecond + " " + seconds + " " + trickles + "\n");
      orders.flush();
      String report = reports.readLine();
      if (report == null) {
        throw new AssertionError("the clients have ended");
      }
      return Offered.of(report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      Files.delete(requests);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
