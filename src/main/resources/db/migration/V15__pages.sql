-- What the operator tells the people of a waiting room; no row: nothing. Apart from the room's row,
-- which admissions lock ten times a second.
create table room_message (
  room_id text primary key references room,
  text text not null check (char_length(text) between 1 and 500),
  changed_at timestamptz not null default clock_timestamp()
);

-- What tickets are sealed with. Not one of the keys of tokens: those may be changed on any day, and a
-- ticket that was printed must open the door months later.
create table ticket_key (
  singleton boolean primary key default true check (singleton),
  secret bytea not null check (octet_length(secret) = 32)
);
insert into ticket_key (secret)
values (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

-- Tickets that were shown at the door, each once.
create table ticket_entry (
  bill_id bigint primary key,
  entered_at timestamptz not null default clock_timestamp(),
  operator text not null
);

-- Holds that were prolonged, each once; named as in seat_claim.hold_id.
create table hold_extension (
  hold_id bigint primary key,
  extended_at timestamptz not null default clock_timestamp()
);
