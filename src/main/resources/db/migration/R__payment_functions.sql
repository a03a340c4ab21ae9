-- Payments and charges, a batch at a time: one row in, one verdict out, all locks before any judging,
-- and the clock read only then (the transaction's own time may be seconds old after a wait).
-- Verdicts: 0 done, others named in the function that gives them.

-- pay_for_seats: for each (user, room, schedule, seat, price) in turn:
--   0 paid now · 1 paid before (same bill) · 2 balance too small · 3 price isn't the seat's
--   4 not held by the user · 5 held, past the deadline · 6 not admitted · 7 schedule cancelled
create or replace function pay_for_seats(
  users bigint[], rooms text[], schedules bigint[], seats int[], prices bigint[],
  end_after_payment boolean
) returns table (
  verdict int, bill_id bigint, price bigint, created_at timestamptz, available bigint,
  fence bigint, ended_session bigint
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  judged_at timestamptz;
  claim seat_claim%rowtype;
  paid bill%rowtype;
  balance_left bigint;
  posting_id bigint;
  cancelled boolean;
  last_deadline timestamptz;
  live room_session%rowtype;
  locked_sessions bigint[];
begin
  -- Fixed order, whoever else locks: schedules, accounts, sessions, claims. No cycle, no deadlock.
  perform from (
    select 1 from schedule s where s.id = any (schedules) order by s.id for share) locked;
  perform from (
    select 1 from account a where a.user_number = any (users)
    order by a.user_number for no key update) locked;
  -- A session that begins after this isn't locked, so it isn't touched either: it ends by time.
  select array_agg(locked.id) into locked_sessions from (
    select s.id from room_session s where s.user_number = any (users) and s.ended_at is null
    order by s.id for no key update) locked;
  perform from (
    select 1 from seat_claim c
    join unnest(schedules, seats) wanted (schedule_id, seat) using (schedule_id, seat)
    order by c.schedule_id, c.seat for no key update of c) locked;
  judged_at := clock_timestamp();

  for i in 1 .. cardinality(users) loop
    verdict := null; bill_id := null; price := null; created_at := null;
    available := null; fence := null; ended_session := null;

    select * into claim from seat_claim c
    where c.schedule_id = schedules[i] and c.seat = seats[i];
    price := claim.price;
    select * into paid from bill b
    where b.schedule_id = schedules[i] and b.seat = seats[i] and b.refunded_at is null;
    select s.state = 2 into cancelled from schedule s where s.id = schedules[i];

    if paid.user_number = users[i] then
      verdict := case when paid.price = prices[i] then 1 else 3 end;
      bill_id := paid.id; price := paid.price; created_at := paid.created_at;
    elsif claim.price is distinct from prices[i] then
      verdict := 3;
    elsif cancelled then
      verdict := 7;
    elsif claim.state = 1 and claim.user_number = users[i] and claim.deadline > judged_at then
      -- A standing hold is enough: it keeps its session alive, not the other way round.
      update account a set balance = a.balance - claim.price
      where a.user_number = users[i] and a.balance >= claim.price
      returning a.balance into balance_left;
      if not found then
        verdict := 2;
        select a.balance into available from account a where a.user_number = users[i];
      else
        insert into bill as b (schedule_id, seat, user_number, price, hold_id, created_at)
        values (schedules[i], seats[i], users[i], claim.price, claim.hold_id, judged_at)
        returning b.id, b.created_at into bill_id, created_at;
        if claim.price > 0 then
          posting_id := nextval('posting');
          insert into ledger_entry (posting, account, user_number, amount, bill_id, created_at)
          values
            (posting_id, 0, users[i], -claim.price, pay_for_seats.bill_id, judged_at),
            (posting_id, 2, null, claim.price, pay_for_seats.bill_id, judged_at);
        end if;
        update seat_claim c
        set state = 2, deadline = null, fence = nextval('fence'),
          changed_tx = pg_current_xact_id()
        where c.schedule_id = schedules[i] and c.seat = seats[i]
        returning c.fence into fence;
        verdict := 0;
        available := balance_left;

        select * into live from room_session s
        where s.id = claim.session_id and s.ended_at is null and s.id = any (locked_sessions);
        if found then
          select max(c.deadline) into last_deadline from seat_claim c
          where c.user_number = users[i] and c.session_id = live.id
            and c.state = 1 and c.deadline > judged_at;
          -- The last unpaid hold is paid: the slot goes to the next person.
          if last_deadline is null and (end_after_payment or live.ends_at <= judged_at) then
            update room_session s set ended_at = judged_at, changed_tx = pg_current_xact_id()
            where s.id = live.id;
            ended_session := live.id;
          else
            update room_session s
            set lasts_until = greatest(s.ends_at, last_deadline),
              changed_tx = pg_current_xact_id()
            where s.id = live.id;
          end if;
        end if;
      end if;
    elsif claim.state = 1 and claim.user_number = users[i]
      or claim.expired_user = users[i] then
      verdict := 5;
    elsif exists (
      select from room_session s
      where s.user_number = users[i] and s.room_id = rooms[i] and s.ended_at is null
    ) then
      verdict := 4;
    else
      verdict := 6;
    end if;
    return next;
  end loop;
end
$$;

-- charge_accounts: for each (user, amount, ceiling) in turn:
--   0 charged · 1 the sum would exceed the ceiling · 2 no such account
create or replace function charge_accounts(users bigint[], amounts bigint[], ceilings bigint[])
returns table (verdict int, balance bigint)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  charged_at timestamptz;
  posting_id bigint;
begin
  perform from (
    select 1 from account a where a.user_number = any (users)
    order by a.user_number for no key update) locked;
  charged_at := clock_timestamp();

  for i in 1 .. cardinality(users) loop
    select a.balance into balance from account a where a.user_number = users[i];
    if not found then
      verdict := 2;
    elsif balance > ceilings[i] - amounts[i] then
      verdict := 1;
    else
      update account a set balance = a.balance + amounts[i]
      where a.user_number = users[i]
      returning a.balance into balance;
      posting_id := nextval('posting');
      insert into ledger_entry (posting, account, user_number, amount, created_at)
      values
        (posting_id, 0, users[i], amounts[i], charged_at),
        (posting_id, 1, null, -amounts[i], charged_at);
      verdict := 0;
    end if;
    return next;
  end loop;
end
$$;
