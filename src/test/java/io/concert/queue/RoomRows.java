package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Set-up and looks by plain SQL around one waiting room, over a connection of its own. */
public final class RoomRows implements AutoCloseable {
  /** 32 bytes in hexadecimal. */
  static final String SEED = "0123456789abcdef".repeat(4);

  private final Connection connection;
  private final RoomId room;

  RoomRows(TestDatabase database, RoomId room) {
    try {
      this.connection = database.jdbc();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    this.room = room;
  }

  void create(int capacity, int sessionSeconds) {
    execute(
        "insert into room (id, capacity, session_seconds) values ('%s', %d, %d)"
            .formatted(room, capacity, sessionSeconds));
  }

  /** Changes the room's row as an operator may. */
  void set(String assignments) {
    execute("update room set %s where id = '%s'".formatted(assignments, room));
  }

  /** An opening to come; its seed is that of {@link #SEED}. */
  void planDraw(int number, int firstEpoch, String opensAt) {
    execute(
        """
        insert into room_draw (room_id, number, first_epoch, seed, opens_at)
        values ('%s', %d, %d, '\\x%s', %s)
        """
            .formatted(room, number, firstEpoch, SEED, opensAt));
  }

  /** Moves the times by which the live sessions had to be used into the past. */
  void passActBy() {
    execute(
        """
        update room_session set act_by = clock_timestamp() - interval '1 millisecond'
        where room_id = '%s' and ended_at is null and act_by is not null
        """
            .formatted(room));
  }

  /** New users' numbers, ascending. */
  public List<UserId> users(int count) {
    String insert =
        "insert into app_user (uuid) select gen_random_uuid() from generate_series(1, %d) returning number"
            .formatted(count);
    return numbers(insert).stream().sorted().map(UserId::new).toList();
  }

  public long live() {
    return number(
        "select count(*) from room_session where ended_at is null and room_id = '%s'"
            .formatted(room));
  }

  public long admitted() {
    return number("select count(*) from room_session where room_id = '%s'".formatted(room));
  }

  /** The sequences of all who were ever let in, in the order in which they were. */
  List<Long> sequencesAsAdmitted() {
    return numbers(
        "select sequence from room_session where room_id = '%s' order by id".formatted(room));
  }

  /** The most sessions that overlapped at any time, from the rows' own times. */
  long mostAtOnce() {
    return number(
        """
        select max(n) from (
          select sum(delta) over (order by at, delta) as n from (
            select admitted_at as at, 1 as delta from room_session where room_id = '%1$s'
            union all
            select ended_at, -1 from room_session where room_id = '%1$s' and ended_at is not null
          ) steps
        ) counts
        """
            .formatted(room));
  }

  /** The longest time for which a slot of a room of one stood free, by the rows' own times. */
  long longestGapMillis() {
    return number(
        """
        select max(gap) from (
          select to_millis(admitted_at) - to_millis(lag(ended_at) over (order by id)) as gap
          from room_session where room_id = '%s'
        ) gaps
        """
            .formatted(room));
  }

  /** Ends the user's session as a payment does, and says which it was, 0 for none. */
  public long end(UserId user) {
    String update =
        """
        update room_session set ended_at = clock_timestamp(), changed_tx = pg_current_xact_id()
        where room_id = '%s' and user_number = %d and ended_at is null returning id
        """
            .formatted(room, user.number());
    return numbers(update).stream().findFirst().orElse(0L);
  }

  /** Moves the end of all live sessions into the past. */
  void passEnds() {
    execute(
        """
        update room_session set ends_at = clock_timestamp() - interval '1 second',
          lasts_until = clock_timestamp() - interval '1 second',
          changed_tx = pg_current_xact_id()
        where room_id = '%s' and ended_at is null
        """
            .formatted(room));
  }

  private void execute(String sql) {
    assertThat(numbers("with done as (" + sql + " returning 1) select count(*) from done"))
        .hasSize(1);
  }

  private long number(String sql) {
    return numbers(sql).get(0);
  }

  public List<Long> numbers(String sql) {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      List<Long> numbers = new ArrayList<>();
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
      return numbers;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
