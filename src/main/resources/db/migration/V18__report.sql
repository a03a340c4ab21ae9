-- What happened in a sale, by steps of ten seconds, for the report that is read afterwards. Each node
-- writes what it counted itself, a row a step in which something was; the reader adds them up.
create table report_step (
  -- schedule:<number> or room:<name>
  subject text not null,
  -- The step's beginning.
  at timestamptz not null,
  -- Names what the writing node has counted since it started: a row is written by nobody else, so that
  -- writing it twice is the same as once.
  node uuid not null,
  -- How often what happened in this step; sums over nodes and steps are true.
  counts jsonb not null default '{}',
  -- What was last seen in this step, only of those that another value was seen of before.
  levels jsonb not null default '{}',
  primary key (subject, at, node)
);
create index report_step_age on report_step (at);

-- Admissions of some hours among those of years. They are written nearly in this order, and such an
-- index costs an admission next to nothing.
create index room_session_admitted on room_session using brin (admitted_at)
  with (pages_per_range = 32, autosummarize = on);

-- Those that bill_of_seat doesn't have; a payment never writes to it.
create index bill_refunded on bill (schedule_id) where refunded_at is not null;
