package io.concert.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concert.e2e.Answer;
import io.concert.e2e.Buyer;
import io.concert.e2e.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with its embedded database and the demo catalogue, as the README starts it. */
class RestartIT {
  private static final String CONCERTS = "/api/v1/concerts";

  @TempDir private Path directory;

  @Test
  void everythingSoldIsStillSoldAfterAKillAndAnOrderlyStop() throws Exception {
    Path data = directory.resolve("data");
    Bought killed = buyAndThen(data, ServiceProcess::kill);
    // The killed node's database server lives on; the next node must take it over.
    Bought stopped =
        buyAndThen(
            data,
            node -> {
              assertStillBought(node, killed);
              assertThat(node.log()).contains("taking over the database server");
              long began = System.nanoTime();
              assertThat(node.terminate()).isZero();
              assertThat(Duration.ofNanos(System.nanoTime() - began))
                  .isLessThan(Duration.ofSeconds(15));
            });
    assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();

    try (ServiceProcess node = ServiceProcess.start(settings(data))) {
      assertStillBought(node, killed);
      assertStillBought(node, stopped);
      assertThat(Files.getPosixFilePermissions(data.resolve("admin-token")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void waitingPeopleComeBackToTheirPlacesAfterAKill() {
    Map<String, String> settings = settings(directory.resolve("data"));
    settings.put("QUEUE_CAPACITY", "1");
    Buyer inside;
    Buyer next;
    Buyer last;
    try (ServiceProcess node = ServiceProcess.start(settings)) {
      inside = Buyer.guest(node.api()).isAdmitted();
      next = Buyer.guest(node.api());
      last = Buyer.guest(node.api());
      next.entersQueue().mustBe(201);
      last.entersQueue().mustBe(201);
      node.kill();
    }

    try (ServiceProcess node = ServiceProcess.start(settings)) {
      Buyer.all(buyer -> buyer.at(node.api()), inside, next, last);
      assertThat(last.polls().mustBe(202).number("waitingUserNum")).isEqualTo(1);
      assertThat(next.polls().mustBe(202).number("waitingUserNum")).isEqualTo(1);
      assertThat(last.polls().mustBe(202).number("waitingUserNum")).isEqualTo(2);
      assertThat(inside.polls().mustBe(202).text("state")).isEqualTo("ACTIVE");
      Buyer late = Buyer.guest(node.api());
      assertThat(late.entersQueue().mustBe(201).number("waitingUserNum")).isEqualTo(3);
    }
  }

  @Test
  void secondNodeOnTheSameDirectoryIsRefusedWithAClearLine() {
    Path data = directory.resolve("data");
    try (ServiceProcess node = ServiceProcess.start(settings(data));
        ServiceProcess second = ServiceProcess.launch(settings(data))) {
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.log()).contains("Another node is using DATA_DIR").doesNotContain("\tat ");
      node.get("/health/ready").mustBe(200);
    }
  }

  @Test
  void takenPortStopsTheStartWithALineAndLeavesNothingBehind() {
    Map<String, String> settings = settings(directory.resolve("data"));
    try (ServiceProcess node = ServiceProcess.start(settings)) {
      for (String port : List.of("HTTP_PORT", "CLUSTER_PORT")) {
        Map<String, String> other = settings(directory.resolve("other"));
        other.put(port, Integer.toString(node.port()));
        try (ServiceProcess second = ServiceProcess.launch(other)) {
          assertThat(second.exitCode()).isEqualTo(1);
          assertThat(second.log())
              .contains("The node can't start: " + port + " " + node.port())
              .doesNotContain("\tat ");
        }
        assertThat(directory.resolve("other/postgres/postmaster.pid")).doesNotExist();
      }
    }
  }

  @Test
  void nodeWithoutItsMajorityIsNotReadyAndChangesNoQueue() {
    Map<String, String> settings = settings(directory.resolve("data"));
    settings.put("CLUSTER_MIN_SIZE", "2");
    settings.put("DEMO_DATA", "false");
    try (ServiceProcess node = ServiceProcess.launch(settings)) {
      node.awaitStarted();
      assertThat(node.get("/health/ready").status()).isEqualTo(503);
      Buyer.guest(node.api()).entersQueue().mustBeProblem(503, "UNAVAILABLE");
    }
  }

  @Test
  void wrongSettingsStopTheStartWithALineEach() {
    Map<String, String> settings = settings(directory.resolve("data"));
    settings.put("QUEUE_CAPACITY", "many");
    settings.put("HTTP_PORT", "8080");
    settings.put("HOLD_SECONDS", "-1");
    settings.put("JWT_KEYS", "k1:c2hvcnQ=");
    settings.put("DATABASE_URL", "oracle://secret@somewhere");
    // Reading it makes loggers, which must not log as libraries do by themselves.
    settings.put("TRUSTED_PROXIES", "10.0.0.0/8");

    try (ServiceProcess node = ServiceProcess.launch(settings)) {
      assertThat(node.exitCode()).isEqualTo(2);
      assertThat(node.log())
          .contains("QUEUE_CAPACITY must be a whole number")
          .contains("HOLD_SECONDS must be from 1 to 86400")
          .contains("JWT_KEYS")
          .contains("DATABASE_URL must look like")
          .doesNotContain("secret")
          .doesNotContain("DEBUG")
          .doesNotContain("c2hvcnQ");
    }
    assertThat(directory.resolve("data")).doesNotExist();
  }

  private record Bought(Buyer buyer, String scheduleId, String seatId, Answer bill, long balance) {}

  private static Bought buyAndThen(Path data, java.util.function.Consumer<ServiceProcess> end) {
    try (ServiceProcess node = ServiceProcess.start(settings(data))) {
      JsonNode concert = node.get(CONCERTS).mustBe(200).body().get("items").get(0);
      Buyer buyer = Buyer.guest(node.api()).isAdmitted();
      String schedule =
          buyer.dates(concert.get("id").asText()).mustBe(200).body().at("/scheduleIds/0").asText();
      String seat = buyer.freeSeats(schedule).get(7);
      Answer bill = buyer.buys(schedule, seat);
      buyer.charges(1_234).mustBe(200);
      Bought bought = new Bought(buyer, schedule, seat, bill, buyer.balance());
      end.accept(node);
      return bought;
    }
  }

  private static void assertStillBought(ServiceProcess node, Bought bought) {
    Buyer buyer = bought.buyer().at(node.api());
    assertThat(buyer.balance()).isEqualTo(bought.balance());
    Answer again = buyer.pays(bought.scheduleId(), bought.seatId(), bought.bill().number("price"));
    assertThat(again.mustBe(201).body()).isEqualTo(bought.bill().body());
    Buyer other = Buyer.guest(node.api()).isAdmitted();
    assertThat(other.freeSeats(bought.scheduleId())).doesNotContain(bought.seatId());
    assertThat(other.holds(bought.scheduleId(), bought.seatId()).mustBe(200).text("reason"))
        .isEqualTo("SEAT_TAKEN");
  }

  private static Map<String, String> settings(Path data) {
    return new HashMap<>(Map.of("DATA_DIR", data.toString(), "CLUSTER_NAME", data.toString()));
  }
}
