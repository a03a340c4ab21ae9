-- Banning. Locks in the order of all functions: rooms, accounts, sessions, claims.

-- ban_account: from its commit on the user is let in nowhere, and neither holds nor pays: the live
-- sessions end and their unpaid holds go back. What is paid stays paid. Admissions judge with their
-- room's lock and payments with the account's, so each is either before this and seen here, or after.
-- Rows: first one that says whether there is such an account and whether it was banned now or before
-- for the same reason (0 banned · 1 it was so already · 2 no such account), then one a session that
-- ended, or one a seat that it gave back.
create or replace function ban_account(p_user bigint, p_reason text)
returns table (
  verdict int, room_id text, session_id bigint, schedule_id bigint, seat int, state smallint,
  user_number bigint, fence bigint, deadline timestamptz
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_before text;
  v_sessions bigint[];
begin
  perform from (select 1 from room r order by r.id for no key update) locked;

  select a.ban_reason into v_before from account a where a.user_number = p_user for no key update;
  if not found then
    return query select 2, null::text, null::bigint, null::bigint, null::int, null::smallint,
      null::bigint, null::bigint, null::timestamptz;
    return;
  end if;
  if v_before is not distinct from p_reason then
    return query select 1, null::text, null::bigint, null::bigint, null::int, null::smallint,
      null::bigint, null::bigint, null::timestamptz;
    return;
  end if;
  update account a set banned_at = coalesce(a.banned_at, clock_timestamp()), ban_reason = p_reason
  where a.user_number = p_user;
  update ban_change set stamp = gen_random_uuid();

  -- Complete: nobody is admitted while the rooms are locked.
  select array_agg(locked.id) into v_sessions from (
    select s.id from room r
    cross join lateral (
      select l.id from room_session l
      where l.room_id = r.id and l.user_number = p_user and l.ended_at is null limit 1) found
    join room_session s on s.id = found.id
    order by s.id for no key update of s) locked;
  perform from (
    select 1 from seat_claim c
    where c.user_number = p_user and c.session_id = any (v_sessions)
    order by c.schedule_id, c.seat for no key update) locked;

  return query select 0, null::text, null::bigint, null::bigint, null::int, null::smallint,
    null::bigint, null::bigint, null::timestamptz;
  return query
    select 0, s.room_id, s.id, e.schedule_id, e.seat, e.state, e.user_number, e.fence, e.deadline
    from room_session s
    cross join lateral end_session(s.room_id, p_user, s.id) e
    where s.id = any (v_sessions) and s.ended_at is null;
end
$$;

-- unban_account: 0 unbanned · 1 it wasn't banned · 2 no such account.
create or replace function unban_account(p_user bigint) returns int
language plpgsql
as $$
declare
  v_banned boolean;
begin
  select a.banned_at is not null into v_banned from account a
  where a.user_number = p_user for no key update;
  if not found then
    return 2;
  elsif not v_banned then
    return 1;
  end if;
  update account a set banned_at = null, ban_reason = null where a.user_number = p_user;
  update ban_change set stamp = gen_random_uuid();
  return 0;
end
$$;
