-- Who is in: admission and the end of sessions, judged here so that capacity holds on any number of
-- nodes, in a network split too. Every change of a session row sets changed_tx.

create or replace function to_millis(at timestamptz) returns bigint
language sql immutable
as $$ select floor(extract(epoch from at) * 1000)::bigint $$;

-- admit: lets people in, in the given order, while the room has free slots. One row for each person
-- who was decided (admitted now, in already, or place used before: these take no slot) and for each
-- overdue session that was ended to make room. No row: no slot was free, ask again.
create or replace function admit(
  wanted_room text, users bigint[], epochs int[], sequences bigint[], arrived_millis bigint[]
) returns table (
  session_id bigint, user_number bigint, epoch int, sequence bigint,
  arrived bigint, ends bigint, lasts bigint, ended boolean, admitted boolean
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
declare
  place_count int;
  session_length interval;
  free_slots int;
  judged_at timestamptz;
  made bigint[] := '{}';
  known bigint[] := '{}';
  one bigint;
begin
  -- The guard of the capacity: one admission at a time in a room, and each sees all before it.
  select r.capacity, make_interval(secs => r.session_seconds) into place_count, session_length
  from room r where r.id = wanted_room for no key update;

  with due as (
    select s.id from room_session s
    where s.room_id = wanted_room and s.ended_at is null
      and s.lasts_until <= (select clock_timestamp())
    order by s.id for no key update skip locked
  ), gone as (
    update room_session s set ended_at = clock_timestamp(), changed_tx = pg_current_xact_id()
    from due where s.id = due.id
    returning s.id
  )
  select coalesce(array_agg(gone.id), '{}') into known from gone;

  select place_count - count(*) into free_slots
  from room_session s where s.room_id = wanted_room and s.ended_at is null;
  judged_at := clock_timestamp();

  for i in 1 .. cardinality(users) loop
    select s.id into one from room_session s
    where s.room_id = wanted_room and s.epoch = epochs[i] and s.sequence = sequences[i];
    if not found then
      select s.id into one from room_session s
      where s.room_id = wanted_room and s.user_number = users[i] and s.ended_at is null;
    end if;
    if found then
      known := known || one;
    elsif free_slots > 0 then
      insert into room_session as s
        (room_id, user_number, epoch, sequence, arrived_at, admitted_at, ends_at, lasts_until)
      values (
        wanted_room, users[i], epochs[i], sequences[i],
        'epoch'::timestamptz + arrived_millis[i] * interval '1 millisecond',
        judged_at, judged_at + session_length, judged_at + session_length)
      returning s.id into one;
      made := made || one;
      free_slots := free_slots - 1;
    end if;
  end loop;

  return query
  select s.id, s.user_number, s.epoch, s.sequence, to_millis(s.arrived_at), to_millis(s.ends_at),
    to_millis(s.lasts_until), s.ended_at is not null, s.id = any (made)
  from room_session s where s.id = any (made || known)
  order by s.epoch, s.sequence;
end
$$;

-- end_due_sessions: ends what has lasted its time, in all rooms. Who is just changing a session holds
-- its row: it is skipped and judged next time. An unpaid hold has moved lasts_until to its deadline.
create or replace function end_due_sessions() returns table (
  room_id text, session_id bigint, user_number bigint, epoch int, sequence bigint,
  arrived bigint, ends bigint, lasts bigint, ended boolean
)
language sql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
  with due as (
    select s.id from room_session s
    where s.ended_at is null and s.lasts_until <= (select clock_timestamp())
    order by s.lasts_until limit 1000
    for no key update skip locked
  )
  update room_session s set ended_at = clock_timestamp(), changed_tx = pg_current_xact_id()
  from due where s.id = due.id
  returning s.room_id, s.id, s.user_number, s.epoch, s.sequence, to_millis(s.arrived_at),
    to_millis(s.ends_at), to_millis(s.lasts_until), true
$$;

-- sessions_changed: all that changed in a room since the look that returned since_xid, at least. One
-- statement and one snapshot: a transaction below as_of is seen here, one that isn't will be next
-- time. Always one row at least, so that there is a bound for the next look.
create or replace function sessions_changed(wanted_room text, since_xid bigint) returns table (
  as_of bigint, capacity int, session_id bigint, user_number bigint, epoch int, sequence bigint,
  arrived bigint, ends bigint, lasts bigint, ended boolean
)
language sql stable
set plan_cache_mode = force_generic_plan
set jit = off
as $$
  select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, r.capacity, s.id, s.user_number,
    s.epoch, s.sequence, to_millis(s.arrived_at), to_millis(s.ends_at), to_millis(s.lasts_until),
    s.ended_at is not null
  from room r
  left join room_session s on s.room_id = r.id and s.changed_tx >= since_xid::text::xid8
  where r.id = wanted_room
$$;
