package io.concert.load;

import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.payment.PaymentMessages.Charge;
import io.concert.payment.PaymentMessages.Pay;
import io.concert.postgres.TestDatabase;
import io.concert.reservation.api.ReservationMessages.Hold;
import java.util.List;
import java.util.stream.LongStream;

/**
 * People with money and sessions and a seat of a date for each, as rows: user, session and seat n
 * belong together. Each round gets a date of its own.
 */
public final class LedgerRows {
  public static final int BATCH = 64;
  static final long PRICE = 1_000;
  private static final Won CEILING = new Won(1_000_000_000_000L);

  private final TestDatabase database;
  private final int people;
  private long schedule;

  public LedgerRows(TestDatabase database, int people) {
    this.database = database;
    this.people = people;
    database.execute(
        """
        insert into room (id, capacity, session_seconds) values ('default', %1$d, 3600)
        on conflict (id) do nothing;
        insert into concert (title, venue, room_id, time_zone, hold_limit)
        values ('Ledger', 'Ledger', 'default', 'Asia/Seoul', 4);
        insert into app_user (uuid) select gen_random_uuid() from generate_series(1, %1$d);
        insert into account (user_number, balance)
        select n, 100000000 from generate_series(1, %1$d) n;
        insert into ledger_entry (posting, account, user_number, amount, created_at)
        select n, 0, n, 100000000, clock_timestamp() from generate_series(1, %1$d) n;
        insert into ledger_entry (posting, account, user_number, amount, created_at)
        select n, 1, null, -100000000, clock_timestamp() from generate_series(1, %1$d) n;
        select setval('posting', %1$d);
        insert into room_session (room_id, user_number, epoch, sequence, arrived_at, admitted_at,
          ends_at, lasts_until)
        select 'default', n, 0, n, clock_timestamp(), clock_timestamp(),
          clock_timestamp() + interval '1 hour', clock_timestamp() + interval '1 hour'
        from generate_series(1, %1$d) n
        """
            .formatted(people));
  }

  /** Another date whose seats are free, and all sessions live again. */
  public void nextRoundOfHolds() {
    nextRound("0, null, null, null, null, null");
  }

  /** Another date whose seats are held, and all sessions live again. */
  public void nextRound() {
    nextRound("1, n, n, n, clock_timestamp(), clock_timestamp() + interval '1 hour'");
  }

  /**
   * @param claim state, user, session, hold and its two times of seat n
   */
  private void nextRound(String claim) {
    schedule =
        database.number(
            "insert into schedule (concert_id, starts_at) values (1, '2099-01-01') returning id");
    database.execute(
        """
        update room_session set ended_at = null where ended_at is not null;
        insert into seat_claim (schedule_id, seat, price, fence, state, user_number, session_id,
          hold_id, held_at, deadline)
        select %1$d, n, %2$d, 0, %6$s from generate_series(1, %3$d) n;
        drop table if exists asked;
        create table asked as
        select (n - 1) / %4$d as batch, array_agg(((n - 1) %% %4$d)::int) as command,
          array_agg(n::bigint) as users, array_agg('default'::text) as room,
          array_agg(%1$d::bigint) as schedule, array_agg(n::int) as seat,
          array_agg(%2$d::bigint) as price, array_agg(null::uuid) as key,
          array_agg(%5$d::bigint) as ceiling
        from generate_series(1, %3$d) n group by 1;
        alter table asked add primary key (batch);
        drop sequence if exists next_batch;
        create sequence next_batch minvalue 0 cache 1;
        drop sequence if exists next_seat;
        create sequence next_seat cache 1
        """
            .formatted(schedule, PRICE, people, BATCH, CEILING.amount(), claim));
    database.execute("vacuum analyze");
    database.execute("checkpoint");
  }

  public List<Pay> payments() {
    return LongStream.rangeClosed(1, people)
        .mapToObj(
            n ->
                new Pay(
                    RoomId.DEFAULT,
                    new UserId(n),
                    new SeatId(new ScheduleId(schedule), (int) n),
                    new Won(PRICE)))
        .toList();
  }

  public List<Hold> holds() {
    return LongStream.rangeClosed(1, people)
        .mapToObj(
            n ->
                new Hold(
                    RoomId.DEFAULT,
                    new UserId(n),
                    new ScheduleId(schedule),
                    List.of(new SeatId(new ScheduleId(schedule), (int) n))))
        .toList();
  }

  public List<Charge> charges() {
    return LongStream.rangeClosed(1, people)
        .mapToObj(n -> new Charge(new UserId(n), new Won(PRICE), CEILING))
        .toList();
  }

  /** The statement that the service sends for a batch, with arguments out of a table. */
  public static String batch(String call) {
    return """
        with asked as materialized (
          select * from asked where batch = (select nextval('next_batch')::int)),
        verdict as materialized (select v.* from asked, lateral %s v),
        kept as (
          insert into command_batch (id, verdicts)
          select gen_random_uuid(), coalesce(jsonb_agg(to_jsonb(verdict)), '[]') from verdict)
        select * from verdict order by command;
        """
        .formatted(call);
  }

  /** The least that a payment can be: a debit and a bill, a transaction of its own. */
  public String plainPayment() {
    return """
        with wanted as materialized (select nextval('next_seat') as n),
        debit as (
          update account a set balance = a.balance - %1$d from wanted
          where a.user_number = wanted.n and a.balance >= %1$d returning a.user_number)
        insert into bill (schedule_id, seat, user_number, price, hold_id, created_at)
        select %2$d, user_number, user_number, %1$d, user_number, clock_timestamp() from debit;
        """
        .formatted(PRICE, schedule);
  }

  public int batches() {
    return people / BATCH;
  }
}
