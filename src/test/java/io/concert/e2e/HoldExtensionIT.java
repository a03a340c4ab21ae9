package io.concert.e2e;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concert.e2e.TestService.Sale;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A hold that its holder makes last longer. */
class HoldExtensionIT {
  private static final Duration EXTENSION = Duration.ofSeconds(40);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HOLDS = "/api/v1/reservations/holds";

  private static TestService service;
  private static ServiceProcess node;

  private final Sale sale = service.openSale(node, 3, 99_000);
  private final Buyer buyer = Buyer.guest(node.api()).isAdmitted();

  @BeforeAll
  static void start() {
    service = new TestService(Map.of("HOLD_SECONDS", "8", "HOLD_EXTENSION_SECONDS", "40"));
    node = service.startNode();
  }

  @AfterAll
  static void stop() {
    service.assertInvariants();
    service.close();
  }

  private Answer holds(int seat) {
    return buyer.holds(sale.scheduleId(), sale.seatId(seat)).mustBe(200);
  }

  private static Answer extend(Buyer who, String hold) {
    return node.api().post(HOLDS + "/" + hold + "/extend", who.token(), Map.of());
  }

  private JsonNode list() {
    return node.api().get(HOLDS, buyer.token()).mustBe(200).body().path("items");
  }

  @Test
  void lastsLongerOnceAndCanBePaidThen() {
    Answer hold = holds(0);
    Instant deadline = Instant.parse(hold.text("holdDeadline"));
    assertThat(list().path(0).path("extendableSeconds").asInt()).isEqualTo(40);

    Answer extended = extend(buyer, hold.text("holdId")).mustBe(200);
    assertThat(Instant.parse(extended.text("holdDeadline"))).isEqualTo(deadline.plus(EXTENSION));
    assertThat(extend(buyer, hold.text("holdId")).mustBe(200).text("holdDeadline"))
        .isEqualTo(extended.text("holdDeadline"));
    assertThat(list().path(0).path("extendableSeconds").asInt()).isZero();
    assertThat(list().path(0).path("holdDeadline").asText())
        .isEqualTo(extended.text("holdDeadline"));

    until(
        "its first deadline is past",
        PATIENCE,
        () -> Instant.parse(buyer.polls().text("serverTime")).isAfter(deadline.plusSeconds(2)));
    assertThat(
            Buyer.guest(node.api())
                .isAdmitted()
                .holds(sale.scheduleId(), sale.seatId(0))
                .mustBe(200)
                .text("reason"))
        .isEqualTo("SEAT_TAKEN");
    buyer.charges(99_000).mustBe(200);
    buyer.pays(sale.scheduleId(), sale.seatId(0), 99_000).mustBe(201);
  }

  @Test
  void manyRequestsAtOnceProlongOnce() {
    Answer hold = holds(1);
    Instant deadline = Instant.parse(hold.text("holdDeadline"));
    List<CompletableFuture<Answer>> all =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    node.api()
                        .postAsync(
                            HOLDS + "/" + hold.text("holdId") + "/extend", buyer.token(), Map.of()))
            .toList();
    assertThat(all)
        .allSatisfy(
            answer ->
                assertThat(Instant.parse(answer.join().mustBe(200).text("holdDeadline")))
                    .isEqualTo(deadline.plus(EXTENSION)));
  }

  @Test
  void isItsHoldersAloneAndOnlyWhileItStands() {
    Answer hold = holds(2);
    Buyer other = Buyer.guest(node.api()).isAdmitted();
    extend(other, hold.text("holdId")).mustBeProblem(404, "NOT_FOUND");
    extend(buyer, "h999999999").mustBeProblem(404, "NOT_FOUND");
    extend(buyer, "x").mustBeProblem(404, "NOT_FOUND");
    node.api()
        .post(HOLDS + "/" + hold.text("holdId") + "/extend", null, Map.of())
        .mustBeProblem(401, "UNAUTHORIZED");
    until("the hold has ended", PATIENCE, () -> list().isEmpty());
    extend(buyer, hold.text("holdId")).mustBeProblem(404, "NOT_FOUND");
    until(
        "its seat is free",
        PATIENCE,
        () -> buyer.freeSeats(sale.scheduleId()).contains(sale.seatId(2)));
  }
}
