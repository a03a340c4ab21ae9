-- What has come to its time, found by an expression that nothing else mentions. The indexes before these
-- had their condition as a plain one (`where ended_at is null`, `where state = 1`), so any statement
-- that looked up live sessions or held seats by a key could be planned through them instead: by
-- statistics of a quiet hour, when there were none, reading all of them is as cheap as a key. In a rush
-- each hold of a batch then read all live sessions, and a node did a fifth of its work.
create index room_session_lapses on room_session
  (room_id, (case when ended_at is null then lasts_until end))
  where (case when ended_at is null then lasts_until end) is not null;
create index room_session_returns on room_session
  (room_id, (case when ended_at is null and acted_at is null then act_by end))
  where (case when ended_at is null and acted_at is null then act_by end) is not null;
create index seat_claim_lapses on seat_claim ((case when state = 1 then deadline end))
  where (case when state = 1 then deadline end) is not null;

drop index room_session_due;
drop index room_session_unused;
drop index seat_claim_due;
