-- Claims and time, claims and the grid, claims and sessions; holding and giving back stand with the
-- hold functions, whose order of locks this keeps.

drop function if exists free_due_claims(int);
drop function if exists claims_changed(bigint, bigint);

-- free_due_claims: gives back holds past their deadline, the oldest first. Nodes may call it at the same
-- time: rows that another one is at are skipped, and so are those that a payment is judging.
create function free_due_claims(p_most int)
returns table (
  schedule_id bigint, seat int, state smallint, user_number bigint, fence bigint,
  deadline timestamptz
)
language sql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
  with due as (
    select c.schedule_id, c.seat, c.user_number from seat_claim c
    -- A subselect, or the index on deadlines isn't used.
    where (case when c.state = claim_held() then c.deadline end) <= (select clock_timestamp())
    order by (case when c.state = claim_held() then c.deadline end) limit p_most
    for no key update skip locked
  ), freed as materialized (
    select f.* from (
      select array_agg(due.schedule_id) as schedules, array_agg(due.seat) as seats,
        array_agg(due.user_number) as holders
      from due) gone
    cross join lateral free_claims(gone.schedules, gone.seats, gone.holders) f
  ), told as (
    insert into outbox (kind, at, schedule_id, seat, user_number, hold_id)
    select 4, clock_timestamp(), f.schedule_id, f.seat, f.expired_user, f.hold_id
    from freed f, event_setting s where s.by_setting or s.by_webhooks
  )
  select f.schedule_id, f.seat, f.state, f.user_number, f.fence, f.deadline from freed f
$$;

-- claims_changed: those of a schedule that were changed by transactions from p_since on, and the bound
-- for the next call: transactions below it are over and seen. Exact where a timestamp or a sequence would
-- miss a transaction that commits late. Without changes one row comes back that has the bound only.
create function claims_changed(p_schedule bigint, p_since bigint)
returns table (
  next_xid bigint, seat int, state smallint, user_number bigint, fence bigint,
  deadline timestamptz
)
language sql stable
set plan_cache_mode = force_generic_plan
set jit = off
as $$
  select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, c.seat, c.state, c.user_number,
    c.fence, c.deadline
  from (select 1) bound
  left join seat_claim c
    on c.schedule_id = p_schedule and c.changed_tx >= p_since::text::xid8
    -- What was restored from another server's dump may be ahead of this one's transactions, so it
    -- is read with all rows only.
    and c.changed_tx < case p_since
      when 0 then '18446744073709551615'::xid8 else pg_snapshot_xmax(pg_current_snapshot()) end
$$;

-- end_session: its owner leaves before its time. The session ends and its unpaid holds go back, at
-- once: anyone who holds or pays meanwhile waits for the session's row and then finds it ended. Whose hold
-- was given back hasn't let it expire, so a payment for it must not hear that. Repeated it changes
-- nothing. One row at least if the session is over then, with a seat that has become free or nulls.
create or replace function end_session(p_room text, p_user bigint, p_session bigint)
returns table (
  schedule_id bigint, seat int, state smallint, user_number bigint, fence bigint,
  deadline timestamptz
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
declare
  v_live boolean;
  v_schedules bigint[];
  v_seats int[];
  v_now timestamptz;
begin
  select s.ended_at is null into v_live from room_session s
  where s.id = p_session and s.room_id = p_room and s.user_number = p_user
  for no key update;
  if not found then
    return;
  end if;

  -- Complete: a hold begins with the session's lock only. No condition on the state inside: it would
  -- be looked up among all standing holds.
  select
    array_agg(locked.schedule_id) filter (where locked.state = claim_held()),
    array_agg(locked.seat) filter (where locked.state = claim_held())
  into v_schedules, v_seats
  from (
    select c.schedule_id, c.seat, c.state from seat_claim c
    where v_live and c.user_number = p_user and c.session_id = p_session
    order by c.schedule_id, c.seat for no key update) locked;
  v_now := clock_timestamp();

  update room_session s set ended_at = v_now, changed_tx = pg_current_xact_id()
  where s.id = p_session and v_live;

  return query
  with given_back as materialized (
    select f.* from (
      select array_agg(c.schedule_id) as schedules, array_agg(c.seat) as seats,
        array_agg(case
          when c.deadline <= v_now then c.user_number
          else nullif(c.expired_user, c.user_number) end) as expired
      from unnest(v_schedules, v_seats) as locked (schedule_id, seat)
      join seat_claim c on c.schedule_id = locked.schedule_id and c.seat = locked.seat) gone
    cross join lateral free_claims(gone.schedules, gone.seats, gone.expired) f
  ), told as (
    -- Those that had come to their deadline before.
    insert into outbox (kind, at, schedule_id, seat, user_number, hold_id)
    select 4, v_now, g.schedule_id, g.seat, g.expired_user, g.hold_id
    from given_back g, event_setting s
    where g.expired_user = p_user and (s.by_setting or s.by_webhooks)
  )
  select g.schedule_id, g.seat, g.state, g.user_number, g.fence, g.deadline
  from (select 1) ended left join given_back g on true;
end
$$;

-- lock_live_sessions: the live sessions of each of these users in the room beside him, locked in the
-- order of their ids; nulls without any. Found one by one and locked by id alone: a plan for an empty
-- table would rather read all live sessions, and go on doing so when there are twenty thousand.
create or replace function lock_live_sessions(
  p_room text[], p_user bigint[], out ids bigint[], out users bigint[]
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  v_found bigint[];
begin
  select array_agg(found.id) into v_found
  from unnest(p_room, p_user) as w (room_id, user_number)
  cross join lateral (
    select s.id from room_session s
    where s.room_id = w.room_id and s.user_number = w.user_number and s.ended_at is null
    limit 1) found;

  -- Who ended while the lock was waited for isn't live; no condition, so that the index is the ids'.
  select
    array_agg(locked.id) filter (where locked.ended_at is null),
    array_agg(locked.user_number) filter (where locked.ended_at is null)
  into ids, users
  from (
    select s.id, s.user_number, s.ended_at from room_session s
    where s.id = any (v_found) order by s.id for no key update) locked;
end
$$;
