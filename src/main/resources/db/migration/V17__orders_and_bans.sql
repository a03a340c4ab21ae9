-- The bills of one payment are an order; accounts that an operator has banned.

-- A bill's order is named after its first bill: an order's number costs a payment no sequence and no
-- index, as the order's bills are found among those of its buyer.
alter table bill
  -- The first bill of this one's order; null: itself.
  add column of_order bigint check (of_order < id);

drop trigger bill_is_refunded_at_most on bill;
-- Bills from before this: one payment wrote its bills with one time, and of one user no two payments
-- were judged at once.
update bill b set of_order = o.first
from (
  select id, min(id) over (partition by user_number, schedule_id, created_at) as first from bill) o
where b.id = o.id and o.first < o.id;
create trigger bill_is_refunded_at_most
  before update on bill
  for each row when (
    old.refunded_at is not null or new.refunded_at is null
    or (old.id, old.schedule_id, old.seat, old.user_number, old.price, old.hold_id, old.created_at,
        old.of_order)
      is distinct from
      (new.id, new.schedule_id, new.seat, new.user_number, new.price, new.hold_id, new.created_at,
        new.of_order)
  ) execute function refuse_change();

-- Rows of before have none; see those who read them.
alter type seat_payment add attribute order_id bigint;
alter type bill_refund add attribute order_id bigint;

-- What the numbers that people read out are made with, so that nobody can count orders or guess one.
create table order_key (
  singleton boolean primary key default true check (singleton),
  secret bytea not null check (octet_length(secret) = 32)
);
insert into order_key (secret)
values (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

-- In the account's row, which payments and charges lock and read anyway.
alter table account
  add column banned_at timestamptz,
  add column ban_reason text check (char_length(ban_reason) between 1 and 500),
  add check ((banned_at is null) = (ban_reason is null));
create index account_banned on account (user_number) where banned_at is not null;

-- Changes with every ban and its end: nodes look at it twice a second and read the accounts only then.
-- Drawn, not counted, so that a restored database is noticed, too.
create table ban_change (
  singleton boolean primary key default true check (singleton),
  stamp uuid not null default gen_random_uuid()
);
insert into ban_change default values;
