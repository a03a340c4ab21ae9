-- Idempotency keys of a batch, looked at before anything else is locked: who finds that a key is in
-- flight says so at once and doesn't make sixty-three neighbours wait. Called as a statement of its
-- own; what is locked after it is judged by newer snapshots.

-- recall_keys: one row a command, in order; p_keys has a null for a command without a key.
--   0 go on · 1 answered before, with the verdict rows · 2 in flight · 3 sent with another body
-- Plans as in R__payment_functions.sql.
-- The lock lasts until the batch commits, so who gets it later finds the answer that was written.
create or replace function recall_keys(p_keys uuid[], p_bodies uuid[])
returns table (command int, state int, answer jsonb)
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
  v_mine boolean[];
begin
  -- A lock can be taken twice by one session: a key's second command in a batch is in flight, too.
  select array_agg(tried.mine order by tried.command) into v_mine from (
    select k.command,
      k.id is null or k.nth = 1 and pg_try_advisory_xact_lock(key_lock(k.id)) as mine
    from (
      select w.command, w.id, row_number() over (partition by w.id order by w.command) as nth
      from unnest(p_keys) with ordinality as w (id, command)) k
  ) tried;

  -- Another statement, so that it sees what the lock's last owner wrote.
  return query
    select w.command::int - 1,
      case
        when s.body = w.body then 1
        when s.id is not null then 3
        when w.mine then 0
        else 2
      end,
      case when s.body = w.body then s.answer end
    from unnest(p_keys, p_bodies, v_mine) with ordinality as w (id, body, mine, command)
    left join idempotency_key s on s.id = w.id
    order by w.command;
end
$$;

-- Two keys that share these 64 bits keep each other waiting for nothing; they aren't taken for one.
create or replace function key_lock(p_key uuid) returns bigint
language sql immutable parallel safe
return ('x' || left(replace(p_key::text, '-', ''), 16))::bit(64)::bigint;
