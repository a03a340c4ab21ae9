-- Times are timestamptz; money is whole won; enumerations are smallints whose codes stand beside them.
-- Users are named by their public number everywhere: the UUID is a guest's secret and stands once.

-- The database's identity: nodes of one cluster must agree on it.
create table installation (
  singleton boolean primary key default true check (singleton),
  id uuid not null default gen_random_uuid(),
  created_at timestamptz not null default clock_timestamp()
);
insert into installation default values;

create table signing_key (
  kid text primary key,
  secret bytea not null check (octet_length(secret) >= 32),
  created_at timestamptz not null default clock_timestamp()
);

create table app_user (
  number bigint generated always as identity primary key,
  uuid uuid not null unique,
  name text,
  email text,
  password_hash text,
  created_at timestamptz not null default clock_timestamp(),
  check ((email is null) = (password_hash is null))
);
create unique index app_user_email on app_user (lower(email));

-- One row a user, made with the user: a row that is missing can't be locked.
create table account (
  user_number bigint primary key references app_user,
  balance bigint not null default 0 check (balance >= 0)
) with (fillfactor = 70);

create table room (
  id text primary key,
  capacity int not null check (capacity > 0),
  session_seconds int not null check (session_seconds > 0),
  -- How often the room was rebuilt from nothing; part of every place given since.
  epoch int not null default 0
);

create table concert (
  id bigint generated always as identity primary key,
  title text not null,
  venue text not null,
  room_id text not null references room,
  time_zone text not null,
  hold_limit int not null check (hold_limit > 0),
  created_at timestamptz not null default clock_timestamp()
);

-- Immutable: a changed plan is another layout. Shared by all schedules with the same seats and prices.
create table layout (
  id bigint generated always as identity primary key,
  digest bytea not null unique,
  seats int not null check (seats > 0),
  document bytea not null,
  -- The cheapest seat, so that a list of concerts need not open documents.
  price_from bigint check (price_from >= 0)
);

create table schedule (
  id bigint generated always as identity primary key,
  concert_id bigint not null references concert,
  layout_id bigint references layout,
  starts_at timestamptz not null,
  opens_at timestamptz,
  closes_at timestamptz,
  -- 0 open (between opens_at and closes_at), 1 closed by the operator, 2 cancelled
  state smallint not null default 0 check (state between 0 and 2)
);
create index schedule_of_concert on schedule (concert_id, starts_at);

-- Admissions. Ended rows stay: a place opens the door once.
create table room_session (
  id bigint generated always as identity primary key,
  room_id text not null references room,
  user_number bigint not null references app_user,
  epoch int not null,
  sequence bigint not null,
  arrived_at timestamptz not null,
  admitted_at timestamptz not null,
  -- The session's own end; from then on it may only pay.
  ends_at timestamptz not null,
  -- The later of that and the last deadline of its unpaid holds: until then it takes a slot.
  lasts_until timestamptz not null,
  ended_at timestamptz,
  changed_tx xid8 not null default pg_current_xact_id(),
  unique (room_id, epoch, sequence)
) with (fillfactor = 80);
create unique index room_session_live on room_session (room_id, user_number) where ended_at is null;
create index room_session_due on room_session (lasts_until) where ended_at is null;
create index room_session_changed on room_session (room_id, changed_tx);

-- Each change of a claim draws one while the row is locked, so a row's fences rise in commit order.
create sequence fence;

-- One row a seat, made with the layout, never deleted.
create table seat_claim (
  schedule_id bigint not null references schedule,
  seat int not null check (seat >= 0),
  price bigint not null check (price >= 0),
  -- 0 free, 1 held, 2 sold, 3 not for sale
  state smallint not null default 0 check (state between 0 and 3),
  user_number bigint references app_user,
  session_id bigint references room_session,
  -- The fence with which the last hold began; names that hold.
  hold_id bigint,
  held_at timestamptz,
  deadline timestamptz,
  -- Whose hold ended at its deadline last, so that a late payment hears HOLD_EXPIRED, also when the
  -- seat is somebody else's by then.
  expired_user bigint,
  fence bigint not null default 0,
  -- The writing transaction: "changed since my last look" is exact with it (pg_snapshot_xmin), a
  -- timestamp or a sequence would miss whoever commits late.
  changed_tx xid8 not null default pg_current_xact_id(),
  primary key (schedule_id, seat),
  check ((state in (1, 2)) = (user_number is not null)),
  check ((state = 1) = (deadline is not null))
) with (fillfactor = 70);
create index seat_claim_due on seat_claim (deadline) where state = 1;
create index seat_claim_changed on seat_claim (schedule_id, changed_tx);
create index seat_claim_of_user on seat_claim (user_number, schedule_id) where user_number is not null;

create table bill (
  id bigint generated always as identity primary key,
  schedule_id bigint not null,
  seat int not null,
  user_number bigint not null references app_user,
  price bigint not null check (price >= 0),
  hold_id bigint not null,
  created_at timestamptz not null,
  refunded_at timestamptz,
  foreign key (schedule_id, seat) references seat_claim
);
-- I1: a seat has at most one unrefunded bill.
create unique index bill_of_seat on bill (schedule_id, seat) where refunded_at is null;
create index bill_of_user on bill (user_number, id);

-- Double entry: every posting is two rows or more that sum to zero. The house has entries but no
-- balance row: one that every payment updates would serialise every commit.
create table ledger_entry (
  id bigint generated always as identity primary key,
  posting bigint not null,
  -- 0 the user's balance, 1 the house's cash (charges), 2 the house's sales
  account smallint not null check (account between 0 and 2),
  user_number bigint references app_user,
  amount bigint not null check (amount <> 0),
  bill_id bigint references bill,
  created_at timestamptz not null,
  check ((account = 0) = (user_number is not null))
);
create sequence posting;
create index ledger_entry_of_user on ledger_entry (user_number, id) where user_number is not null;
create index ledger_entry_of_bill on ledger_entry (bill_id) where bill_id is not null;

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  operator text not null,
  role text not null,
  action text not null,
  subject text not null,
  detail jsonb not null,
  request_id text not null
);
