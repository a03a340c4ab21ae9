-- Payments, charges and refunds judged as sets, refunds of cancelled dates, a ledger that nobody
-- can change afterwards.

-- Their results have other types now; the new ones are made after all versioned migrations.
drop function if exists pay_for_seats(bigint[], text[], bigint[], int[], bigint[], boolean);
drop function if exists charge_accounts(bigint[], bigint[], bigint[]);

-- Verdict rows. They are stored as JSON with a batch and with a key, so a column may be added but
-- never renamed, and means the same for ever. `command` rises from 0 in a batch; `replayed` says
-- that the row is what the first request with the same key was answered.

-- One row a (command, seat); one without a seat if a key stands in the way.
create type seat_payment as (
  command int, verdict int, seat int,
  -- Whether this seat is one that the command failed on.
  blocking boolean,
  bill_id bigint, price bigint, billed_at timestamptz,
  -- What the unpaid seats cost together, and what there was.
  required bigint, available bigint,
  fence bigint, ended_session bigint, replayed boolean
);

create type account_charge as (command int, verdict int, balance bigint, replayed boolean);

create type bill_refund as (
  command int, verdict int, bill_id bigint, schedule_id bigint, seat int, user_number bigint,
  price bigint, billed_at timestamptz, refunded_at timestamptz, balance bigint, fence bigint,
  replayed boolean
);

-- When all bills of a cancelled date had been refunded and its holds given back. A date that is sold
-- again must forget it, or its next cancelling would refund nobody.
alter table schedule
  add column settled_at timestamptz,
  add check (settled_at is null or state = 2);
create index schedule_unsettled on schedule (id) where state = 2 and settled_at is null;

-- A mistake is corrected by another posting, never by changing what was written.
create function refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception '% of % is never done', tg_op, tg_table_name using errcode = 'restrict_violation';
end
$$;
create trigger ledger_entry_is_written_once
  before update or delete or truncate on ledger_entry
  for each statement execute function refuse_change();
create trigger bill_stays
  before delete or truncate on bill
  for each statement execute function refuse_change();
-- The condition is looked at without calling anything.
create trigger bill_is_refunded_at_most
  before update on bill
  for each row when (
    old.refunded_at is not null or new.refunded_at is null
    or (old.id, old.schedule_id, old.seat, old.user_number, old.price, old.hold_id, old.created_at)
      is distinct from
      (new.id, new.schedule_id, new.seat, new.user_number, new.price, new.hold_id, new.created_at)
  ) execute function refuse_change();
