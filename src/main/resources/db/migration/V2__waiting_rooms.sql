-- Rooms that an operator sets while they run, open at a time with a drawn order, and take back the
-- slots of people who do nothing.

-- Bounds as the program has them: a row outside would make its room unreadable.
update room set capacity = least(capacity, 1000000), session_seconds = least(session_seconds, 86400);

alter table room
  add check (capacity <= 1000000),
  add check (session_seconds <= 86400),
  -- 0: off
  add column first_action_seconds int not null default 0,
  add check (first_action_seconds between 0 and session_seconds),
  -- 0: no limit
  add column admit_per_second int not null default 0 check (admit_per_second between 0 and 1000000),
  add column joins_per_second int not null default 0 check (joins_per_second between 0 and 1000000),
  add column presence_seconds int not null default 30 check (presence_seconds between 5 and 600),
  add column reentry_seconds int not null default 10 check (reentry_seconds between 0 and 600),
  add column paused boolean not null default false,
  add column minimum_balance bigint not null default 0 check (minimum_balance >= 0),
  -- Rises with each change of what a room must learn: settings, draws, reserved places.
  add column version bigint not null default 0,
  -- Whether anybody waited when the room's owner last said; what a lost room has to wait for.
  add column people_wait boolean not null default false,
  -- Admissions that the rate allows at that time; null: as many as ever. It refills with time.
  add column admit_credit double precision,
  add column admit_credit_at timestamptz;

-- One row an epoch of a room.
create table room_line (
  room_id text not null references room,
  epoch int not null check (epoch > 0),
  -- Places that may be given before the draw; the draw covers exactly these.
  reserved int not null default 0 check (reserved >= 0),
  primary key (room_id, epoch)
);
insert into room_line (room_id, epoch)
select r.id, n from room r cross join generate_series(1, r.epoch) n;

-- Openings with a drawn order, of the epochs from first to last. The seed is secret until the draw is
-- made: before that only its hash may be told.
create table room_draw (
  room_id text not null references room,
  number int not null check (number > 0),
  first_epoch int not null check (first_epoch > 0),
  -- One less than the first: nobody came.
  last_epoch int check (last_epoch >= first_epoch - 1),
  seed bytea not null check (octet_length(seed) = 32),
  opens_at timestamptz not null,
  drawn_at timestamptz,
  primary key (room_id, number),
  check ((drawn_at is null) = (last_epoch is null))
);
create unique index room_draw_ahead on room_draw (room_id) where drawn_at is null;

alter table room_session
  -- Ended because its owner did nothing with it: the place waits again.
  add column returned boolean not null default false,
  -- The first thing that its owner did.
  add column acted_at timestamptz,
  -- Until then there must be one; null: there is no such time.
  add column act_by timestamptz,
  drop constraint room_session_room_id_epoch_sequence_key,
  add check (ended_at is not null or not returned);
-- A place opens the door once, unless it was given back unused.
create unique index room_session_place on room_session (room_id, epoch, sequence)
  where not returned;
create index room_session_returned on room_session (room_id, epoch, sequence) where returned;
create index room_session_unused on room_session (act_by) where ended_at is null and acted_at is null;
