-- Places are given by one copy of a room only, and always out of those reserved.

alter table room_line
  -- Names the copy in one node's memory that gives this epoch's places; null: nobody has begun to.
  add column giver bigint;
comment on column room_line.reserved is
  'Places that may be given in this epoch; a draw that covers it covers exactly these.';
comment on column room.epoch is
  'The newest. Whoever gives places in an earlier one may neither reserve more nor let anybody in.';
