-- Idempotency keys of a batch, looked at before anything else is locked: who finds that a key is in
-- flight says so at once and doesn't make sixty-three neighbours wait. Called as a statement of its
-- own; what is locked after it is judged by newer snapshots.

drop function if exists recall_keys(uuid[], uuid[]);

-- recall_keys: an element a command, in order; p_key has a null for a command without a key. answers:
-- the verdict rows of what was answered before.
-- Plans as in R__payment_functions.sql.
-- The lock lasts until the batch commits, so who gets it later finds the answer that was written.
create function recall_keys(p_key uuid[], p_body uuid[], out states int[], out answers jsonb[])
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
declare
  v_mine boolean[];
begin
  -- A lock can be taken twice by one session: a key's second command in a batch is in flight, too.
  select array_agg(tried.mine order by tried.command) into v_mine from (
    select k.command,
      k.id is null or k.nth = 1 and pg_try_advisory_xact_lock(key_lock(k.id)) as mine
    from (
      select w.command, w.id, row_number() over (partition by w.id order by w.command) as nth
      from unnest(p_key) with ordinality as w (id, command)) k
  ) tried;

  -- Another statement, so that it sees what the lock's last owner wrote.
  select array_agg(
      case
        when s.body = w.body then key_answered()
        when s.id is not null then key_reused()
        when w.mine then key_new()
        else key_in_flight()
      end order by w.command),
    array_agg(case when s.body = w.body then s.answer end order by w.command)
  into states, answers
  from unnest(p_key, p_body, v_mine) with ordinality as w (id, body, mine, command)
  left join idempotency_key s on s.id = w.id;
end
$$;

-- verdicts_of_keys: the verdict rows of those commands that aren't judged because their key decides them.
-- p_row says of which type: null::hold_verdict. p_verdict has the numbers that this type has for a key
-- that was answered before, is in flight, was used for something else. An answer comes back as it was kept,
-- but for the number of its command, p_again and a `replayed` if there is one; a refusal is one row, with
-- p_again, and nulls beside. Part of the plan of the query that calls it.
create or replace function verdicts_of_keys(
  p_row anyelement, p_state int[], p_answer jsonb[], p_verdict int[], p_again jsonb
) returns setof anyelement
language sql stable
as $$
  select told.*
  from unnest(p_state, p_answer) with ordinality as k (state, answer, nth)
  cross join lateral jsonb_array_elements(
    case k.state when key_answered() then k.answer else '[{}]' end) as kept (answer)
  cross join lateral jsonb_populate_record(p_row, kept.answer || p_again || jsonb_build_object(
    'command', k.nth - 1, 'verdict', p_verdict[k.state], 'replayed', k.state = key_answered())) told
  where k.state <> key_new()
$$;

-- Two keys that share these 64 bits keep each other waiting for nothing; they aren't taken for one.
create or replace function key_lock(p_key uuid) returns bigint
language sql immutable parallel safe
return ('x' || left(replace(p_key::text, '-', ''), 16))::bit(64)::bigint;
