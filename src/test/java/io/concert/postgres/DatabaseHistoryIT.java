package io.concert.postgres;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server that is restarted, put back to a copy of its files, and failed over. */
class DatabaseHistoryIT {
  private static final String NEW_PERSON = "insert into app_user (uuid) values (gen_random_uuid())";
  private static final String NEWEST_PERSON = "select max(number) from app_user";

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private OwnServer server;
  private DatabaseHistory first;
  private DatabaseHistory second;
  private final AtomicInteger told = new AtomicInteger();

  @BeforeEach
  void start() {
    server = OwnServer.start(directory);
    first = DatabaseHistory.start(server.sql(vertx)).await();
    second = DatabaseHistory.start(server.sql(vertx)).await();
    first.whenAnother(told::incrementAndGet);
    second.whenAnother(told::incrementAndGet);
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    server.close();
  }

  @Test
  void aServerThatIsRestartedHasTheSameHistory() {
    long before = look(first);
    server.makeCopy();

    server.restart();

    assertThat(look(first)).isEqualTo(before);
    assertThat(look(second)).isEqualTo(before);
    assertThat(look(first)).isEqualTo(before);
    assertThat(told).hasValue(0);
  }

  @Test
  void filesThatArePutBackAreAnotherHistoryWhoeverNotices() {
    server.makeCopy();
    long before = look(first);
    assertThat(look(second)).isEqualTo(before);

    server.putCopyBack();

    assertThat(look(first)).isEqualTo(before + 1);
    assertThat(look(second)).as("noticed once").isEqualTo(before + 1);
    assertThat(look(first)).isEqualTo(before + 1);
    assertThat(told).hasValue(2);
    assertThat(DatabaseHistory.start(server.sql(vertx)).await().number()).isEqualTo(before + 1);
  }

  /** Tokens of people who were lost must not open the accounts of those who come after them. */
  @Test
  void numbersThatWereLostAreNotGivenAgain() {
    server.makeCopy();
    look(first);
    server.execute(NEW_PERSON);
    server.execute(NEW_PERSON);
    long lost = server.number(NEWEST_PERSON);

    server.putCopyBack();
    look(first);
    look(second);
    server.execute(NEW_PERSON);

    assertThat(server.number(NEWEST_PERSON)).isBetween(lost + 900_000, lost + 1_100_000);
  }

  /** What a node did between its last look and the loss. */
  @Test
  void whatWasCommittedSinceTheLastLookIsMissed() {
    Sql sql = server.sql(vertx);
    var third = DatabaseHistory.start(sql).await();
    long before = third.number();
    server.makeCopy();
    until(() -> sql.witnessedQuery("select 1", Tuple.tuple()).map(true).otherwise(false).await());

    server.putCopyBack();

    assertThat(look(third)).isEqualTo(before + 1);
    assertThat(look(third)).as("noticed once").isEqualTo(before + 1);
  }

  /** Others have written more than was lost: neither the log's end nor any count is behind. */
  @Test
  void filesThatArePutBackAreNoticedHoweverMuchIsWrittenSince() {
    server.makeCopy();
    long before = look(first);

    server.putCopyBack();
    server.execute(
        "create table filler as select n, repeat('x', 500) from generate_series(1, 20000) n");

    assertThat(look(first)).isEqualTo(before + 1);
  }

  @Test
  void itIsNoticedAgainAlsoIfTheFirstNoticeIsLost() {
    server.makeCopy();
    long before = look(first);
    server.putCopyBack();
    assertThat(look(first)).isEqualTo(before + 1);

    server.putCopyBack();

    assertThat(look(first)).isEqualTo(before + 2);
    assertThat(look(second)).isEqualTo(before + 2);
  }

  /** A standby's log ends where it likes, so a promotion is one even if nothing was lost. */
  @Test
  void aStandbyThatIsPromotedIsAnotherHistory() throws SQLException {
    server.makeCopy();
    long before = first.number();

    server.failOver();

    assertThat(look(first)).isEqualTo(before + 1);
    assertThat(look(second)).isEqualTo(before + 1);
    assertThat(look(first)).isEqualTo(before + 1);
  }

  @Test
  void aDumpInAnotherServerIsNoticedByTheFirstNodeThatStarts() {
    server.execute("update installation set system_identifier = system_identifier - 1");

    var third = DatabaseHistory.start(server.sql(vertx)).await();

    assertThat(third.number()).isEqualTo(first.number() + 1);
    assertThat(look(first)).isEqualTo(third.number());
  }

  /** A look whose answer was lost may have written or not, and may still write. */
  @Test
  void aLookThatFailedIsNoReasonForAlarm() {
    var proxy = CuttingProxy.before(vertx, server.url());
    var cut = DatabaseHistory.start(Database.migrated(proxy.url(), 1).sql(vertx)).await();
    long before = cut.number();
    for (CuttingProxy.Cut when :
        new CuttingProxy.Cut[] {CuttingProxy.Cut.BEFORE_REPLY, CuttingProxy.Cut.BEFORE_REQUEST}) {
      proxy.cutOnce(when);
      assertThat(cut.look().map(number -> true).otherwise(false).await()).isFalse();
      until(() -> cut.look().map(number -> true).otherwise(false).await());

      assertThat(cut.number()).isEqualTo(before);
    }
    proxy.close();
  }

  /** After a restart the pool hands out dead connections for a while. */
  @CanIgnoreReturnValue
  private static long look(DatabaseHistory history) {
    until(
        "the database can be asked",
        Duration.ofSeconds(30),
        () -> history.look().map(number -> true).otherwise(false).await());
    return history.number();
  }
}
