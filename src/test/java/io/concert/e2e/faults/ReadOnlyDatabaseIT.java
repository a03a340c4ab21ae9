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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * A database that takes no changes: a standby after a failover, or a guard of its disk. That is an
 * outage, whatever is asked, and over when the database takes changes again.
 */
class ReadOnlyDatabaseIT {
  private static final String PAYMENTS_TOKEN = "e2e-payments-token";
  private static final String ADMIN = "/api/v1/admin";
  private static final Duration NOTICED = Duration.ofSeconds(30);

  @Test
  void everyCommandIsToldThatNothingHappenedAndHealthSaysDegraded() {
    try (TestService service =
        new TestService(
            Map.of(
                "ADMIN_TOKENS",
                "tester:operator:"
                    + TestService.ADMIN_TOKEN
                    + ",payer:payments:"
                    + PAYMENTS_TOKEN))) {
      ServiceProcess node = service.startNode();
      Api api = node.api();
      Sale sale = service.openSale(node, 4, 1_000);
      Sale other = service.openSale(node, 4, 1_000);
      Buyer buyer = Buyer.guest(api).isAdmitted();
      String bill = buyer.buys(sale.scheduleId(), sale.seatId(0)).text("billId");
      buyer.isAdmitted();
      buyer.charges(5_000).mustBe(200);
      buyer.holds(sale.scheduleId(), sale.seatId(1)).mustBe(200);

      takesChanges(service, false);
      until("degraded", NOTICED, () -> node.get("/health/ready").body().has("degraded"));

      commands(api, buyer, sale, other, bill)
          .forEach(
              (command, answer) -> {
                Answer told = answer.get();
                assertThat(told.status()).as("%s: %s", command, told.body()).isEqualTo(503);
                assertThat(told.text("code")).as(command).isEqualTo("UNAVAILABLE");
              });
      // Nobody else has the database either, so nobody is better for polls and lists.
      assertThat(node.get("/health/ready").status()).isEqualTo(200);
      buyer.seats(sale.scheduleId()).mustBe(200);

      takesChanges(service, true);
      until("well again", NOTICED, () -> !node.get("/health/ready").body().has("degraded"));
      assertThat(buyer.balance()).isEqualTo(5_000);
      buyer.pays(sale.scheduleId(), sale.seatId(1), sale.price()).mustBe(201);
      service.assertInvariants();
    }
  }

  private static Map<String, Supplier<Answer>> commands(
      Api api, Buyer buyer, Sale sale, Sale other, String bill) {
    String admin = TestService.ADMIN_TOKEN;
    Map<String, Supplier<Answer>> commands = new LinkedHashMap<>();
    commands.put("make a user", () -> api.post("/api/v1/users", null, Map.of()));
    commands.put("charge", () -> buyer.charges(1_000));
    commands.put("hold", () -> buyer.holds(sale.scheduleId(), sale.seatId(2)));
    commands.put(
        "hold the best",
        () ->
            api.post(
                "/api/v1/reservations/holds",
                buyer.token(),
                Map.of("scheduleId", sale.scheduleId(), "count", 1)));
    commands.put("pay", () -> buyer.pays(sale.scheduleId(), sale.seatId(1), sale.price()));
    commands.put(
        "give a hold back",
        () ->
            api.send(
                "DELETE",
                "/api/v1/reservations/seats/" + sale.scheduleId() + "/" + sale.seatId(1),
                buyer.token(),
                null));
    commands.put(
        "refund",
        () -> api.send("POST", "/api/v1/accounts/bills/" + bill + "/refund", buyer.token(), null));
    commands.put(
        "make a concert",
        () ->
            api.post(
                ADMIN + "/concerts",
                admin,
                Map.of("title", "Another", "venue", "Hall", "timeZone", "Asia/Seoul")));
    commands.put(
        "make a date",
        () ->
            api.post(
                ADMIN + "/schedules",
                admin,
                Map.of("concertId", sale.concertId(), "startsAt", "2099-01-02T10:00:00Z")));
    String schedule = ADMIN + "/schedules/" + other.scheduleId();
    commands.put(
        "change a date",
        () -> api.patch(schedule, admin, Map.of("closesAt", "2098-12-31T10:00:00Z")));
    commands.put(
        "import a layout",
        () ->
            api.sendAs(
                "text/csv",
                "PUT",
                schedule + "/layout",
                admin,
                "section,row,seat_no,x,y,grade,price\nA,1,1,1,1,R,1000\n"));
    commands.put("close a sale", () -> api.send("POST", schedule + "/close", admin, null));
    commands.put("cancel a date", () -> api.send("POST", schedule + "/cancel", admin, null));
    commands.put(
        "refund for somebody",
        () -> api.send("POST", ADMIN + "/bills/" + bill + "/refund", PAYMENTS_TOKEN, null));
    return commands;
  }

  /** As a failover looks to the service: the connections end, the new ones can't write. */
  private static void takesChanges(TestService service, boolean yes) {
    String name = service.database().name();
    service
        .database()
        .execute(
            "begin read write; alter database %s set default_transaction_read_only = %s; commit"
                .formatted(name, yes ? "off" : "on"));
    service
        .database()
        .execute(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
            """);
  }
}
