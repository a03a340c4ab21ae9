-- What numbers stand for: those that tables keep, which the functions below name, and the verdicts of
-- functions. Each paragraph names an enum of the program with the same numbers; VerdictTableTest compares.
--
-- A number means the same for ever: verdicts are kept with batches and keys, claims and dates keep their
-- states. So what is new gets a number of its own, and a key in flight stays 6 where holds are judged and
-- 2 where money is.
--
-- seat_claim.state: reservation.api.SeatStatus
--   0 FREE · 1 HELD · 2 SOLD · 3 NOT_FOR_SALE
-- schedule.state: catalog.SaleSwitch
--   0 OPEN · 1 CLOSED · 2 CANCELLED
-- recall_keys: postgres.batch.KeyState
--   0 NEW · 1 ANSWERED · 2 IN_FLIGHT · 3 REUSED
-- hold_seats: reservation.store.HoldVerdict
--   0 HELD · 1 SEAT_TAKEN · 2 LIMIT_REACHED · 3 NOT_ON_SALE · 4 NOT_ADMITTED · 5 HELD_BEFORE
--   6 KEY_IN_FLIGHT · 7 KEY_REUSED · 8 BANNED
-- release_seats: reservation.store.ReleaseVerdict
--   0 RELEASED · 1 NOT_HELD · 5 RELEASED_BEFORE · 6 KEY_IN_FLIGHT · 7 KEY_REUSED
-- block_seats, release_blocks: reservation.house.HouseVerdict
--   0 CHANGED · 2 HELD · 3 SOLD · 4 UNKNOWN_DATE · 5 CANCELLED · 6 OTHER_PLAN
-- pay_for_seats: payment.PayVerdict
--   0 DONE · 1 DONE_BEFORE · 2 KEY_IN_FLIGHT · 3 KEY_REUSED · 4 PRICE_MISMATCH · 5 CANCELLED
--   6 HOLD_EXPIRED · 7 NOT_HELD · 8 NOT_ADMITTED · 9 BALANCE_TOO_SMALL · 10 BANNED
-- charge_accounts: payment.ChargeVerdict
--   0 DONE · 2 KEY_IN_FLIGHT · 3 KEY_REUSED · 4 OVER_CEILING · 5 UNKNOWN_ACCOUNT · 6 BANNED
-- refund_bills: payment.RefundVerdict
--   0 DONE · 1 DONE_BEFORE · 2 KEY_IN_FLIGHT · 3 KEY_REUSED · 4 UNKNOWN_BILL · 5 TOO_LATE
--   6 OVER_CEILING
-- ban_account, unban_account: customer.BanVerdict
--   0 DONE · 1 SO_ALREADY · 2 UNKNOWN_ACCOUNT

-- Immutable, so a plan has the number itself: a call costs nothing, and indexes on some states are used.
-- Of type int, as the numbers in those indexes' conditions are.
create or replace function claim_free() returns int
language sql immutable parallel safe return 0;
create or replace function claim_held() returns int
language sql immutable parallel safe return 1;
create or replace function claim_sold() returns int
language sql immutable parallel safe return 2;
create or replace function claim_not_for_sale() returns int
language sql immutable parallel safe return 3;

create or replace function schedule_open() returns int
language sql immutable parallel safe return 0;
create or replace function schedule_cancelled() returns int
language sql immutable parallel safe return 2;

create or replace function key_new() returns int
language sql immutable parallel safe return 0;
create or replace function key_answered() returns int
language sql immutable parallel safe return 1;
create or replace function key_in_flight() returns int
language sql immutable parallel safe return 2;
create or replace function key_reused() returns int
language sql immutable parallel safe return 3;
