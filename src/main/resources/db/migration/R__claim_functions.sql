-- A seat's claim that becomes free, whoever had it. Before the other scripts by name, as those call it.

-- free_claims: for sale again from now on, held, sold or blocked before. The caller has locked the claims,
-- names each once and has judged that they go. p_expired: whose hold ended at its deadline last, as the
-- claim says from now on; what is right depends on why it becomes free. One row each.
--
-- Call it with arrays that a subquery makes (array_agg), never once a row of a join: a plan may make the
-- calls before the join has left out rows. And read what it returns, or PostgreSQL leaves the call out of
-- a statement that has it in a WITH.
create or replace function free_claims(p_schedule bigint[], p_seat int[], p_expired bigint[])
returns table (
  schedule_id bigint, seat int, state smallint, user_number bigint, fence bigint,
  deadline timestamptz, expired_user bigint, hold_id bigint
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
  return query
  update seat_claim c
  set state = claim_free(), user_number = null, session_id = null, deadline = null,
    expired_user = gone.expired_user, fence = nextval('fence'), changed_tx = pg_current_xact_id()
  from unnest(p_schedule, p_seat, p_expired) as gone (schedule_id, seat, expired_user)
  where c.schedule_id = gone.schedule_id and c.seat = gone.seat
  returning c.schedule_id, c.seat, c.state, c.user_number, c.fence, c.deadline, c.expired_user,
    c.hold_id;
end
$$;
