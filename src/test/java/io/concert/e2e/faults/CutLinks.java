package io.concert.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.e2e.Answer;
import io.concert.e2e.Api;
import io.concert.e2e.ServiceProcess;
import io.concert.e2e.TestService;
import io.concert.e2e.TestService.Sale;
import io.concert.e2e.faults.StubbornBuyers.Purchase;
import io.concert.postgres.CuttingProxy;
import io.concert.postgres.CuttingProxy.Cut;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One node sells while its links to the database are cut at random moments: before a request
 * arrives, while the server is at work, after its commit and before the reply. Every buyer must end
 * with exactly the one seat, bill and debit that it was told of.
 */
final class CutLinks {
  private static final long PRICE = 99_000;
  private static final int AT_ONCE = 32;

  /** A silent link is noticed after seconds only, so few of them are made. */
  private static final Cut[] CUTS = {
    Cut.BEFORE_REQUEST, Cut.AFTER_REQUEST, Cut.BEFORE_REPLY, Cut.AFTER_REQUEST, Cut.BEFORE_REPLY
  };

  private CutLinks() {}

  /**
   * @param cuts how many there were
   * @param unavailable how many answers said that nothing had happened
   * @param unknown how many said that it isn't known
   */
  record Outcome(int purchases, int cuts, int unavailable, int unknown) {}

  /** Fails if the books are not what the buyers were told. */
  static Outcome sell(int purchases, int cutEveryMillis, long seed)
      throws InterruptedException, ExecutionException {
    Vertx vertx = Vertx.vertx();
    try (TestService service =
            new TestService(Map.of("QUEUE_CAPACITY", "1000", "LOG_LEVEL", "error"));
        CuttingProxy proxy = CuttingProxy.before(vertx, service.database().url())) {
      service.databaseIsAt(proxy.url());
      ServiceProcess node = service.startNode();
      Sale sale = service.openSale(node, purchases, PRICE);
      StubbornBuyers buyers = new StubbornBuyers(node.api(), sale);
      List<Purchase> bought = whileCutting(proxy, cutEveryMillis, seed, buyers, purchases);
      bought.forEach(one -> check(node.api(), one));
      service.assertInvariants();
      assertThat(service.database().number("select count(*) from bill")).isEqualTo(purchases);
      assertThat(service.database().number("select count(*) from ledger_entry"))
          .isEqualTo(4L * purchases);
      return new Outcome(purchases, proxy.cuts(), buyers.unavailable(), buyers.unknown());
    } finally {
      vertx.close().await();
    }
  }

  private static List<Purchase> whileCutting(
      CuttingProxy proxy, int everyMillis, long seed, StubbornBuyers buyers, int purchases)
      throws InterruptedException, ExecutionException {
    Random random = new Random(seed);
    ScheduledExecutorService knife = Executors.newSingleThreadScheduledExecutor();
    try {
      cutAgain(knife, proxy, everyMillis, random);
      return buyers.buy(purchases, AT_ONCE);
    } finally {
      knife.shutdownNow();
      proxy.cutOnce(Cut.NEVER);
    }
  }

  /**
   * At random moments: in step with anyone who repeats something every 100 ms it would cut that
   * alone.
   */
  private static void cutAgain(
      ScheduledExecutorService knife, CuttingProxy proxy, int everyMillis, Random random) {
    var unused =
        knife.schedule(
            () -> {
              proxy.cutOnce(CUTS[random.nextInt(CUTS.length)]);
              cutAgain(knife, proxy, everyMillis, random);
            },
            1 + random.nextInt(2 * everyMillis),
            TimeUnit.MILLISECONDS);
  }

  private static void check(Api api, Purchase bought) {
    Answer bills = api.get("/api/v1/accounts/bills", bought.jwt()).mustBe(200);
    assertThat(bills.body().get("items")).hasSize(1);
    assertThat(bills.body().get("items").get(0).get("billId"))
        .isEqualTo(bought.bill().get("billId"));
    assertThat(
            api.patch("/api/v1/accounts/balances", null, Map.of("userId", bought.uuid()))
                .mustBe(200)
                .number("balance"))
        .isZero();
  }
}
