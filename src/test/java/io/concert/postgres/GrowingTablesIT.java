package io.concert.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Won;
import io.concert.reservation.SaleFixture;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A connection keeps the plans of its first calls while a sale fills the tables. They must go from
 * a batch's rows through indexes; a plan that is as good on an empty table, or while nobody is in
 * and nothing is held, but reads all of it, would make each purchase slower than the one before.
 */
@ParameterizedClass
@EnumSource(GrowingTablesIT.Statistics.class)
class GrowingTablesIT {
  /** What the database knows of its tables when it plans. */
  enum Statistics {
    NONE,
    /** After a sale: all its sessions are over, no seat is held. */
    OF_A_QUIET_HOUR
  }

  private static final String END_DUE_SESSIONS = "select * from end_due_sessions()";
  private static final String FREE_DUE_CLAIMS = "select * from free_due_claims(1000)";

  private static final int PEOPLE_BEFORE = 10_000;
  private static final int PEOPLE = 3_000;

  /** For a batch of one: each row a few times, and what indexes lead to in vain. */
  private static final int FEW = 60;

  private static TestDatabase database;
  private static Connection connection;
  private static SaleFixture sale;

  /** Of a user; the next one is the first who is in. */
  private static long lastBefore;

  /** What they say is known to the set-up alone. */
  GrowingTablesIT(Statistics statistics) {}

  @BeforeParameterizedClassInvocation
  static void planAndFillTables(Statistics statistics) throws SQLException {
    database = TestDatabase.create();
    connection = database.jdbc();
    for (String table : new String[] {"room_session", "seat_claim", "bill", "ledger_entry"}) {
      execute("alter table " + table + " set (autovacuum_enabled = false)");
    }
    if (statistics == Statistics.OF_A_QUIET_HOUR) {
      sellOut();
    }
    for (int i = 0; i < 6; i++) {
      execute(hold(0, 0, 0));
      execute(release(0, 0, 0));
      execute(pay(0, 0, 0));
      execute(charge(0));
      execute(refund(0));
      execute(leave(0));
      execute(endHold(0, 0));
      execute(block(0, 0));
      execute(admit("nowhere", 0));
      execute(END_DUE_SESSIONS);
      execute(FREE_DUE_CLAIMS);
    }
    sale = SaleFixture.create(connection, 2 * PEOPLE, new Won(1_000));
    lastBefore = database.number("select count(*) from app_user");
    letIn(PEOPLE);
    execute(
        """
        update seat_claim c set state = 1, user_number = s.user_number, session_id = s.id,
          hold_id = nextval('fence'), fence = nextval('fence'), held_at = now(),
          deadline = now() + interval '1 hour'
        from room_session s
        where c.schedule_id = %d and s.ended_at is null and c.seat = s.sequence - 1
        """
            .formatted(schedule()));
  }

  /** As the sale before this one left the tables. */
  private static void sellOut() throws SQLException {
    sale = SaleFixture.create(connection, PEOPLE_BEFORE, new Won(1_000));
    letIn(PEOPLE_BEFORE);
    execute(
        """
        update seat_claim c set state = 2, user_number = s.user_number, session_id = s.id,
          hold_id = nextval('fence'), fence = nextval('fence'), held_at = now()
        from room_session s
        where c.schedule_id = %d and c.seat = s.sequence - 1
        """
            .formatted(schedule()));
    execute(
        """
        insert into bill (schedule_id, seat, user_number, price, hold_id, created_at)
        select schedule_id, seat, user_number, price, hold_id, now() from seat_claim
        """);
    execute("update room_session set ended_at = now()");
    execute("analyze");
  }

  /** Makes users who have money and lets them in at the places from 1 on. */
  private static void letIn(int people) throws SQLException {
    execute(
        """
        with people as (
          insert into app_user (uuid) select gen_random_uuid() from generate_series(1, %d)
          returning number
        ), accounts as (
          insert into account (user_number, balance) select number, 10000 from people
        ), charged as (
          insert into ledger_entry (posting, account, user_number, amount, created_at)
          select number, e.account, case when e.account = 0 then number end, e.amount, now()
          from people cross join (values (0, 10000), (1, -10000)) as e (account, amount)
        )
        insert into room_session
          (room_id, user_number, epoch, sequence, arrived_at, admitted_at, ends_at, lasts_until)
        select '%s', number, 1, row_number() over (order by number), now(), now(),
          now() + interval '1 hour', now() + interval '1 hour'
        from people
        order by number
        """
            .formatted(people, sale.room().name()));
  }

  @AfterParameterizedClassInvocation
  static void close() throws SQLException {
    connection.close();
    database.close();
  }

  /** The people who came last: a plan that reads all stops at the first ones that fit. */
  @Test
  void eachCommandReadsItsOwnRowsOnly() throws SQLException {
    long last = lastBefore + PEOPLE;
    SoftAssertions soft = new SoftAssertions();
    soft.assertThat(rowsReadBy(hold(last, schedule(), PEOPLE + 1)))
        .as("hold")
        .isBetween(1L, (long) FEW);
    soft.assertThat(rowsReadBy(release(last - 1, schedule(), PEOPLE - 2)))
        .as("release")
        .isBetween(1L, (long) FEW);
    soft.assertThat(rowsReadBy(pay(last - 2, schedule(), PEOPLE - 3)))
        .as("pay")
        .isBetween(1L, (long) FEW);
    soft.assertThat(rowsReadBy(charge(last - 3))).as("charge").isBetween(1L, (long) FEW);
    soft.assertThat(rowsReadBy(leave(last - 4))).as("leave").isBetween(1L, (long) FEW);
    soft.assertThat(rowsReadBy(endHold(schedule(), PEOPLE - 6)))
        .as("end a hold")
        .isBetween(1L, (long) FEW);
    soft.assertThat(rowsReadBy(block(schedule(), PEOPLE + 2)))
        .as("block")
        .isBetween(1L, (long) FEW);
    long billBefore = database.number("select coalesce(max(id), 0) from bill");
    execute(
        """
        insert into bill (schedule_id, seat, user_number, price, hold_id, created_at)
        select %d, 10 + n, %d + 10 + n, 1000, n, now() from generate_series(1, 1000) n
        """
            .formatted(schedule(), lastBefore));
    soft.assertThat(rowsReadBy(refund(billBefore + 500))).as("refund").isBetween(1L, (long) FEW);
    soft.assertAll();
  }

  /** All who are in are counted, once. */
  @Test
  void admissionReadsTheLiveSessionsOnce() throws SQLException {
    assertThat(rowsReadBy(admit(sale.room().name(), lastBefore + PEOPLE)))
        .isBetween((long) PEOPLE, (long) PEOPLE + FEW);
  }

  /** What nobody waits for, but each node does it each second. */
  @Test
  void whatIsntDueIsntRead() throws SQLException {
    SoftAssertions soft = new SoftAssertions();
    soft.assertThat(rowsReadBy(END_DUE_SESSIONS)).as("sessions").isLessThanOrEqualTo(FEW);
    soft.assertThat(rowsReadBy(FREE_DUE_CLAIMS)).as("claims").isLessThanOrEqualTo(FEW);
    execute("update room_session set lasts_until = now() where id = %d".formatted(lastBefore + 7));
    execute(
        "update seat_claim set deadline = now() where schedule_id = %d and seat = 8"
            .formatted(schedule()));
    soft.assertThat(rowsReadBy(END_DUE_SESSIONS)).as("a due session").isBetween(1L, (long) FEW);
    soft.assertThat(rowsReadBy(FREE_DUE_CLAIMS)).as("a due claim").isBetween(1L, (long) FEW);
    soft.assertAll();
  }

  private static String endHold(long schedule, int seat) {
    return "select end_hold(%d, %d)".formatted(schedule, seat);
  }

  private static String block(long schedule, int seat) {
    return """
        select block_seats(%d, (
          select encode(substring(digest from 1 for 8), 'hex') from layout l
          join schedule s on s.layout_id = l.id where s.id = %1$d), array[%d], null, 'o')
        """
        .formatted(schedule, seat);
  }

  private static long rowsReadBy(String call) throws SQLException {
    connection.setAutoCommit(false);
    try {
      long before = rowsRead();
      execute(call);
      return rowsRead() - before;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static long rowsRead() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))"
                    + " from pg_stat_xact_user_tables")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static long schedule() {
    return sale.schedule().number();
  }

  private static String hold(long user, long schedule, int seat) {
    return "select * from hold_seats(null, null, array['%s'], array[%d]::bigint[], array[%d]::bigint[], array[0], array[%d], 60000)"
        .formatted(user == 0 ? "nowhere" : sale.room().name(), user, schedule, seat);
  }

  private static String release(long user, long schedule, int seat) {
    return "select * from release_seats(null, null, array[%d]::bigint[], array[%d]::bigint[], array[%d])"
        .formatted(user, schedule, seat);
  }

  private static String pay(long user, long schedule, int seat) {
    return "select * from pay_for_seats(array[0], array[%d]::bigint[], array['%s'], array[%d]::bigint[], array[%d], array[1000]::bigint[], array[null]::uuid[], array[null]::uuid[], true)"
        .formatted(user, user == 0 ? "nowhere" : sale.room().name(), schedule, seat);
  }

  private static String charge(long user) {
    return "select * from charge_accounts(array[%d]::bigint[], array[5]::bigint[], array[1000000]::bigint[], array[null]::uuid[], array[null]::uuid[])"
        .formatted(user);
  }

  private static String refund(long bill) {
    return "select * from refund_bills(array[%d]::bigint[], array[null]::bigint[], array[1000000]::bigint[], array['operator'], array['admin'], array['request'], array[null]::uuid[], array[null]::uuid[])"
        .formatted(bill);
  }

  private static String leave(long user) {
    return "select * from end_session('%s', %d, %d)"
        .formatted(user == 0 ? "nowhere" : sale.room().name(), user, user);
  }

  private static String admit(String room, long user) {
    return "select * from admit('%s', 0, array[%d]::bigint[], array[2], array[%d]::bigint[], array[0]::bigint[])"
        .formatted(room, user, user);
  }

  private static void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
