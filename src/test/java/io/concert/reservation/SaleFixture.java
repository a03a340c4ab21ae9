package io.concert.reservation;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.domain.UserUuid;
import io.concert.domain.Won;
import io.concert.reservation.api.ReservationMessages.Hold;
import io.concert.reservation.api.SeatStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * A sale to test on: one room, one concert, one schedule with its seats, written by plain SQL, and
 * buyers on request. Several may stand in one database; each has a room of its own.
 *
 * <p>The connection stays the caller's; it must commit by itself (JDBC's default).
 */
public final class SaleFixture {
  private static final Duration SESSION = Duration.ofMinutes(10);

  private final Connection connection;
  private final RoomId room;
  private final ConcertId concert;
  private final ScheduleId schedule;
  private final Won price;
  private final int seats;

  private SaleFixture(
      Connection connection,
      RoomId room,
      ConcertId concert,
      ScheduleId schedule,
      Won price,
      int seats) {
    this.connection = connection;
    this.room = room;
    this.concert = concert;
    this.schedule = schedule;
    this.price = price;
    this.seats = seats;
  }

  /**
   * A user with an account and, unless {@code session} is 0, a live session.
   *
   * @param session number 0: not admitted
   */
  public record Buyer(UserId user, UserUuid uuid, SessionId session) {}

  /** A schedule on sale now, one price for all its seats, a hold limit of 4. */
  public static SaleFixture create(Connection connection, int seats, Won price)
      throws SQLException {
    return create(connection, seats, price, 4);
  }

  /**
   * @param holdLimit held and bought seats that one user may have in a schedule
   */
  public static SaleFixture create(Connection connection, int seats, Won price, int holdLimit)
      throws SQLException {
    var room = new RoomId("room-" + UUID.randomUUID());
    update(
        connection,
        "insert into room (id, capacity, session_seconds) values (?, 100000, ?)",
        room.name(),
        SESSION.toSeconds());
    long concert =
        insert(
            connection,
            """
            insert into concert (title, venue, room_id, time_zone, hold_limit)
            values ('Test concert', 'Test hall', ?, 'Asia/Seoul', ?) returning id
            """,
            room.name(),
            holdLimit);
    long layout =
        insert(
            connection,
            """
            insert into layout (digest, seats, document)
            values (decode(md5(?), 'hex'), ?, '\\x'::bytea) returning id
            """,
            room.name(),
            Math.max(1, seats));
    var fixture =
        new SaleFixture(
            connection,
            room,
            new ConcertId(concert),
            insertSchedule(connection, concert, layout),
            price,
            seats);
    fixture.importSeats(0, seats);
    return fixture;
  }

  private static ScheduleId insertSchedule(Connection connection, long concert, long layout)
      throws SQLException {
    return new ScheduleId(
        insert(
            connection,
            """
            insert into schedule (concert_id, layout_id, starts_at, opens_at, closes_at)
            values (?, ?, clock_timestamp() + interval '30 days',
              clock_timestamp() - interval '1 hour', clock_timestamp() + interval '29 days')
            returning id
            """,
            concert,
            layout));
  }

  /** The same concert on another date, with as many seats at the same price. */
  public SaleFixture anotherDate() throws SQLException {
    long layout =
        insert(connection, "select layout_id from schedule where id = ?", schedule.number());
    var other =
        new SaleFixture(
            connection,
            room,
            concert,
            insertSchedule(connection, concert.number(), layout),
            price,
            seats);
    other.importSeats(0, seats);
    return other;
  }

  /** Writes claim rows for the seats from {@code first} up to, but without, {@code end}. */
  public void importSeats(int first, int end) throws SQLException {
    update(
        connection,
        """
        insert into seat_claim (schedule_id, seat, price)
        select ?, n, ? from generate_series(?, ?) n
        """,
        schedule.number(),
        price.amount(),
        first,
        end - 1);
  }

  public RoomId room() {
    return room;
  }

  public ConcertId concert() {
    return concert;
  }

  public ScheduleId schedule() {
    return schedule;
  }

  public Won price() {
    return price;
  }

  public SeatId seat(int index) {
    return new SeatId(schedule, index);
  }

  /** A user with an account, who isn't admitted. */
  public Buyer stranger(Won balance) throws SQLException {
    var uuid = UUID.randomUUID();
    long number =
        insert(connection, "insert into app_user (uuid) values (?) returning number", uuid);
    update(
        connection,
        "insert into account (user_number, balance) values (?, ?)",
        number,
        balance.amount());
    if (balance.amount() > 0) {
      // The ledger must sum to zero from the start, or the invariants fail on the fixture.
      update(
          connection,
          """
          with p as (select nextval('posting') as id)
          insert into ledger_entry (posting, account, user_number, amount, created_at)
          select p.id, e.account, e.holder, e.amount, clock_timestamp()
          from p, (values (0, ?::bigint, ?::bigint), (1, null, -?::bigint))
            as e (account, holder, amount)
          """,
          number,
          balance.amount(),
          balance.amount());
    }
    return new Buyer(new UserId(number), new UserUuid(uuid), new SessionId(0));
  }

  /** An admitted user: account, balance, live session of ten minutes in the room. */
  public Buyer buyer(Won balance) throws SQLException {
    return admit(stranger(balance));
  }

  public List<Buyer> buyers(int count, Won balance) throws SQLException {
    var made = new ArrayList<Buyer>(count);
    for (int i = 0; i < count; i++) {
      made.add(buyer(balance));
    }
    return made;
  }

  /** Gives a user a live session in the room. */
  public Buyer admit(Buyer stranger) throws SQLException {
    long session =
        insert(
            connection,
            """
            insert into room_session
              (room_id, user_number, epoch, sequence, arrived_at, admitted_at, ends_at, lasts_until)
            select r.id, ?, 0,
              (select coalesce(max(s.sequence) + 1, 0) from room_session s where s.room_id = r.id),
              now.at, now.at, now.at + ends.after, now.at + ends.after
            from room r, (select clock_timestamp()) now (at),
              lateral (select make_interval(secs => r.session_seconds)) ends (after)
            where r.id = ? returning id
            """,
            stranger.user().number(),
            room.name());
    return new Buyer(stranger.user(), stranger.uuid(), new SessionId(session));
  }

  /** Moves the deadlines of all standing holds of these seats into the past. */
  public void passDeadline(Integer... indexes) throws SQLException {
    for (int index : indexes) {
      update(
          connection,
          """
          update seat_claim set deadline = clock_timestamp() - interval '1 millisecond',
            fence = nextval('fence'), changed_tx = pg_current_xact_id()
          where schedule_id = ? and seat = ? and state = 1
          """,
          schedule.number(),
          index);
    }
  }

  /** A seat's claim row as the database has it. */
  public Claim claim(int index) throws SQLException {
    return claims().get(index);
  }

  /** All claim rows, by seat. */
  public List<Claim> claims() throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            select seat, state, coalesce(user_number, 0), coalesce(session_id, 0),
              coalesce(hold_id, 0), fence, coalesce(expired_user, 0),
              coalesce((extract(epoch from deadline) * 1000)::bigint, 0)
            from seat_claim where schedule_id = ? order by seat
            """)) {
      bind(select, schedule.number());
      var claims = new ArrayList<Claim>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          claims.add(
              new Claim(
                  rows.getInt(1),
                  SeatStatus.of(rows.getInt(2)),
                  rows.getLong(3),
                  rows.getLong(4),
                  rows.getLong(5),
                  rows.getLong(6),
                  rows.getLong(7),
                  rows.getLong(8)));
        }
      }
      return claims;
    }
  }

  /** Seats in order, from {@code first} up to, but without, {@code end}. */
  public List<SeatId> seats(int first, int end) {
    return IntStream.range(first, end).mapToObj(this::seat).toList();
  }

  /** What the buyer sends to hold seats. */
  public Hold asking(Buyer buyer, int... seats) {
    return new Hold(
        room, buyer.user(), schedule, IntStream.of(seats).mapToObj(this::seat).toList());
  }

  /** A claim row; 0 stands for null. */
  public record Claim(
      int seat,
      SeatStatus status,
      long user,
      long session,
      long hold,
      long fence,
      long expiredUser,
      long deadlineMillis) {}

  /** Runs one statement of the test's own on the fixture's connection. */
  @CanIgnoreReturnValue
  public int sql(String statement, Object... arguments) throws SQLException {
    return update(connection, statement, arguments);
  }

  @CanIgnoreReturnValue
  private static int update(Connection connection, String sql, Object... arguments)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      bind(statement, arguments);
      return statement.executeUpdate();
    }
  }

  private static long insert(Connection connection, String sql, Object... arguments)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      bind(statement, arguments);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("no row came back");
        }
        return row.getLong(1);
      }
    }
  }

  private static void bind(PreparedStatement statement, Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
  }
}
