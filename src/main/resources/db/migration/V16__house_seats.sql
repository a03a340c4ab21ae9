-- House seats: what operators keep from sale. The claim's state (3) is what holds are judged by; a row
-- here says whose doing it is and why. Both are written in one transaction. Seats that a corrected plan
-- doesn't have any more are in that state, too, and have no row.
create table seat_block (
  schedule_id bigint not null,
  seat int not null,
  note text check (char_length(note) between 1 and 200),
  operator text not null,
  blocked_at timestamptz not null default clock_timestamp(),
  primary key (schedule_id, seat)
);
