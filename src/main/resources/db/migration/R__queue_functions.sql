-- Who is in, which epochs a room has and what was drawn: judged here so that it holds on any number of
-- nodes, in a network split too. Locks: the room, then its draws and lines, then sessions. Every change
-- of a session row sets changed_tx; every change of what a room must learn raises its version.

-- Arguments were named otherwise before, and those of a function can't be renamed in place.
drop function if exists to_millis(timestamptz);
drop function if exists room_reading(text, int);
drop function if exists begin_epoch(text);
drop function if exists begin_epoch(text, bigint);
drop function if exists begin_and_read(text);
drop function if exists begin_and_read(text, bigint, int);
drop function if exists reserve(text, int, int);
drop function if exists plan_opening(text, timestamptz, bytea);
drop function if exists session_at(text, int, bigint);

-- Stable as extract() is, or it would be called instead of becoming part of the query.
create function to_millis(p_at timestamptz) returns bigint
language sql stable
as $$ select floor(extract(epoch from p_at) * 1000)::bigint $$;

-- What a room must know of its row, its draws and one of its epochs, as one snapshot has it: call it
-- in the statement that reads the rest. The seed of a draw that isn't made stays here; null for a room
-- that there isn't.
create function room_reading(p_room text, p_epoch int) returns jsonb
language sql stable
as $$
  select jsonb_build_object(
    'version', r.version,
    'settings', jsonb_build_object(
      'capacity', r.capacity,
      'sessionSeconds', r.session_seconds,
      'firstActionSeconds', r.first_action_seconds,
      'admitPerSecond', r.admit_per_second,
      'joinsPerSecond', r.joins_per_second,
      'presenceSeconds', r.presence_seconds,
      'reentrySeconds', r.reentry_seconds,
      'opensAtMillis', (
        select to_millis(d.opens_at) from room_draw d where d.room_id = r.id
        order by d.number desc limit 1),
      'paused', r.paused,
      'minimumBalance', r.minimum_balance),
    'epoch', p_epoch,
    'newestEpoch', r.epoch,
    'peopleWait', r.people_wait,
    'reserved', coalesce((
      select l.reserved from room_line l where l.room_id = r.id and l.epoch = p_epoch), 0),
    'ahead', (
      select jsonb_build_object(
        'firstEpoch', d.first_epoch,
        'opensAtMillis', to_millis(d.opens_at),
        'commitment', encode(sha256(d.seed), 'hex'))
      from room_draw d where d.room_id = r.id and d.drawn_at is null),
    'draws', coalesce((
      select jsonb_agg(jsonb_build_object(
        'number', d.number,
        'firstEpoch', d.first_epoch,
        'sizes', coalesce((
          select jsonb_agg(l.reserved order by l.epoch) from room_line l
          where l.room_id = d.room_id and l.epoch between d.first_epoch and d.last_epoch), '[]'),
        'drawnAtMillis', to_millis(d.drawn_at),
        'seed', encode(d.seed, 'hex')) order by d.number)
      from room_draw d where d.room_id = r.id and d.drawn_at is not null), '[]'))
  from room r where r.id = p_room
$$;

-- begin_epoch: a number that no other copy of the room has or will have, so no place is given twice.
-- From then on anyone who has an earlier one may neither reserve places nor let anybody in. A draw that is
-- due is made first: it covers all epochs before this one. Null: no such room.
create function begin_epoch(p_room text, p_giver bigint default null) returns int
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  v_before int;
  v_drawn room_draw%rowtype;
begin
  select r.epoch into v_before from room r where r.id = p_room for no key update;
  if not found then
    return null;
  end if;
  update room_draw d set drawn_at = clock_timestamp(), last_epoch = v_before
  where d.room_id = p_room and d.drawn_at is null and d.opens_at <= clock_timestamp()
  returning * into v_drawn;
  if found then
    -- A size for each epoch, also for one that an older program began.
    insert into room_line (room_id, epoch)
    select p_room, n from generate_series(v_drawn.first_epoch, v_drawn.last_epoch) n
    on conflict do nothing;
    insert into outbox (kind, at, room_id)
    select 5, v_drawn.drawn_at, p_room from event_setting s where s.by_setting or s.by_webhooks;
  end if;

  update room r set epoch = v_before + 1, version = r.version + 1 where r.id = p_room;
  insert into room_line (room_id, epoch, reserved, giver)
  values (p_room, v_before + 1, 4096, p_giver);
  return v_before + 1;
end
$$;

-- begin_and_read: an epoch together with what a room must know of it. Both are of one moment, as the
-- room's row is locked: whatever opening is planned later covers later epochs only. A room that had
-- the number alone might give more places in it than the draw will know of.
-- Lost: since the epoch that the caller knows somebody else began one while people waited, so there may
-- be places of which the caller has not heard.
create function begin_and_read(p_room text, p_giver bigint, p_known_epoch int)
returns table (new_epoch int, lost boolean, reading jsonb)
language plpgsql
as $$
declare
  v_begun int := begin_epoch(p_room, p_giver);
begin
  -- A statement of its own: it sees what was committed while the lock was waited for.
  return query select v_begun,
    exists (
      select from room r where r.id = p_room and r.people_wait) and exists (
      select from room_line l
      where l.room_id = p_room and l.epoch > p_known_epoch and l.epoch < v_begun
        and l.giver is distinct from p_giver),
    room_reading(p_room, v_begun);
end
$$;

-- reserve: lets the giver of a room's newest epoch give places of it up to that many, and says how many
-- it may give. Of an earlier epoch no more are given. A draw that was made has counted them: from then on
-- the number stands.
create function reserve(p_room text, p_epoch int, p_up_to int) returns int
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  v_known int;
  v_granted int;
begin
  -- Anyone who draws holds this lock, too.
  select r.epoch into v_known from room r where r.id = p_room for no key update;
  if p_epoch = v_known and not exists (
    select from room_draw d
    where d.room_id = p_room and p_epoch between d.first_epoch and d.last_epoch)
  then
    insert into room_line as l (room_id, epoch, reserved) values (p_room, p_epoch, p_up_to)
    on conflict (room_id, epoch) do update set reserved = excluded.reserved
    where l.reserved < excluded.reserved;
    if found then
      update room r set version = r.version + 1 where r.id = p_room;
    end if;
  end if;
  select l.reserved into v_granted from room_line l
  where l.room_id = p_room and l.epoch = p_epoch;
  return coalesce(v_granted, 0);
end
$$;

-- plan_opening: an operator sets when the room opens; the caller has locked the room's row. An opening
-- to come is moved, also into the past, or opened now (null). Without one a time ahead makes one, for
-- anyone who comes from the next epoch on; other times change nothing, nor does that of the last draw,
-- should the clock have gone back behind it.
create function plan_opening(p_room text, p_opens_at timestamptz, p_seed bytea)
returns void
language plpgsql
as $$
declare
  v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
begin
  update room_draw d set opens_at = coalesce(p_opens_at, least(d.opens_at, v_now))
  where d.room_id = p_room and d.drawn_at is null;
  if not found and p_opens_at > v_now then
    insert into room_draw (room_id, number, first_epoch, seed, opens_at)
    select r.id, coalesce((select max(d.number) from room_draw d where d.room_id = r.id), 0) + 1,
      r.epoch + 1, p_seed, p_opens_at
    from room r where r.id = p_room and not exists (
      select from room_draw d where d.room_id = r.id and d.opens_at = p_opens_at);
  end if;
end
$$;

-- admit: lets people in, in the given order, while the room has free slots, isn't paused, has opened,
-- and its rate allows. One row for each person who was decided (admitted now, in already, or place used
-- before: these take no slot) and for each overdue session that was ended to make room. No row: ask again;
-- who is banned gets none.
-- One row of nulls: somebody else has begun an epoch since p_by_epoch, and nothing was done.
drop function if exists admit(text, bigint[], int[], bigint[], bigint[]);
drop function if exists admit(text, int, bigint[], int[], bigint[], bigint[]);
create function admit(
  p_room text, p_by_epoch int, p_user bigint[], p_epoch int[], p_sequence bigint[],
  p_arrived_millis bigint[]
) returns table (
  session_id bigint, user_number bigint, epoch int, sequence bigint,
  arrived bigint, ends bigint, lasts bigint, ended boolean, returned boolean, admitted boolean
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
  v_room room%rowtype;
  v_free_slots int;
  v_burst double precision;
  v_credit double precision;
  v_now timestamptz;
  v_made bigint[] := '{}';
  v_known bigint[] := '{}';
begin
  -- The guard of the capacity: one admission at a time in a room, and each sees all before it.
  select * into v_room from room r where r.id = p_room for no key update;
  if v_room.epoch <> p_by_epoch then
    return query select null::bigint, null::bigint, null::int, null::bigint, null::bigint,
      null::bigint, null::bigint, null::boolean, null::boolean, null::boolean;
    return;
  end if;

  with late as (
    select s.id from room_session s
    where s.room_id = p_room
      and (case when s.ended_at is null then s.lasts_until end) <= (select clock_timestamp())
    order by (case when s.ended_at is null then s.lasts_until end)
    for no key update skip locked
  ), unused as (
    select s.id from room_session s
    where s.room_id = p_room
      and (case when s.ended_at is null and s.acted_at is null then s.act_by end)
        <= (select clock_timestamp())
    order by (case when s.ended_at is null and s.acted_at is null then s.act_by end)
    for no key update skip locked
  ), due as (
    select late.id from late union select unused.id from unused
  ), gone as (
    update room_session s
    set ended_at = clock_timestamp(), changed_tx = pg_current_xact_id(),
      returned = s.acted_at is null and s.act_by is not null and s.act_by <= clock_timestamp()
    from due where s.id = due.id
    returning s.id
  )
  select coalesce(array_agg(gone.id), '{}') into v_known from gone;

  select v_room.capacity - count(*) into v_free_slots
  from room_session s where s.room_id = p_room and s.ended_at is null;
  v_now := clock_timestamp();

  if v_room.paused or exists (
    select from room_draw d where d.room_id = p_room and d.drawn_at is null)
  then
    v_free_slots := 0;
  elsif v_room.admit_per_second > 0 then
    -- A token bucket: it refills with time and holds what a tenth of a second brings, or one.
    v_burst := greatest(1, v_room.admit_per_second / 10.0);
    v_credit := least(v_burst, coalesce(
      v_room.admit_credit + v_room.admit_per_second
        * greatest(0, extract(epoch from v_now - v_room.admit_credit_at)), v_burst));
    v_free_slots := least(v_free_slots, floor(v_credit)::int);
  end if;

  with asked as materialized (
    select a.nth, a.user_number, a.epoch, a.sequence, a.arrived, coalesce(
      (select s.id from room_session s
       where s.room_id = p_room and s.epoch = a.epoch and s.sequence = a.sequence
         and not s.returned),
      (select s.id from room_session s
       where s.room_id = p_room and s.user_number = a.user_number and s.ended_at is null)
      ) as session_before
    from unnest(p_user, p_epoch, p_sequence, p_arrived_millis) with ordinality
      as a (user_number, epoch, sequence, arrived, nth)
  ), new as (
    -- Somebody who is named twice enters once.
    select distinct on (a.user_number) a.* from asked a
    where a.session_before is null
      -- Who bans waits for the room's lock, so this sees every ban that has seen no session.
      and not exists (
        select from account b where b.user_number = a.user_number and b.banned_at is not null)
    order by a.user_number, a.nth
  ), entered as (
    insert into room_session
      (room_id, user_number, epoch, sequence, arrived_at, admitted_at, ends_at, lasts_until, act_by)
    select p_room, n.user_number, n.epoch, n.sequence,
      'epoch'::timestamptz + n.arrived * interval '1 millisecond',
      v_now, v_now + make_interval(secs => v_room.session_seconds),
      v_now + make_interval(secs => v_room.session_seconds),
      v_now + make_interval(secs => nullif(v_room.first_action_seconds, 0))
    from new n order by n.nth limit greatest(v_free_slots, 0)
    returning id
  )
  select coalesce((select array_agg(e.id) from entered e), '{}'),
    v_known || coalesce((
      select array_agg(a.session_before) from asked a where a.session_before is not null), '{}')
  into v_made, v_known;

  if v_credit is not null and v_made <> '{}' then
    update room r set admit_credit = v_credit - cardinality(v_made), admit_credit_at = v_now
    where r.id = p_room;
  end if;

  return query
  select s.id, s.user_number, s.epoch, s.sequence, to_millis(s.arrived_at), to_millis(s.ends_at),
    to_millis(s.lasts_until), s.ended_at is not null, s.returned, s.id = any (v_made)
  from room_session s where s.id = any (v_made || v_known)
  order by s.epoch, s.sequence, s.id;
end
$$;

-- end_due_sessions: ends what has lasted its time and gives back what nobody used in time, in all
-- rooms. Who is just changing a session holds its row: it is skipped and judged next time. An unpaid
-- hold has moved lasts_until to its deadline.
drop function if exists end_due_sessions();
create function end_due_sessions() returns table (
  room_id text, session_id bigint, user_number bigint, epoch int, sequence bigint,
  arrived bigint, ends bigint, lasts bigint, ended boolean, returned boolean
)
language sql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  with late as (
    select found.id from room r cross join lateral (
      select s.id from room_session s
      where s.room_id = r.id
        and (case when s.ended_at is null then s.lasts_until end) <= (select clock_timestamp())
      order by (case when s.ended_at is null then s.lasts_until end) limit 1000
      for no key update skip locked) found
  ), unused as (
    select found.id from room r cross join lateral (
      select s.id from room_session s
      where s.room_id = r.id
        and (case when s.ended_at is null and s.acted_at is null then s.act_by end)
          <= (select clock_timestamp())
      order by (case when s.ended_at is null and s.acted_at is null then s.act_by end) limit 1000
      for no key update skip locked) found
  ), due as (
    select late.id from late union select unused.id from unused
  )
  update room_session s
  set ended_at = clock_timestamp(), changed_tx = pg_current_xact_id(),
    returned = s.acted_at is null and s.act_by is not null and s.act_by <= clock_timestamp()
  from due where s.id = due.id
  returning s.room_id, s.id, s.user_number, s.epoch, s.sequence, to_millis(s.arrived_at),
    to_millis(s.ends_at), to_millis(s.lasts_until), true, s.returned
$$;

-- session_at: the session that a place has led to; one that was given back counts only where there is
-- no other.
create function session_at(p_room text, p_epoch int, p_sequence bigint)
returns setof room_session
language sql stable
as $$
  select * from (
    (select s.* from room_session s
     where s.room_id = p_room and s.epoch = p_epoch and s.sequence = p_sequence
       and not s.returned)
    union all
    (select s.* from room_session s
     where s.room_id = p_room and s.epoch = p_epoch and s.sequence = p_sequence
       and s.returned
     order by s.id desc limit 1)
  ) s
  order by s.returned limit 1
$$;

-- sessions_changed: all that changed in a room since the look that returned since_xid, at least. One
-- statement and one snapshot: a transaction below as_of is seen here, one that isn't will be next
-- time. The first row has the reading with the bound for the next look, the others a session each; no
-- row: no such room.
drop function if exists sessions_changed(text, bigint);
drop function if exists sessions_changed(text, bigint, int);
create function sessions_changed(p_room text, p_since bigint, p_epoch int)
returns table (
  as_of bigint, reading jsonb, session_id bigint, user_number bigint, epoch int, sequence bigint,
  arrived bigint, ends bigint, lasts bigint, ended boolean, returned boolean
)
language sql stable
set plan_cache_mode = force_generic_plan
set jit = off
as $$
  select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, room_reading(r.id, p_epoch),
    null::bigint, null::bigint, null::int, null::bigint, null::bigint, null::bigint, null::bigint,
    null::boolean, null::boolean
  from room r where r.id = p_room
  union all
  select null, null, s.id, s.user_number, s.epoch, s.sequence, to_millis(s.arrived_at),
    to_millis(s.ends_at), to_millis(s.lasts_until), s.ended_at is not null, s.returned
  from room_session s
  where s.room_id = p_room and s.changed_tx >= p_since::text::xid8
    -- What was restored from another server's dump may be ahead of this one's transactions.
    and s.changed_tx < pg_snapshot_xmax(pg_current_snapshot())
$$;

-- open_room: a room that nobody has in memory any more: an epoch of its own, the reading and the live
-- sessions. They are read in a statement of its own, after the room's row is locked: no admission is
-- under way that they wouldn't show. Rows as those of sessions_changed.
drop function if exists open_room(text);
create function open_room(p_room text) returns table (
  new_epoch int, people_waited boolean, now_millis bigint,
  as_of bigint, reading jsonb, session_id bigint, user_number bigint, epoch int, sequence bigint,
  arrived bigint, ends bigint, lasts bigint, ended boolean, returned boolean
)
language plpgsql
as $$
#variable_conflict use_column
declare
  v_begun int := begin_epoch(p_room);
begin
  return query
  select v_begun, r.people_wait and v_begun > 1, to_millis(clock_timestamp()),
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint, room_reading(r.id, v_begun),
    null::bigint, null::bigint, null::int, null::bigint, null::bigint, null::bigint, null::bigint,
    null::boolean, null::boolean
  from room r where r.id = p_room
  union all
  select null, null, null, null, null, s.id, s.user_number, s.epoch, s.sequence,
    to_millis(s.arrived_at), to_millis(s.ends_at), to_millis(s.lasts_until), false, false
  from room_session s
  where s.room_id = p_room and s.ended_at is null;
end
$$;
