-- What a batch of holds or releases answers; kept as JSON beside its batch and beside the keys that
-- were sent. A column that is added later reads as null from what was kept before.

-- One row per (command, seat), nth in the order asked; one without a seat if the key refused it.
create type hold_verdict as (
  command int,
  nth int,
  verdict int,
  -- Whether this seat is what the command failed on.
  blocking boolean,
  schedule_id bigint,
  seat int,
  -- The seat's row as it is afterwards; null for a seat that has none.
  price bigint,
  state smallint,
  user_number bigint,
  fence bigint,
  hold_id bigint,
  held_at timestamptz,
  deadline timestamptz
);

-- One row a command.
create type release_verdict as (
  command int,
  verdict int,
  -- The seat's row as it is afterwards; null unless it was given back.
  schedule_id bigint,
  seat int,
  state smallint,
  user_number bigint,
  fence bigint,
  deadline timestamptz
);

-- Judged one command after the other.
drop function if exists hold_seats(int[], text[], bigint[], bigint[], int[], bigint);
