-- What happened in the sale, for other programs: written with the effect, numbered afterwards by one
-- publisher at a time, read by cursor or delivered to webhooks. Without foreign keys to what is sold,
-- as everywhere else.

create table event_setting (
  singleton boolean primary key default true check (singleton),
  -- Events are written if either is true: EVENTS was set, or there is a webhook.
  by_setting boolean not null default false,
  by_webhooks boolean not null default false,
  -- Events up to this cursor were deleted as too old.
  deleted_to bigint not null default 0
);
insert into event_setting default values;

-- Committed with the effect, moved to `event` a moment later. Ids are drawn while the rows of the effect
-- are locked, so those of one seat rise in the order of what happened to it.
create table outbox (
  id bigint generated always as identity primary key,
  -- 1 sold, 2 refunded, 3 cancelled (a date), 4 hold expired, 5 room opened, 6 room emptied
  kind smallint not null check (kind between 1 and 6),
  at timestamptz not null,
  schedule_id bigint,
  room_id text,
  seat int,
  user_number bigint,
  bill_id bigint,
  hold_id bigint,
  price bigint,
  check ((schedule_id is null) <> (room_id is null))
);

create sequence event_cursor;

create table event (
  cursor bigint primary key,
  -- What is delivered in order: a schedule, s12, or a room, room/default.
  lane text not null,
  published_at timestamptz not null,
  kind smallint not null,
  at timestamptz not null,
  schedule_id bigint,
  room_id text,
  seat int,
  user_number bigint,
  bill_id bigint,
  hold_id bigint,
  price bigint
);
create index event_of_lane on event (lane, cursor);

-- The newest event of each lane, so that a webhook finds those with something new.
create table event_lane (
  lane text primary key,
  last_cursor bigint not null
) with (fillfactor = 50);

create sequence webhook_fence;

create table webhook (
  id bigint generated always as identity primary key,
  url text not null,
  -- Null: all.
  kinds smallint[],
  active boolean not null default true,
  created_at timestamptz not null default clock_timestamp(),
  -- Events up to this one aren't delivered; a replay sets it back.
  from_cursor bigint not null,
  -- The node that delivers, until when, and the number of its turn: nothing is noted for an earlier one.
  owner uuid,
  lease_until timestamptz,
  fence bigint not null default nextval('webhook_fence')
) with (fillfactor = 50);

-- What deliveries are signed with; one that was replaced signs beside the new one for a day.
create table webhook_key (
  webhook_id bigint not null references webhook on delete cascade,
  number int not null check (number > 0),
  secret bytea not null check (octet_length(secret) = 32),
  replaced_at timestamptz,
  primary key (webhook_id, number)
);

-- How far a webhook is in a lane; no row: at its from_cursor.
create table webhook_lane (
  webhook_id bigint not null references webhook on delete cascade,
  lane text not null,
  done bigint not null,
  -- Failures of the next event, and when it is tried again.
  attempts int not null default 0,
  next_at timestamptz,
  error text,
  primary key (webhook_id, lane)
) with (fillfactor = 50);

-- Events that a webhook was given up for.
create table dead_letter (
  webhook_id bigint not null references webhook on delete cascade,
  cursor bigint not null,
  at timestamptz not null default clock_timestamp(),
  attempts int not null,
  error text not null,
  -- Whether an operator wants it tried again.
  wanted boolean not null default false,
  primary key (webhook_id, cursor)
);
create index dead_letter_wanted on dead_letter (webhook_id, cursor) where wanted;
