-- Events of the sale: published by one transaction at a time, delivered to a webhook by one node at a
-- time. They are written by the functions and statements whose effect they tell of.

-- publish_events: gives committed events their cursors, so many at most, and says how many it were. The
-- lock lasts until the numbers are committed, and the statement after it sees all that was committed
-- before: so anyone who reads a cursor sees all events with smaller ones, for good. An event that is
-- committed later gets a larger one. 0 also if another publisher is at it.
create or replace function publish_events(p_most int) returns int
language plpgsql
as $$
declare
  v_published int;
begin
  if not pg_try_advisory_xact_lock(1702260340, 1) then
    return 0;
  end if;

  with taken as (
    delete from outbox o
    where o.id in (select n.id from outbox n order by n.id limit p_most)
    returning o.*
  ), numbered as materialized (
    select nextval('event_cursor') as cursor, t.*
    from (select taken.* from taken order by taken.id) t
  ), published as (
    insert into event (cursor, lane, published_at, kind, at, schedule_id, room_id, seat, user_number,
      bill_id, hold_id, price)
    select n.cursor, coalesce('s' || n.schedule_id, 'room/' || n.room_id), clock_timestamp(), n.kind,
      n.at, n.schedule_id, n.room_id, n.seat, n.user_number, n.bill_id, n.hold_id, n.price
    from numbered n
    returning lane, cursor
  ), lanes as (
    insert into event_lane as l (lane, last_cursor)
    select p.lane, max(p.cursor) from published p group by p.lane
    on conflict (lane) do update set last_cursor = excluded.last_cursor
  )
  select count(*) into v_published from published;
  return v_published;
end
$$;

-- delete_old_events: those published longer ago than that many days, the oldest first, so many at most
-- looked at; with the dead letters that name them. Says how many it deleted.
create or replace function delete_old_events(p_days int, p_most int) returns int
language plpgsql
as $$
declare
  v_to bigint;
  v_deleted int;
begin
  -- As those who change webhooks: before their rows.
  perform from event_setting for no key update;
  select max(o.cursor) into v_to from (
    select e.cursor, e.published_at from event e order by e.cursor limit p_most) o
  where o.published_at < clock_timestamp() - make_interval(days => p_days);
  if v_to is null then
    return 0;
  end if;
  delete from dead_letter d where d.cursor <= v_to;
  delete from event e where e.cursor <= v_to;
  get diagnostics v_deleted = row_count;
  delete from event_lane l where l.last_cursor <= v_to;
  delete from webhook_lane d
  where d.done <= v_to and not exists (select from event_lane l where l.lane = d.lane);
  update event_setting s set deleted_to = greatest(s.deleted_to, v_to);
  return v_deleted;
end
$$;

-- lease_webhooks: those that this node delivers from now on for so long: its own, and those that no other
-- node has. A fence is new whenever the node is another one.
drop function if exists lease_webhooks(uuid, bigint);
create function lease_webhooks(p_node uuid, p_millis bigint)
returns table (id bigint, url text, kinds smallint[], fence bigint)
language sql
as $$
  update webhook w
  set owner = p_node, lease_until = clock_timestamp() + p_millis * interval '1 millisecond',
    fence = case when w.owner = p_node then w.fence else nextval('webhook_fence') end
  where w.id in (
    select f.id from webhook f
    where f.active
      and (f.owner is null or f.owner = p_node or f.lease_until <= (select clock_timestamp()))
    order by f.id for no key update skip locked)
  returning w.id, w.url, w.kinds, w.fence
$$;

-- note_delivered: a webhook has got all of a lane up to there, or didn't want them. Nothing is noted for
-- a turn that is over: another node delivers, or an operator has set the webhook back.
create or replace function note_delivered(
  p_webhook bigint, p_fence bigint, p_lane text, p_done bigint
) returns void
language sql
as $$
  insert into webhook_lane as d (webhook_id, lane, done)
  select w.id, p_lane, p_done from webhook w
  where w.id = p_webhook and w.fence = p_fence for share
  on conflict (webhook_id, lane) do update
    set done = excluded.done, attempts = 0, next_at = null, error = null
    where d.done < excluded.done
$$;

-- note_failed: the next event of a lane couldn't be delivered. It is tried again after a pause, or becomes
-- a dead letter with that many failures, which this returns.
create or replace function note_failed(
  p_webhook bigint, p_fence bigint, p_lane text, p_cursor bigint, p_error text, p_pause_millis bigint,
  p_most_attempts int
) returns boolean
language plpgsql
as $$
declare
  v_attempts int;
begin
  perform from webhook w where w.id = p_webhook and w.fence = p_fence for share;
  if not found then
    return false;
  end if;
  insert into webhook_lane as d (webhook_id, lane, done, attempts, next_at, error)
  values (p_webhook, p_lane, p_cursor - 1, 1,
    clock_timestamp() + p_pause_millis * interval '1 millisecond', p_error)
  on conflict (webhook_id, lane) do update
    set attempts = d.attempts + 1, next_at = excluded.next_at, error = excluded.error
    where d.done < p_cursor
  returning d.attempts into v_attempts;
  if v_attempts < p_most_attempts or v_attempts is null then
    return false;
  end if;
  insert into dead_letter as l (webhook_id, cursor, attempts, error)
  values (p_webhook, p_cursor, v_attempts, p_error)
  on conflict (webhook_id, cursor) do update
    set at = clock_timestamp(), attempts = l.attempts + excluded.attempts, error = excluded.error,
      wanted = false;
  update webhook_lane d set done = p_cursor, attempts = 0, next_at = null, error = null
  where d.webhook_id = p_webhook and d.lane = p_lane;
  return true;
end
$$;

-- oldest_undelivered: for how many seconds the oldest event that a webhook is still to get has been
-- published; null if it has got all.
create or replace function oldest_undelivered(p_webhook bigint) returns double precision
language sql stable
as $$
  select extract(epoch from clock_timestamp() - min(f.published_at))::double precision
  from webhook w
  cross join event_lane l
  left join webhook_lane d on d.webhook_id = w.id and d.lane = l.lane
  cross join lateral (
    select e.published_at from event e
    where e.lane = l.lane and e.cursor > greatest(d.done, w.from_cursor)
      and (w.kinds is null or e.kind = any (w.kinds))
    order by e.cursor limit 1) f
  where w.id = p_webhook and l.last_cursor > greatest(d.done, w.from_cursor)
$$;
