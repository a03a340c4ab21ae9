-- Prolonging a hold; the order of locks is that of the hold functions: schedules, sessions, claims.

-- extend_hold: a person's standing hold lasts p_millis longer, once. Asked again it is found prolonged
-- and nothing moves. No row if there is no such hold, or its date was called off.
create or replace function extend_hold(p_user bigint, p_hold bigint, p_millis bigint)
returns table (
  schedule_id bigint, seat int, state smallint, user_number bigint, fence bigint, hold_id bigint,
  price bigint, held_at timestamptz, deadline timestamptz, extended boolean
)
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_schedule bigint;
  v_seat int;
  v_session bigint;
  v_now timestamptz;
  v_standing boolean;
  v_first boolean;
begin
  -- Which rows to lock. What they say is read again once they are.
  select c.schedule_id, c.seat, c.session_id into v_schedule, v_seat, v_session
  from (select * from seat_claim where user_number = p_user offset 0) c
  where c.hold_id = p_hold and c.state = claim_held();
  if not found then
    return;
  end if;

  perform share_schedules(array[v_schedule]);
  -- A session that ends at its deadline waits for this, and then finds a later one.
  perform from room_session s where s.id = v_session for no key update;
  perform from seat_claim c
  where c.schedule_id = v_schedule and c.seat = v_seat for no key update;

  v_now := clock_timestamp();
  select c.user_number = p_user and c.hold_id = p_hold and c.state = claim_held()
    and c.deadline > v_now
    and c.session_id = v_session and s.ended_at is null
    and d.state <> schedule_cancelled()
  into v_standing
  from seat_claim c
  join room_session s on s.id = v_session
  join schedule d on d.id = c.schedule_id
  where c.schedule_id = v_schedule and c.seat = v_seat;
  if not coalesce(v_standing, false) then
    return;
  end if;

  insert into hold_extension as e (hold_id, extended_at) values (p_hold, v_now)
  on conflict do nothing;
  v_first := found;

  if v_first then
    update seat_claim c
    set deadline = c.deadline + p_millis * interval '1 millisecond', fence = nextval('fence'),
      changed_tx = pg_current_xact_id()
    where c.schedule_id = v_schedule and c.seat = v_seat;
    update room_session s
    set lasts_until = greatest(s.lasts_until, c.deadline), changed_tx = pg_current_xact_id()
    from seat_claim c
    where s.id = v_session and c.schedule_id = v_schedule and c.seat = v_seat;
  end if;

  return query
    select c.schedule_id, c.seat, c.state, c.user_number, c.fence, c.hold_id, c.price, c.held_at,
      c.deadline, v_first
    from seat_claim c where c.schedule_id = v_schedule and c.seat = v_seat;
end
$$;
