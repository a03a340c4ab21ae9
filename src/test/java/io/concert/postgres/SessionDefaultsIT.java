package io.concert.postgres;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Won;
import io.concert.reservation.SaleFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database whose administrator has other defaults than those that the guards rely on. */
class SessionDefaultsIT {
  private static final String ADMIT =
      """
      select user_number from admit($1, 0, array[$2::bigint], array[1], array[$2::bigint],
        array[0::bigint]) where admitted
      """;

  private final Vertx vertx = Vertx.vertx();
  private final TestDatabase database = TestDatabase.create();
  private Sql sql;

  @BeforeEach
  void setOtherDefaults() {
    database.execute(
        """
        do $$ begin
          execute format('alter database %I set default_transaction_isolation = %L',
            current_database(), 'repeatable read');
          execute format('alter database %I set timezone = %L', current_database(), 'Asia/Seoul');
        end $$
        """);
    sql = database.sql(vertx);
    // A connection, however long a busy machine takes for one.
    until(() -> sql.query("select 1", Tuple.tuple()).map(rows -> true).otherwise(false).await());
  }

  @AfterEach
  void close() {
    vertx.close().await();
    database.close();
  }

  /** Who waited for the room's row has to see whom the other one has let in. */
  @Test
  void capacityHoldsWhateverTheDefaultIsolation() throws SQLException {
    Future<RowSet<Row>> second;
    try (Connection plain = database.jdbc();
        Connection first = database.jdbc()) {
      SaleFixture sale = SaleFixture.create(plain, 1, new Won(1));
      sale.sql("update room set capacity = 2 where id = ?", sale.room().name());
      assertThat(sale.buyer(Won.ZERO).session().number()).isPositive();
      long ann = sale.stranger(Won.ZERO).user().number();
      long ben = sale.stranger(Won.ZERO).user().number();

      first.setAutoCommit(false);
      try (var admit = first.prepareStatement(ADMIT.replaceAll("\\$[12]", "?"))) {
        admit.setString(1, sale.room().name());
        admit.setLong(2, ann);
        admit.setLong(3, ann);
        assertThat(admit.executeQuery().next()).isTrue();
      }
      second = sql.query(ADMIT, Tuple.of(sale.room().name(), ben));
      database.awaitLockedOut(second);
      first.commit();
    }
    assertThat(second.await().size()).as("three in of two").isZero();
  }

  @Test
  void sessionsAreReadCommitted() {
    Row row =
        sql.query(
                "select current_setting('transaction_isolation') as isolation,"
                    + " current_setting('timezone') as zone",
                Tuple.tuple())
            .await()
            .iterator()
            .next();
    assertThat(row.getString("isolation")).isEqualTo("read committed");
    assertThat(row.getString("zone")).isEqualTo("UTC");
  }
}
