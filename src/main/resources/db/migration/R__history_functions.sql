-- Whether the database is still the one that the nodes have seen, or has gone back to an earlier state: a
-- standby that was behind was promoted (another timeline), a dump was restored (another server), a copy
-- of the files was put back (what this node has seen or written is missing).

drop function if exists look_at_history(uuid, bigint, bigint, bigint, bigint, pg_lsn);
drop function if exists look_at_history(uuid, bigint, bigint, bigint, bigint, pg_lsn, uuid);
drop function if exists what_is_lost(installation, uuid, bigint, bigint, bigint, pg_lsn);
drop function if exists bring_into_time(int);
drop function if exists what_is_lost(installation, uuid, bigint, bigint, bigint, pg_lsn, uuid);

-- this_timeline: of the log that is written now. A checkpoint's may be of before the promotion.
create or replace function this_timeline() returns bigint
language sql
as $$ select ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint $$;

-- what_is_lost: null if nothing is, or if another node has noticed it before; else words for the log.
create function what_is_lost(
  p_known installation, p_node uuid, p_seen bigint, p_written bigint, p_tried bigint, p_lsn pg_lsn,
  p_batch uuid
) returns text
language sql
as $$
  select case
    when p_known.system_identifier <> (select c.system_identifier from pg_control_system() c)
      then 'it has moved to another server'
    when p_known.timeline <> this_timeline() then 'another server was promoted'
    when p_seen is null or p_known.history > p_seen then null
    when p_known.history < p_seen then 'a change of its history is missing'
    when not exists (
      select from witness w where w.node = p_node and w.beat between p_written and p_tried)
      then 'what this node wrote is missing'
    when p_batch is not null and not exists (select from command_batch b where b.id = p_batch)
      then 'what was committed last is missing'
    when pg_current_wal_flush_lsn() < p_lsn then 'the end of its log is missing'
  end
$$;

-- skip_lost_numbers: tokens name people by number, tickets name bills, links name dates, and what was lost may
-- have given numbers that this server would give again, to others. It goes on far behind them.
create or replace function skip_lost_numbers() returns void
language sql
as $$
  select setval(
    format('%I.%I', s.schemaname, s.sequencename)::regclass, coalesce(s.last_value, 0) + 1000000)
  from pg_sequences s where s.schemaname = current_schema()
$$;

-- look_at_history: the number of the history as of now; raised, and with a reason, if this node is the
-- first that notices another one. p_seen is the number that the node knows, null at its first look. Its row
-- must have what it wrote last (p_written), or what it has tried to write since (up to p_tried) without
-- hearing how that ended. p_next is written now. p_lsn is how far it has seen the log. p_batch is the newest
-- batch of commands of which it has heard that it is committed, or null.
create function look_at_history(
  p_node uuid, p_seen bigint, p_written bigint, p_tried bigint, p_next bigint, p_lsn pg_lsn,
  p_batch uuid, out history bigint, out lsn text, out reason text
)
language plpgsql
as $$
#variable_conflict use_column
declare
  v_known installation%rowtype;
begin
  select * into v_known from installation;
  reason := what_is_lost(v_known, p_node, p_seen, p_written, p_tried, p_lsn, p_batch);
  if reason is not null then
    -- One node at a time: anyone who comes second sees that it has been noticed.
    select * into v_known from installation for no key update;
    reason := what_is_lost(v_known, p_node, p_seen, p_written, p_tried, p_lsn, p_batch);
  end if;
  if reason is not null then
    update installation i
    set history = greatest(i.history, p_seen) + 1,
      system_identifier = (select c.system_identifier from pg_control_system() c),
      timeline = this_timeline()
    returning * into v_known;
    perform skip_lost_numbers();
  end if;

  -- An earlier try may commit late.
  insert into witness as w (node, beat) values (p_node, p_next)
  on conflict (node) do update
    set beat = greatest(w.beat, excluded.beat), at = clock_timestamp();
  history := v_known.history;
  lsn := pg_current_wal_flush_lsn();
end
$$;

-- bring_into_time: rows whose changed_tx this server hasn't come to yet, as they were written on the one
-- that a dump was made of, are changed now. So many at most; the number says how many there were. Sessions
-- come before claims, as everywhere.
create function bring_into_time(p_most int) returns int
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  v_end xid8 := pg_snapshot_xmax(pg_current_snapshot());
  v_sessions int;
  v_claims int;
begin
  with ahead as (
    select s.id from room r
    cross join lateral (
      select a.id from room_session a
      where a.room_id = r.id and a.changed_tx >= v_end
      order by a.changed_tx limit p_most) s
    limit p_most
  ), locked as materialized (
    select s.id from room_session s where s.id in (select ahead.id from ahead)
    order by s.id for no key update
  )
  update room_session s set changed_tx = pg_current_xact_id() from locked where s.id = locked.id;
  get diagnostics v_sessions = row_count;

  with ahead as (
    select c.schedule_id, c.seat from schedule s
    cross join lateral (
      select a.schedule_id, a.seat from seat_claim a
      where a.schedule_id = s.id and a.changed_tx >= v_end
      order by a.changed_tx limit p_most) c
    limit p_most - v_sessions
  ), locked as materialized (
    select c.schedule_id, c.seat from seat_claim c
    where (c.schedule_id, c.seat) in (select ahead.schedule_id, ahead.seat from ahead)
    order by c.schedule_id, c.seat for no key update
  )
  update seat_claim c set changed_tx = pg_current_xact_id()
  from locked where c.schedule_id = locked.schedule_id and c.seat = locked.seat;
  get diagnostics v_claims = row_count;
  return v_sessions + v_claims;
end
$$;
