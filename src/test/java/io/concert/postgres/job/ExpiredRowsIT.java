package io.concert.postgres.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.postgres.TestDatabase;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

class ExpiredRowsIT {
  @Test
  void deletesWhatIsTooOldAndNothingElse() {
    Vertx vertx = Vertx.vertx();
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(
          """
          insert into command_batch (id, at)
          select gen_random_uuid(), clock_timestamp() - n * interval '59 minutes 30 seconds'
          from generate_series(1, 2500) n
          """);
      database.execute(
          """
          insert into idempotency_key (id, body, answer, created_at)
          select gen_random_uuid(), gen_random_uuid(), '[]',
            clock_timestamp() - n * interval '23 hours 59 minutes'
          from generate_series(1, 2500) n
          """);

      new ExpiredRows(database.sql(vertx)).delete().await();

      assertThat(database.number("select count(*) from command_batch")).isEqualTo(1);
      assertThat(database.number("select count(*) from idempotency_key")).isEqualTo(1);
    } finally {
      vertx.close().await();
    }
  }
}
