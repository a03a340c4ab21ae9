package io.concert.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The database's rows that the checker reads, a line each; ids as the contract writes them.
 *
 * @param schedules which dates, as SQL for the inside of an {@code in}
 * @param users numbers of which people, likewise
 * @param rooms ids of which rooms, likewise
 */
public record Dump(String schedules, String users, String rooms) {
  private static final Map<String, String> TABLES = new LinkedHashMap<>();

  static {
    TABLES.put("now", "select {micros clock_timestamp()} as micros");
    TABLES.put("setting", "select by_setting or by_webhooks as events from event_setting");
    TABLES.put(
        "session",
        """
        select s.room_id as room, u.uuid as "user", s.epoch, s.sequence, s.returned,
          {micros s.admitted_at} as "admittedMicros", {micros s.ends_at} as "endsMicros",
          {micros s.lasts_until} as "lastsMicros", {micros s.ended_at} as "endedMicros"
        from room_session s join app_user u on u.number = s.user_number
        where s.room_id in ({rooms}) and s.user_number in ({users}) order by s.id
        """);
    TABLES.put("room", "select id, capacity from room where id in ({rooms})");
    TABLES.put(
        "schedule",
        """
        select 's' || s.id as id, c.room_id as room, s.state, c.hold_limit as "holdLimit"
        from schedule s join concert c on c.id = s.concert_id where s.id in ({schedules})
        """);
    TABLES.put(
        "claim",
        """
        select 's' || c.schedule_id as schedule, c.seat as index, c.state, c.price, u.uuid as "user",
          {micros c.deadline} as "deadlineMicros"
        from seat_claim c left join app_user u on u.number = c.user_number
        where c.schedule_id in ({schedules}) order by c.schedule_id, c.seat
        """);
    TABLES.put(
        "bill",
        """
        select 'b' || b.id as id, 's' || b.schedule_id as schedule, b.seat as index, u.uuid as "user",
          b.price, 'h' || b.hold_id as hold, {micros b.created_at} as "createdMicros",
          b.refunded_at is not null as refunded
        from bill b join app_user u on u.number = b.user_number
        where b.schedule_id in ({schedules}) order by b.id
        """);
    TABLES.put(
        "entry",
        """
        select e.posting, e.amount, 'b' || e.bill_id as bill, u.uuid as "user"
        from ledger_entry e left join app_user u on u.number = e.user_number
        where e.bill_id in (select id from bill where schedule_id in ({schedules}))
          or e.posting in (select posting from ledger_entry where user_number in ({users}))
        order by e.id
        """);
    TABLES.put(
        "account",
        """
        select u.uuid as "user", a.balance from account a join app_user u on u.number = a.user_number
        where u.number in ({users}) order by u.number
        """);
    TABLES.put(
        "event",
        """
        select e.kind, 'b' || e.bill_id as bill from (
          select kind, bill_id, schedule_id from event
          union all select kind, bill_id, schedule_id from outbox) e
        where e.schedule_id in ({schedules})
        """);
  }

  /** Whatever there is. */
  static Dump all() {
    return new Dump(
        "select id from schedule", "select number from app_user", "select id from room");
  }

  /**
   * As one snapshot has it: rows of two tables that are read one after the other would not agree
   * while anything goes on.
   *
   * @param seats ids by index
   */
  public void write(Connection connection, IntFunction<String> seats, Path file)
      throws IOException, SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = connection.createStatement();
        BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Map.Entry<String, String> table : TABLES.entrySet()) {
        try (ResultSet rows =
            statement.executeQuery("select to_json(r) from (" + query(table.getValue()) + ") r")) {
          while (rows.next()) {
            ObjectNode row = (ObjectNode) HistoryLog.JSON.readTree(rows.getString(1));
            row.put("table", table.getKey());
            if (row.has("index")) {
              row.put("seat", seats.apply(row.get("index").asInt()));
            }
            out.write(row.toString());
            out.newLine();
          }
        }
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private String query(String text) {
    return text.replaceAll("\\{micros ([^}]+)\\}", "(extract(epoch from $1) * 1000000)::bigint")
        .replace("{schedules}", schedules)
        .replace("{users}", users)
        .replace("{rooms}", rooms);
  }
}
