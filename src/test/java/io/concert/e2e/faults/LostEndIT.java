package io.concert.e2e.faults;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.Answer;
import io.concert.e2e.Buyer;
import io.concert.e2e.ServiceProcess;
import io.concert.e2e.TestService;
import io.concert.e2e.TestService.Sale;
import io.concert.postgres.OwnServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes whose database goes back to a copy of its files: what it has lost, they forget. */
class LostEndIT {
  private static final long PRICE = 132_000;
  private static final Duration OUTAGE = Duration.ofSeconds(60);

  /**
   * Somebody on a busy machine is let in after the answer, and would be somebody else each time.
   */
  private static final int POLLS = 20;

  private static final Duration POLL_EVERY = Duration.ofMillis(100);

  @TempDir private Path directory;
  private OwnServer server;
  private TestService service;

  @BeforeEach
  void start() {
    server = OwnServer.start(directory);
    service =
        new TestService(
            Map.of(
                "DATABASE_URL", server.url(), "QUEUE_CAPACITY", "1", "QUEUE_REENTRY_SECONDS", "1"));
  }

  @AfterEach
  void stop() {
    service.close();
    server.close();
  }

  /** Neither may stand in anybody's way for as long as nodes remember them. */
  @Test
  void seatAndSlotOfALostPurchaseAreFree() {
    ServiceProcess first = service.startNode();
    ServiceProcess second = service.startNode();
    Sale sale = service.openSale(first, 2, PRICE);
    server.makeCopy();
    Buyer lost = getsIn(first);
    lost.buys(sale.scheduleId(), sale.seatId(0));
    getsIn(second);

    server.putCopyBack();

    Buyer next = getsIn(second);
    until(
        "the seat can be had",
        OUTAGE,
        () -> {
          Answer hold = next.holds(sale.scheduleId(), sale.seatId(0));
          return hold.status() == 200 && hold.body().get("isReserved").asBoolean();
        });
    assertThat(next.seats(sale.scheduleId()).mustBe(200).body().get("seatIds")).hasSize(1);
    assertThat(first.log() + second.log()).contains("has gone back to an earlier state");
  }

  /** A new guest, as soon as the database can be asked and there is a free slot. */
  private static Buyer getsIn(ServiceProcess node) {
    AtomicReference<Buyer> in = new AtomicReference<>();
    until(
        "somebody new is let in",
        OUTAGE,
        () -> {
          if (node.api().post("/api/v1/users", null, Map.of()).status() != 201) {
            return false;
          }
          Buyer buyer = Buyer.guest(node.api());
          Answer told = buyer.entersQueue();
          if (told.status() != 201) {
            return false;
          }
          for (int polls = 0; polls < POLLS && !isIn(told); polls++) {
            letPass(POLL_EVERY);
            told = buyer.polls();
          }
          if (isIn(told)) {
            in.set(buyer);
          } else {
            buyer.leaves();
          }
          return in.get() != null;
        });
    return in.get();
  }

  private static boolean isIn(Answer told) {
    return told.status() / 100 == 2 && told.text("state").equals("ACTIVE");
  }
}
