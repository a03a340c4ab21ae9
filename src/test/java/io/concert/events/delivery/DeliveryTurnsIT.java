package io.concert.events.delivery;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.events.api.WebhookId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** One node at a time delivers to a webhook, and another one goes on where it was. */
class DeliveryTurnsIT extends DeliveryFixture {
  /** Two nodes, and the one that delivers is lost with all that it was at: nothing is released. */
  @Test
  void anotherNodeTakesOver() {
    var unused = webhook();
    publish(1, 1, 1, 3);
    Vertx lost = Vertx.vertx();
    Context first = node(lost, database.sql(lost), QUICK).context();
    untilTaken(3);
    node(sql);
    letPass(Duration.ofSeconds(1));
    publish(1, 1, 4, 6);
    untilTaken(6);
    assertThat(receiver.taken()).as("one node at a time").doesNotHaveDuplicates();
    String owner = owner();

    // As good as dead: nothing of it runs.
    var frozen = new CountDownLatch(1);
    first.runOnContext(
        go -> {
          try {
            frozen.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    publish(1, 1, 7, 9);

    untilTaken(9);
    assertThat(owner()).isNotEqualTo(owner);
    assertThat(seatsBySchedule().get("s1")).isEqualTo(numbers(1, 9));

    // It wakes up and finds that its turn is over.
    frozen.countDown();
    publish(1, 1, 10, 12);
    untilTaken(12);
    letPass(Duration.ofSeconds(1));
    assertThat(seatsBySchedule().get("s1")).isEqualTo(numbers(1, 12));
    lost.close().await();
  }

  private String owner() {
    try (var connection = database.jdbc();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select owner::text from webhook")) {
      return rows.next() ? rows.getString(1) : "none";
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** What was delivered but couldn't be noted is delivered again, under the same id. */
  @Test
  void whatWasNotNotedIsDeliveredAgain() {
    var unused = webhook();
    publish(1, 1, 1, 3);
    database.execute(
        """
        create function lose_the_note() returns trigger language plpgsql as $$
        begin raise exception 'lost' using errcode = 'connection_failure'; end $$;
        create trigger lose_the_note before insert or update on webhook_lane
          for each row when (new.attempts = 0) execute function lose_the_note();
        """);
    node(sql);
    until(() -> receiver.deliveries.size() >= 2);
    database.execute("drop trigger lose_the_note on webhook_lane");
    until(() -> database.number("select count(*) from webhook_lane where done = 3") == 1);

    List<String> bodies =
        receiver.deliveries.stream().map(delivery -> delivery.body().toString()).toList();
    assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
    assertThat(receiver.taken()).startsWith("e1", "e2", "e3", "e1", "e2", "e3");
    publish(1, 1, 4, 4);
    until(() -> receiver.taken().contains("e4"));
  }

  /** A node that was paused and comes back knows of its turn only what it knew. */
  @Test
  void notesOfATurnThatIsOverCountForNothing() {
    WebhookId id = webhook();
    publish(1, 1, 1, 3);
    long fence = database.number("select fence from webhook");
    database.execute("select count(*) from lease_webhooks(gen_random_uuid(), 60000)");
    assertThat(database.number("select fence from webhook")).isGreaterThan(fence);
    database.execute("select note_delivered(%d, %d, 's1', 3)".formatted(id.number(), fence));
    database.execute(
        "select note_failed(%d, %d, 's1', 3, 'x', 0, 1)".formatted(id.number(), fence));
    assertThat(database.number("select count(*) from webhook_lane")).isZero();
    assertThat(database.number("select count(*) from dead_letter")).isZero();
  }

  @Test
  void leavesItsTurnToOthersWhenItEnds() {
    var unused = webhook();
    DeliverySettings longTurns =
        new DeliverySettings(
            QUICK.look(),
            Duration.ofMinutes(5),
            QUICK.timeout(),
            QUICK.attempts(),
            QUICK.firstPause(),
            QUICK.longestPause());
    String first = node(vertx, sql, longTurns).id();
    publish(1, 1, 1, 1);
    until(
        "first",
        Duration.ofSeconds(80),
        () ->
            receiver.taken().size() == 1
                || database.number("select count(*) from webhook where owner is not null") > 0);
    vertx.undeploy(first).await();
    assertThat(database.number("select count(*) from webhook where owner is null")).isEqualTo(1);
  }
}
