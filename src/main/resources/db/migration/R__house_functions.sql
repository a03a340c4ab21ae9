-- House seats and the end of a hold by an operator. Locks as in the hold functions: schedules, sessions,
-- claims; each by id. Whoever holds, pays or gives back at the same time is judged before or after.
-- Plans go from the seats that are named through the key, as there may be thousands of them.

drop function if exists block_seats(bigint, text, int[], text, text);
drop function if exists release_blocks(bigint, text, int[]);

-- whether_seats_may_change: what the date's row says of a choice that was made on the plan p_version.
-- Call it after share_schedules.
--   0 go on · 4 no such date · 5 called off · 6 the date has another plan by now
create or replace function whether_seats_may_change(p_schedule bigint, p_version text) returns int
language sql stable
as $$
  select coalesce((
    select case
        when d.state = schedule_cancelled() then 5
        -- As LayoutDocument.version has it.
        when encode(substring(l.digest from 1 for 8), 'hex') is distinct from p_version then 6
        else 0
      end
    from schedule d left join layout l on l.id = d.layout_id
    where d.id = p_schedule), 4)
$$;

-- block_seats: keeps seats from sale, all or none. Those that are kept already stay so, with the new note if
-- there is one.
--   0 blocked now, one row a seat · 2 held, 3 sold: one row for each that is, and nothing has changed
--   4 to 6 as above, one row · no row: all were blocked already
create function block_seats(
  p_schedule bigint, p_version text, p_seat int[], p_note text, p_operator text
) returns table (
  verdict int, seat int, state smallint, user_number bigint, fence bigint, deadline timestamptz
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_why_not int;
  v_now timestamptz;
begin
  perform share_schedules(array[p_schedule]);
  v_why_not := whether_seats_may_change(p_schedule, p_version);
  if v_why_not <> 0 then
    return query select v_why_not, null::int, null::smallint, null::bigint, null::bigint,
      null::timestamptz;
    return;
  end if;

  perform from (
    select 1 from seat_claim c
    where (c.schedule_id, c.seat) in (select p_schedule, w.seat from unnest(p_seat) as w (seat))
    order by c.seat for no key update) locked;
  v_now := clock_timestamp();

  return query
    select case c.state when claim_held() then 2 else 3 end, c.seat, c.state, c.user_number, c.fence,
      c.deadline
    from unnest(p_seat) as w (seat)
    join seat_claim c on c.schedule_id = p_schedule and c.seat = w.seat
    where c.state = claim_sold() or c.state = claim_held() and c.deadline > v_now
    order by c.seat;
  if found then
    return;
  end if;

  return query
  with kept as (
    insert into seat_block as b (schedule_id, seat, note, operator, blocked_at)
    select p_schedule, w.seat, p_note, p_operator, v_now from unnest(p_seat) as w (seat)
    on conflict (schedule_id, seat) do update set note = excluded.note
    where excluded.note is not null
  )
  update seat_claim c
  set state = claim_not_for_sale(), user_number = null,
    expired_user = case when c.state = claim_held() then c.user_number else c.expired_user end,
    session_id = null, deadline = null, fence = nextval('fence'),
    changed_tx = pg_current_xact_id()
  from unnest(p_seat) as w (seat)
  where c.schedule_id = p_schedule and c.seat = w.seat
    and c.state <> claim_not_for_sale()
  returning 0, c.seat, c.state, c.user_number, c.fence, c.deadline;
end
$$;

-- release_blocks: seats are for sale again. Those that weren't blocked stay as they are.
--   0 released now, one row a seat · 4 to 6 as above, one row · no row: none was blocked
create function release_blocks(p_schedule bigint, p_version text, p_seat int[])
returns table (
  verdict int, seat int, state smallint, user_number bigint, fence bigint, deadline timestamptz
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_why_not int;
begin
  perform share_schedules(array[p_schedule]);
  v_why_not := whether_seats_may_change(p_schedule, p_version);
  if v_why_not <> 0 then
    return query select v_why_not, null::int, null::smallint, null::bigint, null::bigint,
      null::timestamptz;
    return;
  end if;

  perform from (
    select 1 from seat_claim c
    where (c.schedule_id, c.seat) in (select p_schedule, w.seat from unnest(p_seat) as w (seat))
    order by c.seat for no key update) locked;

  return query
  with forgotten as (
    delete from seat_block b using unnest(p_seat) as w (seat)
    where b.schedule_id = p_schedule and b.seat = w.seat
  ), blocked as (
    select array_agg(c.schedule_id) as schedules, array_agg(c.seat) as seats,
      array_agg(c.expired_user) as expired
    from unnest(p_seat) as w (seat)
    join seat_claim c on c.schedule_id = p_schedule and c.seat = w.seat
    where c.state = claim_not_for_sale()
  )
  select 0, f.seat, f.state, f.user_number, f.fence, f.deadline
  from blocked b cross join lateral free_claims(b.schedules, b.seats, b.expired) f;
end
$$;

-- end_hold: ends a seat's standing hold before its deadline. To its holder it has run out, and the session
-- lasts no longer than its own end and what else it holds, as when a hold is given back. One row, with
-- the holder; none if there is no standing hold.
create or replace function end_hold(p_schedule bigint, p_seat int)
returns table (
  holder bigint, schedule_id bigint, seat int, state smallint, user_number bigint, fence bigint,
  deadline timestamptz
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_session bigint;
  v_hold bigint;
begin
  -- Which rows to lock. What they say is read again once they are: a hold that has begun meanwhile isn't
  -- the one that was to end.
  select c.session_id, c.hold_id into v_session, v_hold from seat_claim c
  where c.schedule_id = p_schedule and c.seat = p_seat and c.state = claim_held();
  if not found then
    return;
  end if;
  perform from room_session s where s.id = v_session for no key update;
  perform from seat_claim c
  where c.schedule_id = p_schedule and c.seat = p_seat for no key update;

  return query
  with standing as materialized (
    select c.schedule_id, c.seat, c.user_number, c.session_id from seat_claim c
    where c.schedule_id = p_schedule and c.seat = p_seat and c.state = claim_held()
      -- It names the hold, and a hold keeps its session alive.
      and c.hold_id = v_hold and c.deadline > clock_timestamp()
  ), shortened as (
    update room_session s
    set changed_tx = pg_current_xact_id(),
      lasts_until = greatest(s.ends_at, (
        -- No condition on the state outside: it would be looked up among all standing holds.
        select max(c.deadline) filter (where c.state = claim_held()) from seat_claim c
        where c.user_number = s.user_number and c.session_id = s.id
          and (c.schedule_id, c.seat) <> (h.schedule_id, h.seat)))
    from standing h
    where s.id = h.session_id
  ), ended as (
    select array_agg(h.schedule_id) as schedules, array_agg(h.seat) as seats,
      array_agg(h.user_number) as holders
    from standing h
  )
  select f.expired_user, f.schedule_id, f.seat, f.state, f.user_number, f.fence, f.deadline
  from ended e cross join lateral free_claims(e.schedules, e.seats, e.holders) f;
end
$$;
