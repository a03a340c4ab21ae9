-- A batch of commands writes its id with its verdicts when it commits. Who lost the connection and
-- wants to know inserts the same id without: if that works the batch can never commit any more, if
-- it conflicts the verdicts can be read. Kept longer than anybody asks.
create table command_batch (
  id uuid primary key,
  at timestamptz not null default clock_timestamp(),
  -- Null: somebody asked before it was committed, so it never will be.
  verdicts jsonb
);
create index command_batch_age on command_batch (at);

-- What a request with an idempotency key was answered, written with its effect. Refusals aren't kept.
create table idempotency_key (
  -- The first half of a SHA-256 over who sent it, the route and the key.
  id uuid primary key,
  -- The same of what was asked.
  body uuid not null,
  -- The command's verdict rows.
  answer jsonb not null,
  created_at timestamptz not null default clock_timestamp()
);
create index idempotency_key_age on idempotency_key (created_at);

-- Until when buyers may give tickets back; null: until the show starts.
alter table schedule add column refund_until timestamptz;
