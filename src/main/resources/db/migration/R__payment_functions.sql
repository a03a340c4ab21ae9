-- Payments, charges and refunds, a batch at a time. Each function locks first, one kind of row a
-- statement and always in the same order (keys, schedules, accounts, sessions, claims; each by id),
-- then reads the clock, as the transaction's own time may be seconds old after a wait, and then
-- judges and writes everything in one statement. That is possible as no two commands of a batch
-- touch the same thing, and faster than judging them in turn.
--
-- A plan is made once and stays while tables grow, and the first payment finds them empty: only plans
-- that go from a batch's rows to tables through their indexes are allowed.
--
-- Verdicts, as R__code_functions.sql names them: 0 done now · 1 done before, nothing moved · 2 the key is
-- in flight · 3 the key was sent with another body · others beside the function that gives them. A key's
-- answer is kept with verdicts 0 and 1: what was found done is an answer, too, and must not be done again
-- for its key when it has been undone meanwhile.

-- pay_for_seats: the arrays run in parallel, one element a (command, seat), but for p_key and p_body,
-- which have one a command. A command's seats are of one schedule and are paid all or none; those
-- that its user has paid before count as paid. The refusals, of which the first in this order that
-- meets any seat is the command's:
--   4 price isn't the seat's · 5 schedule cancelled · 6 held, past the deadline · 7 not held
--   8 not admitted to the concert's room · 9 balance too small · 10 banned, whatever else is in the way
--   unless all is paid already
-- The bills that a command writes are an order, named after the first of them.
--
-- Its steps:
--   1. Commands whose key was answered before, is in flight or was used otherwise get their rows; the
--      others go on.
--   2. It refuses a batch in which two commands would touch the same account or seat.
--   3. Locks: dates (shared), accounts, sessions, claims. Then the clock.
--   4. One statement: asked (each seat judged) · weighed (a command's refusal and its sum) · ruled (its
--      verdict) · numbered (bills and fences are drawn) · outcome (its order, and whether its session
--      ends) · debited, billed, told, posted, sold, turned (what is written) · verdict (its rows) · kept
--      (the same, beside its key).
create or replace function pay_for_seats(
  p_command int[], p_user bigint[], p_room text[], p_schedule bigint[], p_seat int[],
  p_price bigint[], p_key uuid[], p_body uuid[], p_end_after_payment boolean
) returns setof seat_payment
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
#variable_conflict use_column
declare
  v_key_state int[];
  v_answer jsonb[];
  v_sessions bigint[];
  v_now timestamptz;
  v_events boolean;
begin
  if num_nonnulls(variadic p_key) > 0 then
    select k.states, k.answers into v_key_state, v_answer from recall_keys(p_key, p_body) k;

    return query
      select a.command, a.verdict, a.seat, a.blocking, a.bill_id, a.price, a.billed_at, a.required,
        a.available, a.fence, a.ended_session, a.replayed,
        coalesce(a.order_id, (select coalesce(b.of_order, b.id) from bill b where b.id = a.bill_id))
      from verdicts_of_keys(null::seat_payment, v_key_state, v_answer, '{0, 2, 3}',
        '{"blocking": false, "fence": null, "ended_session": null}') a;

    select array_agg(w.command), array_agg(w.user_number), array_agg(w.room_id),
      array_agg(w.schedule_id), array_agg(w.seat), array_agg(w.price)
    into p_command, p_user, p_room, p_schedule, p_seat, p_price
    from unnest(p_command, p_user, p_room, p_schedule, p_seat, p_price)
      as w (command, user_number, room_id, schedule_id, seat, price)
    where v_key_state[w.command + 1] = key_new();
  end if;

  if exists (
      select from unnest(p_command, p_user) as w (command, user_number)
      group by w.user_number having min(w.command) <> max(w.command))
    or exists (
      select from unnest(p_schedule, p_seat) as w (schedule_id, seat)
      group by w.schedule_id, w.seat having count(*) > 1)
  then
    raise exception 'a batch has two payments of one user or for one seat'
      using errcode = 'assert_failure';
  end if;

  perform share_schedules(p_schedule);
  perform from (
    select 1 from account a where a.user_number = any (p_user)
    order by a.user_number for no key update) locked;
  -- A session that begins after this isn't locked, so it isn't touched either: it ends by time.
  select l.ids into v_sessions from lock_live_sessions(p_room, p_user) l;
  perform from (
    select 1 from seat_claim c
    where (c.schedule_id, c.seat) in (select * from unnest(p_schedule, p_seat))
    order by c.schedule_id, c.seat for no key update) locked;
  select s.by_setting or s.by_webhooks into v_events from event_setting s;
  v_now := clock_timestamp();

  return query
  with asked as materialized (
    select w.*, b.id as bill_id, b.order_id as billed_order, b.created_at as billed_at,
      c.hold_id, c.session_id,
      case
        when b.id is not null then case when b.price = w.price then 1 else 4 end
        when c.price is distinct from w.price then 4
        when k.room_id is distinct from w.room_id then 8
        when s.state = schedule_cancelled() then 5
        -- A standing hold is enough: it keeps its session alive, not the other way round.
        when c.state = claim_held() and c.user_number = w.user_number and c.deadline > v_now
          then 0
        when c.state = claim_held() and c.user_number = w.user_number
          or c.expired_user = w.user_number
          then 6
        when exists (
          select from room_session r
          where r.room_id = w.room_id and r.user_number = w.user_number and r.ended_at is null)
          then 7
        else 8
      end as judged
    from unnest(p_command, p_user, p_room, p_schedule, p_seat, p_price) with ordinality
      as w (command, user_number, room_id, schedule_id, seat, price, nth)
    left join schedule s on s.id = w.schedule_id
    left join concert k on k.id = s.concert_id
    left join seat_claim c on c.schedule_id = w.schedule_id and c.seat = w.seat
    left join lateral (
      -- Looked up seat by seat, and for a sold one only: bills become many.
      select b.id, coalesce(b.of_order, b.id) as order_id, b.price, b.created_at from bill b
      where c.state = claim_sold() and c.user_number = w.user_number
        and b.schedule_id = c.schedule_id and b.seat = c.seat and b.refunded_at is null
        and b.user_number = w.user_number
      offset 0) b on true
  ),
  weighed as (
    select a.*,
      min(a.judged) filter (where a.judged > 1) over command as refusal,
      (sum(a.price) filter (where a.judged = 0) over command)::bigint as due,
      array_agg(a.seat) filter (where a.judged = 0) over command as unpaid_seats
    from asked a window command as (partition by a.command)
  ),
  ruled as (
    select w.*, t.balance,
      case
        when t.banned_at is not null and (w.refusal is not null or w.due is not null) then 10
        when w.refusal is not null then w.refusal
        when w.due is null then 1
        when t.balance >= w.due then 0
        else 9
      end as verdict
    from weighed w left join account t on t.user_number = w.user_number
    order by w.nth
  ),
  -- All numbers are drawn here, so that what follows only writes.
  numbered as materialized (
    select r.*,
      case when r.verdict = 0 and r.judged = 0 then nextval('bill_id_seq') end as new_bill,
      case when r.verdict = 0 and r.judged = 0 then nextval('fence') end as new_fence
    from ruled r
  ),
  -- What a session has left to pay. Its holds are complete: one begins with the session's lock only.
  outcome as materialized (
    select n.*, min(n.new_bill) over (partition by n.command) as new_order,
      live.id as live_session, greatest(live.ends_at, live.last_deadline) as lasts_until,
      live.last_deadline is null and (p_end_after_payment or live.ends_at <= v_now) as ends
    from numbered n
    left join lateral (
      select s.id, s.ends_at, (
          -- No condition on the deadline outside: it would be looked up among all standing holds.
          select max(c.deadline) filter (where c.deadline > v_now) from seat_claim c
          where c.user_number = n.user_number and c.session_id = s.id
            and not (c.schedule_id = n.schedule_id and c.seat = any (n.unpaid_seats))
        ) as last_deadline
      from room_session s
      where s.id = n.session_id and s.id = any (v_sessions) and n.new_bill is not null
    ) live on true
  ),
  debited as (
    update account t set balance = t.balance - o.due
    from (
      select distinct o.user_number, o.due from outcome o where o.verdict = 0 and o.due > 0) o
    where t.user_number = o.user_number
  ),
  billed as (
    insert into bill (id, schedule_id, seat, user_number, price, hold_id, created_at, of_order)
    overriding system value
    select o.new_bill, o.schedule_id, o.seat, o.user_number, o.price, o.hold_id, v_now,
      nullif(o.new_order, o.new_bill)
    from outcome o where o.new_bill is not null
  ),
  told as (
    insert into outbox (kind, at, schedule_id, seat, user_number, bill_id, hold_id, price)
    select 1, v_now, o.schedule_id, o.seat, o.user_number, o.new_bill, o.hold_id, o.price
    from outcome o where v_events and o.new_bill is not null
  ),
  posted as (
    insert into ledger_entry (posting, account, user_number, amount, bill_id, created_at)
    select n.posting, e.account, e.user_number, e.amount, n.new_bill, v_now
    from (
      select o.new_bill, o.user_number, o.price, nextval('posting') as posting
      from outcome o where o.new_bill is not null and o.price > 0) n
    cross join lateral (
      values (0::smallint, n.user_number, -n.price), (2::smallint, null, n.price)
    ) as e (account, user_number, amount)
  ),
  sold as (
    update seat_claim c
    set state = claim_sold(), deadline = null, fence = o.new_fence, changed_tx = pg_current_xact_id()
    from outcome o
    where o.new_bill is not null and c.schedule_id = o.schedule_id and c.seat = o.seat
  ),
  -- The last unpaid hold is paid: the slot goes to the next person.
  turned as (
    update room_session s
    set ended_at = case when o.ends then v_now end,
      lasts_until = case when o.ends then s.lasts_until else o.lasts_until end,
      changed_tx = pg_current_xact_id()
    from (select distinct o.live_session, o.ends, o.lasts_until from outcome o) o
    where s.id = o.live_session and (o.ends or s.lasts_until <> o.lasts_until)
  ),
  verdict as materialized (
    select o.command, o.verdict, o.seat, o.judged = o.verdict and o.verdict > 1 as blocking,
      coalesce(o.new_bill, o.bill_id) as bill_id, o.price,
      case when o.new_bill is null then o.billed_at else v_now end as billed_at,
      o.due as required, o.balance as available, o.new_fence as fence,
      case when o.ends then o.live_session end as ended_session, false as replayed,
      case when o.new_bill is null then o.billed_order else o.new_order end as order_id
    from outcome o
  ),
  kept as (
    insert into idempotency_key (id, body, answer)
    select k.id, k.body, jsonb_agg(to_jsonb(v))
    from unnest(p_key, p_body) with ordinality as k (id, body, nth)
    join verdict v on v.command = k.nth - 1 and v.verdict in (0, 1)
    where k.id is not null
    group by k.id, k.body
  )
  select v.command, v.verdict, v.seat, v.blocking, v.bill_id, v.price, v.billed_at, v.required,
    v.available, v.fence, v.ended_session, v.replayed, v.order_id
  from verdict v;
end
$$;

-- charge_accounts: one element a command.
--   4 the sum would exceed the ceiling · 5 no such account · 6 banned: what there is may still be asked
create or replace function charge_accounts(
  p_user bigint[], p_amount bigint[], p_ceiling bigint[], p_key uuid[], p_body uuid[]
) returns setof account_charge
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
#variable_conflict use_column
declare
  v_key_state int[];
  v_answer jsonb[];
  v_now timestamptz;
begin
  if num_nonnulls(variadic p_key) > 0 then
    select k.states, k.answers into v_key_state, v_answer from recall_keys(p_key, p_body) k;

    return query
      select * from verdicts_of_keys(null::account_charge, v_key_state, v_answer, '{0, 2, 3}', '{}');

    -- Nobody's charge: neither locked nor judged.
    select array_agg(case when v_key_state[w.nth] = key_new() then w.user_number end order by w.nth)
    into p_user from unnest(p_user) with ordinality as w (user_number, nth);
  end if;

  if exists (
    select from unnest(p_user) as w (user_number)
    where w.user_number is not null group by w.user_number having count(*) > 1)
  then
    raise exception 'a batch has two charges of one account' using errcode = 'assert_failure';
  end if;

  perform from (
    select 1 from account a where a.user_number = any (p_user)
    order by a.user_number for no key update) locked;
  v_now := clock_timestamp();

  return query
  with judged as materialized (
    select w.nth::int - 1 as command, w.user_number, w.amount, a.balance,
      case
        when a.user_number is null then 5
        when w.amount > 0 and a.banned_at is not null then 6
        when w.amount > 0 and a.balance > w.ceiling - w.amount then 4
        else 0
      end as verdict
    from unnest(p_user, p_amount, p_ceiling) with ordinality as w (user_number, amount, ceiling, nth)
    left join account a on a.user_number = w.user_number
    where w.user_number is not null
  ),
  charged as (
    update account a set balance = a.balance + j.amount
    from judged j
    where a.user_number = j.user_number and j.verdict = 0 and j.amount > 0
  ),
  posted as (
    insert into ledger_entry (posting, account, user_number, amount, created_at)
    select n.posting, e.account, e.user_number, e.amount, v_now
    from (
      select j.user_number, j.amount, nextval('posting') as posting
      from judged j where j.verdict = 0 and j.amount > 0) n
    cross join lateral (
      values (0::smallint, n.user_number, n.amount), (1::smallint, null, -n.amount)
    ) as e (account, user_number, amount)
  ),
  verdict as materialized (
    select j.command, j.verdict,
      case when j.verdict = 0 then j.balance + j.amount else j.balance end as balance,
      false as replayed
    from judged j
  ),
  kept as (
    insert into idempotency_key (id, body, answer)
    select k.id, k.body, jsonb_build_array(to_jsonb(v))
    from unnest(p_key, p_body) with ordinality as k (id, body, nth)
    join verdict v on v.command = k.nth - 1 and v.verdict = 0
    where k.id is not null
  )
  select v.command, v.verdict, v.balance, v.replayed from verdict v;
end
$$;

-- refund_bills: one element a command; with a buyer the bill must be theirs and in time, without one
-- it is the operator's doing, which is written down. Money of a cancelled date goes back at any time
-- and above the ceiling, too: it is the buyer's.
--   4 no such bill of the buyer · 5 too late · 6 the sum would exceed the ceiling
create or replace function refund_bills(
  p_bill bigint[], p_buyer bigint[], p_ceiling bigint[],
  p_operator text[], p_role text[], p_request text[], p_key uuid[], p_body uuid[]
) returns setof bill_refund
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
#variable_conflict use_column
declare
  v_key_state int[];
  v_answer jsonb[];
  v_user bigint[];
  v_schedule bigint[];
  v_seat int[];
  v_now timestamptz;
  v_events boolean;
begin
  if num_nonnulls(variadic p_key) > 0 then
    select k.states, k.answers into v_key_state, v_answer from recall_keys(p_key, p_body) k;

    return query
      select a.command, a.verdict, a.bill_id, a.schedule_id, a.seat, a.user_number, a.price,
        a.billed_at, a.refunded_at, a.balance, a.fence, a.replayed,
        coalesce(a.order_id, (select coalesce(b.of_order, b.id) from bill b where b.id = a.bill_id))
      from verdicts_of_keys(null::bill_refund, v_key_state, v_answer, '{0, 2, 3}',
        '{"fence": null}') a;

    -- No bill: neither locked nor judged.
    select array_agg(case when v_key_state[w.nth] = key_new() then w.bill_id end order by w.nth)
    into p_bill from unnest(p_bill) with ordinality as w (bill_id, nth);
  end if;

  -- What is read here never changes in a bill.
  select array_agg(b.user_number), array_agg(b.schedule_id), array_agg(b.seat)
  into v_user, v_schedule, v_seat
  from unnest(p_bill, p_buyer) as w (bill_id, buyer)
  join bill b on b.id = w.bill_id
  where b.user_number = coalesce(w.buyer, b.user_number);

  -- An operator doesn't say whose bills they are; such a batch is judged one by one instead.
  if exists (
    select from unnest(v_user) as w (user_number) group by w.user_number having count(*) > 1)
  then
    raise exception 'a batch has two refunds of one user' using errcode = 'assert_failure';
  end if;

  -- Not the date: bills of it only become fewer by this, so the one who calls it off misses nothing.
  perform from (
    select 1 from account a where a.user_number = any (v_user)
    order by a.user_number for no key update) locked;
  -- Anyone who refunds a bill has its seat's claim, so its bill is nobody else's after this.
  perform from (
    select 1 from seat_claim c
    where (c.schedule_id, c.seat) in (select * from unnest(v_schedule, v_seat))
    order by c.schedule_id, c.seat for no key update) locked;
  select s.by_setting or s.by_webhooks into v_events from event_setting s;
  v_now := clock_timestamp();

  return query
  with judged as materialized (
    select w.nth::int - 1 as command, w.buyer, w.operator, w.role, w.request_id, b.id as bill_id,
      coalesce(b.of_order, b.id) as order_id, b.schedule_id, b.seat, b.user_number, b.price,
      b.created_at, b.refunded_at, a.balance,
      case
        when b.id is null then 4
        when b.refunded_at is not null then 1
        when s.state = schedule_cancelled() then 0
        when w.buyer is not null and coalesce(s.refund_until, s.starts_at) <= v_now then 5
        when a.balance > w.ceiling - b.price then 6
        else 0
      end as verdict
    from unnest(p_bill, p_buyer, p_ceiling, p_operator, p_role, p_request) with ordinality
      as w (bill_id, buyer, ceiling, operator, role, request_id, nth)
    left join bill b on b.id = w.bill_id and b.user_number = coalesce(w.buyer, b.user_number)
    left join schedule s on s.id = b.schedule_id
    left join account a on a.user_number = b.user_number
    where w.bill_id is not null
  ),
  credited as (
    update account a set balance = a.balance + j.price
    from judged j
    where a.user_number = j.user_number and j.verdict = 0 and j.price > 0
  ),
  refunded as (
    update bill b set refunded_at = v_now
    from judged j
    where b.id = j.bill_id and j.verdict = 0
  ),
  posted as (
    insert into ledger_entry (posting, account, user_number, amount, bill_id, created_at)
    select n.posting, e.account, e.user_number, e.amount, n.bill_id, v_now
    from (
      select j.bill_id, j.user_number, j.price, nextval('posting') as posting
      from judged j where j.verdict = 0 and j.price > 0) n
    cross join lateral (
      values (0::smallint, n.user_number, n.price), (2::smallint, null, -n.price)
    ) as e (account, user_number, amount)
  ),
  -- Only what this bill sold: a seat has one bill that isn't refunded, its buyer's.
  freed as materialized (
    select f.* from (
      select array_agg(c.schedule_id) as schedules, array_agg(c.seat) as seats,
        array_agg(c.expired_user) as expired
      from judged j
      join seat_claim c on c.schedule_id = j.schedule_id and c.seat = j.seat
      where j.verdict = 0 and c.state = claim_sold() and c.user_number = j.user_number) gone
    cross join lateral free_claims(gone.schedules, gone.seats, gone.expired) f
  ),
  told as (
    insert into outbox (kind, at, schedule_id, seat, user_number, bill_id, price)
    select 2, v_now, j.schedule_id, j.seat, j.user_number, j.bill_id, j.price
    from judged j where v_events and j.verdict = 0
  ),
  written as (
    insert into audit (operator, role, action, subject, detail, request_id)
    select j.operator, j.role, 'bill.refund', 'b' || j.bill_id,
      jsonb_build_object('price', j.price, 'user', j.user_number,
        'seat', format('s%s-%s', j.schedule_id, j.seat)),
      j.request_id
    from judged j where j.verdict = 0 and j.operator is not null
    order by j.command
  ),
  verdict as materialized (
    select j.command, j.verdict, j.bill_id, j.schedule_id, j.seat, j.user_number, j.price,
      j.created_at as billed_at,
      case when j.verdict = 0 then v_now else j.refunded_at end as refunded_at,
      j.balance, f.fence, false as replayed, j.order_id
    from judged j
    left join freed f on f.seat = j.seat and f.schedule_id = j.schedule_id and j.verdict = 0
  ),
  kept as (
    insert into idempotency_key (id, body, answer)
    select k.id, k.body, jsonb_build_array(to_jsonb(v))
    from unnest(p_key, p_body) with ordinality as k (id, body, nth)
    join verdict v on v.command = k.nth - 1 and v.verdict in (0, 1)
    where k.id is not null
  )
  select v.command, v.verdict, v.bill_id, v.schedule_id, v.seat, v.user_number, v.price,
    v.billed_at, v.refunded_at, v.balance, v.fence, v.replayed, v.order_id
  from verdict v;
end
$$;

-- A cancelled date: its holds and bills can only become fewer, as anyone who holds or pays looks at the
-- date with a lock that its cancelling waits for. The rows say what is left, so each of these goes on
-- wherever it was broken off, on any node; each says how many rows it took on, fewer than p_most if
-- none is left. Taken on isn't changed: somebody else may have been faster, and that says nothing of
-- what comes after.

-- free_cancelled_holds: gives standing holds back.
create or replace function free_cancelled_holds(p_schedule bigint, p_most int) returns bigint
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
#variable_conflict use_column
declare
  v_schedule bigint[];
  v_seat int[];
  v_expired bigint[];
begin
  perform share_schedules(array[p_schedule]);
  if not exists (select from schedule s where s.id = p_schedule and s.state = schedule_cancelled()) then
    return 0;
  end if;
  select array_agg(locked.schedule_id), array_agg(locked.seat), array_agg(locked.expired_user)
  into v_schedule, v_seat, v_expired
  from (
    select c.schedule_id, c.seat, c.expired_user from seat_claim c
    where c.schedule_id = p_schedule and c.state = claim_held()
    order by c.seat limit p_most for no key update) locked;
  -- Some had come to their deadline before.
  insert into outbox (kind, at, schedule_id, seat, user_number, hold_id)
  select 4, clock_timestamp(), c.schedule_id, c.seat, c.user_number, c.hold_id
  from seat_claim c, event_setting s
  where c.schedule_id = p_schedule and c.seat = any (v_seat)
    and c.state = claim_held() and c.deadline <= clock_timestamp() and (s.by_setting or s.by_webhooks);
  perform from free_claims(v_schedule, v_seat, v_expired);
  return coalesce(cardinality(v_seat), 0);
end
$$;

-- refund_cancelled: refunds bills, whatever the ceiling: the money is the buyers'.
create or replace function refund_cancelled(p_schedule bigint, p_most int) returns bigint
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
#variable_conflict use_column
declare
  v_user bigint[];
  v_seat int[];
  v_now timestamptz;
  v_freed bigint;
  v_events boolean;
begin
  perform share_schedules(array[p_schedule]);
  if not exists (select from schedule s where s.id = p_schedule and s.state = schedule_cancelled()) then
    return 0;
  end if;

  -- Not locked yet: what somebody else refunds meanwhile is found to be so afterwards.
  select array_agg(b.user_number), array_agg(b.seat) into v_user, v_seat from (
    select b.user_number, b.seat from bill b
    where b.schedule_id = p_schedule and b.refunded_at is null
    order by b.seat limit p_most) b;
  perform from (
    select 1 from account a where a.user_number = any (v_user)
    order by a.user_number for no key update) locked;
  perform from (
    select 1 from seat_claim c
    where c.schedule_id = p_schedule and c.seat = any (v_seat)
    order by c.seat for no key update) locked;
  select s.by_setting or s.by_webhooks into v_events from event_setting s;
  v_now := clock_timestamp();

  with due as materialized (
    select b.id, b.seat, b.user_number, b.price from bill b
    where b.schedule_id = p_schedule and b.refunded_at is null and b.seat = any (v_seat)
  ),
  credited as (
    update account a set balance = a.balance + d.price
    from (select d.user_number, sum(d.price)::bigint as price from due d group by d.user_number) d
    where a.user_number = d.user_number and d.price > 0
  ),
  refunded as (
    update bill b set refunded_at = v_now from due d where b.id = d.id
  ),
  told as (
    insert into outbox (kind, at, schedule_id, seat, user_number, bill_id, price)
    select 2, v_now, p_schedule, d.seat, d.user_number, d.id, d.price from due d where v_events
  ),
  posted as (
    insert into ledger_entry (posting, account, user_number, amount, bill_id, created_at)
    select n.posting, e.account, e.user_number, e.amount, n.id, v_now
    from (
      select d.id, d.user_number, d.price, nextval('posting') as posting
      from due d where d.price > 0) n
    cross join lateral (
      values (0::smallint, n.user_number, n.price), (2::smallint, null, -n.price)
    ) as e (account, user_number, amount)
  ),
  sold as (
    select array_agg(c.schedule_id) as schedules, array_agg(c.seat) as seats,
      array_agg(c.expired_user) as expired
    from due d join seat_claim c on c.schedule_id = p_schedule and c.seat = d.seat
    where c.state = claim_sold() and c.user_number = d.user_number
  )
  -- What is read of the call is what makes it.
  select count(f.seat) into v_freed
  from sold s cross join lateral free_claims(s.schedules, s.seats, s.expired) f;
  return coalesce(cardinality(v_seat), 0);
end
$$;
