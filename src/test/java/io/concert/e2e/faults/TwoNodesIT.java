package io.concert.e2e.faults;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.Answer;
import io.concert.e2e.Api;
import io.concert.e2e.Buyer;
import io.concert.e2e.ServiceProcess;
import io.concert.e2e.TestService;
import io.concert.e2e.TestService.Sale;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes on one database: one queue, one set of seats, and either may die. */
class TwoNodesIT {
  private static final long PRICE = 132_000;
  private static final Duration RECOVERY = Duration.ofSeconds(15);

  private TestService service;
  private ServiceProcess first;
  private ServiceProcess second;

  @BeforeEach
  void start() {
    service = new TestService(Map.of("QUEUE_CAPACITY", "2"));
    first = service.startNode();
    second = service.startNode();
  }

  @AfterEach
  void stop() {
    service.assertInvariants();
    service.close();
  }

  @Test
  void buyerGoesFromNodeToNode() {
    Sale sale = service.openSale(first, 2, PRICE);
    Buyer buyer = Buyer.guest(first.api());
    Answer entered = buyer.entersQueue().mustBe(201);

    assertThat(buyer.at(second.api()).entersQueue().mustBe(202).text("jwt"))
        .isEqualTo(entered.text("jwt"));
    buyer.isAdmitted().holds(sale.scheduleId(), sale.seatId(0)).mustBe(200);
    Buyer other = Buyer.guest(first.api()).isAdmitted();
    assertThat(other.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200).text("reason"))
        .isEqualTo("SEAT_TAKEN");
    buyer.at(first.api()).charges(PRICE).mustBe(200);
    buyer.pays(sale.scheduleId(), sale.seatId(0), PRICE).mustBe(201);
    assertThat(other.at(second.api()).freeSeats(sale.scheduleId())).containsExactly(sale.seatId(1));
  }

  /** The other node may have looked at the room a moment before somebody was let in. */
  @Test
  void whoIsInAtOneNodeDoesNotWaitAtTheOther() {
    Buyer waiting = Buyer.guest(second.api());
    waiting.isAdmitted();
    for (int i = 0; i < 50; i++) {
      Buyer buyer = Buyer.guest(first.api());
      waiting.polls();
      buyer.isAdmitted();
      buyer.at(second.api());
      assertThat(buyer.polls().mustBe(202).text("state")).as("buyer " + i).isEqualTo("ACTIVE");
      buyer.leaves().mustBe(204);
    }
  }

  /** Whichever node owns queue and seats: one of the two runs kills the owner. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingIsLostWhenANodeIsKilled(boolean killFirst) {
    Sale sale = service.openSale(first, 10, PRICE);
    Buyer paid = Buyer.guest(first.api()).isAdmitted();
    paid.buys(sale.scheduleId(), sale.seatId(0));
    Buyer holder = Buyer.guest(second.api()).isAdmitted();
    holder.charges(PRICE).mustBe(200);
    holder.holds(sale.scheduleId(), sale.seatId(1)).mustBe(200);
    Buyer active = Buyer.guest(first.api()).isAdmitted();
    Buyer third = Buyer.guest(first.api());
    Buyer fourth = Buyer.guest(second.api());
    third.entersQueue().mustBe(201);
    fourth.entersQueue().mustBe(201);

    (killFirst ? first : second).kill();
    Api survivor = (killFirst ? second : first).api();
    Buyer.all(buyer -> buyer.at(survivor), paid, holder, active, third, fourth);

    assertThat(answer(third).number("waitingUserNum")).isEqualTo(1);
    assertThat(answer(fourth).number("waitingUserNum")).isEqualTo(2);
    assertThat(answer(active).text("state")).isEqualTo("ACTIVE");
    until(
        "the survivor answers for the seats",
        RECOVERY,
        () -> active.holds(sale.scheduleId(), sale.seatId(1)).status() == 200);
    assertThat(active.holds(sale.scheduleId(), sale.seatId(1)).mustBe(200).text("reason"))
        .isEqualTo("SEAT_TAKEN");
    assertThat(active.holds(sale.scheduleId(), sale.seatId(0)).mustBe(200).text("reason"))
        .isEqualTo("SEAT_TAKEN");
    holder.pays(sale.scheduleId(), sale.seatId(1), PRICE).mustBe(201);
    isLetIn(third);
    until(
        "a seat can be held again",
        RECOVERY,
        () -> third.holds(sale.scheduleId(), sale.seatId(2)).status() == 200);
    third.buys(sale.scheduleId(), sale.seatId(2));
    assertThat(paid.balance()).isZero();
  }

  /** Who is next is admitted once the survivor has taken over the queue; before it may say 503. */
  private static void isLetIn(Buyer next) {
    until(
        "the survivor lets in who is next",
        RECOVERY,
        () -> {
          Answer polled = next.polls();
          return polled.status() < 503 && polled.text("state").equals("ACTIVE");
        });
  }

  /** The first after those of an outage: until the survivor is sure it says nothing of places. */
  private static Answer answer(Buyer buyer) {
    AtomicReference<Answer> last = new AtomicReference<>(buyer.polls());
    until(
        "the survivor answers for the queue",
        RECOVERY,
        () -> {
          if (last.get().status() >= 503) {
            last.set(buyer.polls());
          }
          return last.get().status() < 503;
        });
    return last.get().mustBe(202);
  }
}
