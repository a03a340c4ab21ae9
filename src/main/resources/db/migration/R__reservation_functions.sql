-- Who holds a seat is decided here. Rows are locked in one order in all functions of all features
-- (schedules, accounts, sessions, claims; each by id), each kind in a statement of its own, because
-- a statement that locks and judges at once judges by what it saw before it waited. Time is read
-- after the last lock: a batch that waited two seconds must not give or refuse by the time before.

-- Holds seats for many commands at once. The arrays run in parallel, one element a (command, seat);
-- a command's seats belong to one schedule and one user and are held all or none.
-- Verdicts: 0 held · 1 seat taken · 2 limit reached · 3 not on sale · 4 not admitted.
-- One row comes back per (command, seat), in that order: the command's verdict, whether this seat is
-- what it failed on, and the seat's row as it is now (nulls for a seat that has none).
create or replace function hold_seats(
  p_command int[], p_room text[], p_user bigint[], p_schedule bigint[], p_seat int[],
  p_hold_millis bigint
) returns table (
  command int, verdict int, blocking boolean, seat int, price bigint, state smallint,
  user_number bigint, fence bigint, hold_id bigint, held_at timestamptz, deadline timestamptz
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
declare
  v_sessions bigint[];
  v_now timestamptz;
  v_deadline timestamptz;
  v_command record;
  v_session bigint;
  v_limit int;
  v_on_sale boolean;
  v_held boolean;
  v_verdict int;
  v_house int[];
  v_taken int[];
  v_blocking int[];
  v_added int;
  v_had int;
begin
  perform from (
    select 1 from schedule s where s.id = any (p_schedule) order by s.id for share) locked;

  -- This lock also makes one user's holds wait for each other: the limit counts rows they all add.
  -- A session that begins after this statement isn't locked, so it isn't used either.
  select array_agg(locked.id) into v_sessions from (
    select s.id from room_session s
    where s.ended_at is null
      and (s.room_id, s.user_number) in (select * from unnest(p_room, p_user))
    order by s.id for no key update) locked;

  perform from (
    select 1 from seat_claim c
    where (c.schedule_id, c.seat) in (select * from unnest(p_schedule, p_seat))
    order by c.schedule_id, c.seat for no key update) locked;

  v_now := clock_timestamp();
  -- Whole milliseconds: what the answer says is what the row says.
  v_deadline := date_trunc('milliseconds', v_now + p_hold_millis * interval '1 millisecond');

  for v_command in
    select a.command, min(a.room) as room, min(a.user_number) as user_number,
      min(a.schedule_id) as schedule_id, array_agg(distinct a.seat) as seats
    from unnest(p_command, p_room, p_user, p_schedule, p_seat)
      as a (command, room, user_number, schedule_id, seat)
    group by a.command order by a.command
  loop
    v_blocking := '{}';
    select s.id, k.hold_limit,
      d.state = 0 and coalesce(d.opens_at <= v_now, true) and coalesce(d.closes_at > v_now, true)
    into v_session, v_limit, v_on_sale
    from schedule d
    join concert k on k.id = d.concert_id and k.room_id = v_command.room
    join room_session s on s.room_id = k.room_id and s.user_number = v_command.user_number
      and s.ended_at is null and s.ends_at > v_now and s.id = any (v_sessions)
    where d.id = v_command.schedule_id;

    select count(*) = cardinality(v_command.seats) into v_held from seat_claim c
    where c.schedule_id = v_command.schedule_id and c.seat = any (v_command.seats)
      and c.state = 1 and c.user_number = v_command.user_number and c.deadline > v_now;

    if v_held then
      -- Asked again by its holder: the same hold, whatever has become of session and sale.
      v_verdict := 0;
    elsif v_session is null then
      v_verdict := 4;
    elsif not v_on_sale then
      v_verdict := 3;
      v_blocking := v_command.seats;
    else
      -- What the caller holds already is given again as it is; it adds nothing to the count.
      select
        array_agg(w.seat) filter (where c.seat is null or c.state = 3),
        array_agg(w.seat) filter (where c.state = 2
          or c.state = 1 and c.deadline > v_now and c.user_number <> v_command.user_number),
        count(*) filter (where c.state <> 1 or c.deadline <= v_now)
      into v_house, v_taken, v_added
      from unnest(v_command.seats) as w (seat)
      left join seat_claim c on c.schedule_id = v_command.schedule_id and c.seat = w.seat;

      select count(*) into v_had from seat_claim c
      where c.schedule_id = v_command.schedule_id and c.user_number = v_command.user_number
        and (c.state = 2 or c.state = 1 and c.deadline > v_now);

      if v_house is not null then
        v_verdict := 3;
        v_blocking := v_house;
      elsif v_taken is not null then
        v_verdict := 1;
        v_blocking := v_taken;
      elsif v_added > 0 and v_had + v_added > v_limit then
        v_verdict := 2;
      else
        v_verdict := 0;
        with given as (
          select w.seat, nextval('fence') as fence from unnest(v_command.seats) as w (seat)
        )
        update seat_claim c
        set state = 1, user_number = v_command.user_number, session_id = v_session,
          hold_id = given.fence, fence = given.fence, held_at = v_now, deadline = v_deadline,
          expired_user = case when c.state = 1 then c.user_number else c.expired_user end,
          changed_tx = pg_current_xact_id()
        from given
        where c.schedule_id = v_command.schedule_id and c.seat = given.seat
          and (c.state = 0 or c.deadline <= v_now);
        if found then
          -- A hold is something done, too: the session is its owner's for good.
          update room_session s
          set lasts_until = greatest(s.lasts_until, v_deadline),
            acted_at = coalesce(s.acted_at, v_now), changed_tx = pg_current_xact_id()
          where s.id = v_session;
        end if;
      end if;
    end if;

    return query
      select v_command.command, v_verdict, w.seat = any (v_blocking), w.seat, c.price, c.state,
        c.user_number, c.fence, c.hold_id, c.held_at, c.deadline
      from unnest(v_command.seats) as w (seat)
      left join seat_claim c on c.schedule_id = v_command.schedule_id and c.seat = w.seat
      order by w.seat;
  end loop;
end
$$;

-- Gives back holds past their deadline, the oldest first. Nodes may call it at the same time: rows
-- that another one is at are skipped, and so are those that a payment is judging.
create or replace function free_due_claims(p_limit int)
returns table (
  schedule_id bigint, seat int, state smallint, user_number bigint, fence bigint,
  deadline timestamptz
)
language sql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
  with due as (
    select c.schedule_id, c.seat from seat_claim c
    -- A subselect, or the index on deadlines isn't used.
    where c.state = 1 and c.deadline <= (select clock_timestamp())
    order by c.deadline limit p_limit
    for no key update skip locked
  )
  update seat_claim c
  set state = 0, expired_user = c.user_number, user_number = null, session_id = null,
    deadline = null, fence = nextval('fence'), changed_tx = pg_current_xact_id()
  from due
  where c.schedule_id = due.schedule_id and c.seat = due.seat
  returning c.schedule_id, c.seat, c.state, c.user_number, c.fence, c.deadline
$$;

-- Claims of a schedule that were changed by transactions from p_since_xid on, and the bound for the
-- next call: transactions below it are over and seen. Exact where a timestamp or a sequence would
-- miss whoever commits late. Without changes one row comes back that has the bound only.
create or replace function claims_changed(p_schedule bigint, p_since_xid bigint)
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
    on c.schedule_id = p_schedule and c.changed_tx >= p_since_xid::text::xid8
$$;

-- end_session: its owner leaves before its time. The session ends and its unpaid holds go back, at
-- once: whoever holds or pays meanwhile waits for the session's row and then finds it ended. Whose hold
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

  -- Complete: a hold begins with the session's lock only.
  select array_agg(locked.schedule_id), array_agg(locked.seat) into v_schedules, v_seats from (
    select c.schedule_id, c.seat from seat_claim c
    where v_live and c.user_number = p_user and c.session_id = p_session and c.state = 1
    order by c.schedule_id, c.seat for no key update) locked;
  v_now := clock_timestamp();

  update room_session s set ended_at = v_now, changed_tx = pg_current_xact_id()
  where s.id = p_session and v_live;

  return query
  with given_back as (
    update seat_claim c
    set state = 0,
      expired_user = case
        when c.deadline <= v_now then c.user_number
        else nullif(c.expired_user, c.user_number) end,
      user_number = null, session_id = null, deadline = null, fence = nextval('fence'),
      changed_tx = pg_current_xact_id()
    from unnest(v_schedules, v_seats) as locked (schedule_id, seat)
    where c.schedule_id = locked.schedule_id and c.seat = locked.seat
    returning c.schedule_id, c.seat, c.state, c.user_number, c.fence, c.deadline
  )
  select g.* from (select 1) ended left join given_back g on true;
end
$$;
