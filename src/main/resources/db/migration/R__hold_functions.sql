-- Who holds a seat is decided here. Rows are locked in one order in all functions of all features
-- (schedules, accounts, sessions, claims; each by id), each kind in a statement of its own, because
-- a statement that locks and judges at once judges by what it saw before it waited. Time is read
-- after the last lock: a batch that waited two seconds must not give or refuse by the time before.

-- Every row is reached by its key, whatever the statistics say: on a table that was filled a moment ago
-- a batch took a second by a plan for an empty one.

-- hold_seats: many commands at once. The first arrays have an element a command, p_command and p_seat
-- one a (command, seat), in the order asked; commands count from 0. A command's seats belong to one
-- schedule and are held all or none. p_key is null if no command has a key, else it has nulls for
-- those without.
--   0 held · 1 seat taken · 2 limit reached · 3 not on sale · 4 not admitted
--   5 held by the first command with this key: the rows as they were then · 6 that command is in
--   flight · 7 the key was sent with another body · 8 banned, so there is no session
-- One statement judges all, so no command may touch what another one does: no user and no seat twice.
--
-- With a key every hold is kept that was answered, also one that its holder had already: a repeat that
-- arrives after the seat went back must not hold it anew.
create or replace function hold_seats(
  p_key uuid[], p_body uuid[], p_room text[], p_user bigint[], p_schedule bigint[],
  p_command int[], p_seat int[], p_hold_millis bigint
) returns setof hold_verdict
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_key_state int[] := array_fill(key_new(), array[cardinality(p_user)]);
  v_answer jsonb[];
  v_schedule bigint[];
  v_sessions bigint[];
  v_session_users bigint[];
  v_now timestamptz;
  v_deadline timestamptz;
  v_events boolean;
begin
  if num_nonnulls(variadic p_key) > 0 then
    select k.states, k.answers into v_key_state, v_answer from recall_keys(p_key, p_body) k;
    return query
      select * from verdicts_of_keys(null::hold_verdict, v_key_state, v_answer, '{5, 6, 7}',
        '{"blocking": false}');
  end if;

  select array_agg(p_schedule[w.command + 1] order by w.nth) into v_schedule
  from unnest(p_command) with ordinality as w (command, nth);

  if (select count(*) > count(distinct u) from unnest(p_user) u)
    or (select count(*) > count(distinct (w.schedule_id, w.seat))
        from unnest(v_schedule, p_seat) as w (schedule_id, seat)) then
    raise exception 'two commands of a batch touch the same user or seat';
  end if;

  perform share_schedules(p_schedule);

  -- This lock also makes one user's holds wait for each other: the limit counts rows they all add.
  -- A session that begins after this statement isn't locked, so it isn't used either.
  select l.ids, l.users into v_sessions, v_session_users from lock_live_sessions(p_room, p_user) l;

  perform from (
    select 1 from seat_claim c
    where (c.schedule_id, c.seat) in (select * from unnest(v_schedule, p_seat))
    order by c.schedule_id, c.seat for no key update) locked;

  select s.by_setting or s.by_webhooks into v_events from event_setting s;
  v_now := clock_timestamp();
  -- Whole milliseconds: what the answer says is what the row says.
  v_deadline := date_trunc('milliseconds', v_now + p_hold_millis * interval '1 millisecond');

  -- All rows it changes are locked, so what it reads of them is what it changes.
  return query
  with wanted as (
    select w.command, w.nth::int as nth, a.user_number as asking, a.schedule_id as of_schedule,
      w.seat as index, s.id as session, k.hold_limit,
      d.state = schedule_open() and coalesce(d.opens_at <= v_now, true)
        and coalesce(d.closes_at, d.starts_at) > v_now
        as on_sale,
      (select count(*) from seat_claim h
       where h.user_number = a.user_number and h.schedule_id = a.schedule_id
         and (h.state = claim_sold() or h.state = claim_held() and h.deadline > v_now)) as had,
      c.*, c.state = claim_held() and c.deadline > v_now as standing
    from unnest(p_command, p_seat) with ordinality as w (command, seat, nth)
    cross join lateral (
      select p_user[w.command + 1] as user_number, p_schedule[w.command + 1] as schedule_id) a
    left join seat_claim c on c.schedule_id = a.schedule_id and c.seat = w.seat
    left join schedule d on d.id = a.schedule_id
    left join concert k on k.id = d.concert_id and k.room_id = p_room[w.command + 1]
    -- Locked as one of the room that was named; by its id alone, or an index on rooms is taken.
    left join lateral (
      select l.id, l.ended_at, l.ends_at from room_session l
      where l.id = v_sessions[array_position(v_session_users, a.user_number)]
      offset 0) s on k.id is not null and s.ended_at is null and s.ends_at > v_now
    where v_key_state[w.command + 1] = key_new()
  ), seen as (
    select w.*,
      coalesce(w.standing and w.user_number = w.asking, false) as own,
      w.seat is null or w.state = claim_not_for_sale() as house,
      coalesce(w.state = claim_sold() or w.standing and w.user_number <> w.asking, false) as taken
    from wanted w
  ), counted as (
    select n.*,
      bool_and(n.own) over ofcommand as all_own,
      bool_or(n.house) over ofcommand as any_house,
      bool_or(n.taken) over ofcommand as any_taken,
      -- What the caller holds already is given again as it is; it adds nothing to the count.
      count(*) filter (where not n.own) over ofcommand as added
    from seen n window ofcommand as (partition by n.command)
  ), verdicts as (
    select j.*,
      case
        -- Asked again by its holder: the same hold, whatever has become of session and sale.
        when j.all_own then 0
        -- A ban has ended the sessions, and no new one begins: who has one needn't be looked up.
        when j.session is null then case
          when exists (
            select from account a where a.user_number = j.asking and a.banned_at is not null)
          then 8 else 4 end
        when not j.on_sale then 3
        when j.any_house then 3
        when j.any_taken then 1
        when j.had + j.added > j.hold_limit then 2
        else 0
      end as verdict
    from counted j
  ), judged as materialized (
    select v.*, case when v.verdict = 0 and not v.own then nextval('fence') end as given
    from verdicts v
  ), held as (
    update seat_claim c
    set state = claim_held(), user_number = j.asking, session_id = j.session, hold_id = j.given,
      fence = j.given, held_at = v_now, deadline = v_deadline,
      expired_user = case when c.state = claim_held() then c.user_number else c.expired_user end,
      changed_tx = pg_current_xact_id()
    from judged j
    where j.given is not null and c.schedule_id = j.of_schedule and c.seat = j.index
  ), lapsed as (
    -- The hold that was there had come to its deadline, or it wouldn't have been given.
    insert into outbox (kind, at, schedule_id, seat, user_number, hold_id)
    select 4, v_now, j.of_schedule, j.index, j.user_number, j.hold_id
    from judged j where v_events and j.given is not null and j.state = claim_held()
  ), acted as (
    -- A hold is something done, too: the session is its owner's for good.
    update room_session s
    set lasts_until = greatest(s.lasts_until, v_deadline), acted_at = coalesce(s.acted_at, v_now),
      changed_tx = pg_current_xact_id()
    from (select distinct j.session from judged j where j.given is not null) j
    where s.id = j.session
  ), told as materialized (
    select j.command, j.nth, j.verdict,
      j.verdict = 1 and j.taken or j.verdict = 3 and (j.house or not j.on_sale) as blocking,
      j.of_schedule as schedule_id, j.index as seat, j.price,
      case when j.given is null then j.state else claim_held() end::smallint as state,
      case when j.given is null then j.user_number else j.asking end as user_number,
      coalesce(j.given, j.fence) as fence, coalesce(j.given, j.hold_id) as hold_id,
      case when j.given is null then j.held_at else v_now end as held_at,
      case when j.given is null then j.deadline else v_deadline end as deadline
    from judged j
  ), kept as (
    insert into idempotency_key (id, body, answer)
    select p_key[t.command + 1], p_body[t.command + 1], jsonb_agg(to_jsonb(t) order by t.nth)
    from told t
    where t.verdict = 0 and p_key[t.command + 1] is not null
    group by t.command
  )
  select t.* from told t;
end
$$;

-- release_seats: each command's user gives back one seat. Locks as in hold_seats; a user or a seat
-- stands in one command only.
--   0 given back · 1 the user has no standing hold of it
--   5 given back by the first command with this key · 6 that command is in flight · 7 the key was
--   sent with another body
create or replace function release_seats(
  p_key uuid[], p_body uuid[], p_user bigint[], p_schedule bigint[], p_seat int[]
) returns setof release_verdict
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_key_state int[] := array_fill(key_new(), array[cardinality(p_user)]);
  v_answer jsonb[];
  v_sessions bigint[];
  v_now timestamptz;
begin
  if num_nonnulls(variadic p_key) > 0 then
    select k.states, k.answers into v_key_state, v_answer from recall_keys(p_key, p_body) k;
    return query
      select * from verdicts_of_keys(null::release_verdict, v_key_state, v_answer, '{5, 6, 7}', '{}');
  end if;

  if (select count(*) > count(distinct u) from unnest(p_user) u)
    or (select count(*) > count(distinct (w.schedule_id, w.seat))
        from unnest(p_schedule, p_seat) as w (schedule_id, seat)) then
    raise exception 'two commands of a batch touch the same user or seat';
  end if;

  -- The session of a standing hold is live: it lasts as long as the hold. The schedule's state and
  -- its lock don't matter here: what is given back is given back of a closed one, too.
  select l.ids into v_sessions
  from (
    select array_agg(k.room_id) as rooms, array_agg(w.user_number) as users
    from unnest(p_user, p_schedule) as w (user_number, schedule_id)
    join schedule d on d.id = w.schedule_id
    join concert k on k.id = d.concert_id) w
  cross join lateral lock_live_sessions(w.rooms, w.users) l;

  perform from (
    select 1 from seat_claim c
    where (c.schedule_id, c.seat) in (select * from unnest(p_schedule, p_seat))
    order by c.schedule_id, c.seat for no key update) locked;

  v_now := clock_timestamp();

  return query
  with asked as materialized (
    select w.command::int - 1 as command, w.schedule_id, w.seat, c.session_id,
      -- As when a session ends: anyone who gives a hold back hasn't let it expire.
      nullif(c.expired_user, c.user_number) as expired_user,
      -- No condition of the join, or the claim might be looked up among all that somebody has.
      coalesce(c.user_number = w.user_number and c.state = claim_held() and c.deadline > v_now
        and c.session_id = any (v_sessions), false) as standing
    from unnest(v_key_state, p_user, p_schedule, p_seat) with ordinality
      as w (key_state, user_number, schedule_id, seat, command)
    left join seat_claim c on c.schedule_id = w.schedule_id and c.seat = w.seat
    where w.key_state = key_new()
  ), given_back as materialized (
    select f.* from (
      select array_agg(a.schedule_id) as schedules, array_agg(a.seat) as seats,
        array_agg(a.expired_user) as expired
      from asked a where a.standing) gone
    cross join lateral free_claims(gone.schedules, gone.seats, gone.expired) f
  ), shortened as (
    -- To the last deadline of what the session still holds, on any date.
    update room_session s
    set changed_tx = pg_current_xact_id(),
      lasts_until = greatest(s.ends_at, (
        -- No condition on the state outside: it would be looked up among all standing holds.
        select max(c.deadline) filter (where c.state = claim_held()) from seat_claim c
        where c.user_number = s.user_number and c.session_id = s.id
          and (c.schedule_id, c.seat) <> (a.schedule_id, a.seat)))
    from asked a
    where a.standing and s.id = a.session_id
  ), told as materialized (
    select a.command, case when a.standing then 0 else 1 end as verdict,
      g.schedule_id, g.seat, g.state, g.user_number, g.fence, g.deadline
    from asked a
    left join given_back g on g.seat = a.seat and g.schedule_id = a.schedule_id and a.standing
  ), kept as (
    insert into idempotency_key (id, body, answer)
    select p_key[t.command + 1], p_body[t.command + 1], jsonb_build_array(to_jsonb(t))
    from told t where t.verdict = 0 and p_key[t.command + 1] is not null
  )
  select t.* from told t;
end
$$;
