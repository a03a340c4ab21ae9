-- What a date's row says counts for a batch until it has committed. So batches share a lock on each
-- date that they judge by, and anyone who changes a date's row takes that lock alone: it waits for the
-- batches under way, later ones wait for it and then see what it has changed. Both are called as
-- statements of their own, before rows are locked.
--
-- An advisory lock, served in turn. A row's lock that is shared lets newcomers pass those who wait for
-- it alone: under a rush a sale couldn't be closed for 20 s; and each sharing writes to the row.

-- Two dates that share these 31 bits keep each other waiting for nothing. The first number sets these
-- locks apart from those of others.
create or replace function schedule_lock(p_schedule bigint) returns int
language sql immutable parallel safe
return (p_schedule % 2147483647)::int;

drop function if exists share_schedules(bigint[]);
create function share_schedules(p_schedule bigint[]) returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
begin
  perform pg_advisory_xact_lock_shared(1935894628, wanted.lock) from (
    select distinct schedule_lock(s.id) as lock from unnest(p_schedule) as s (id)
    where s.id is not null order by lock) wanted;
end
$$;

create or replace function lock_schedule(p_schedule bigint) returns void
language sql
as $$
  select pg_advisory_xact_lock(1935894628, schedule_lock(p_schedule))
$$;
