-- A seat keeps its index, and with it its id and its claim row, when a corrected plan is imported; so
-- a plan's order is no longer always that of the indexes.
alter table layout
  -- One more than the largest index, where the seats' indexes aren't their places in the plan's
  -- order; null where they are, as in nearly all plans.
  add column index_end int check (index_end >= seats);

-- A plan of a hundred thousand seats took nearly twice as long to import: for each claim the date was
-- looked up and locked, though the import holds its lock already. As with the other references what
-- is referred to is never deleted.
alter table seat_claim drop constraint seat_claim_schedule_id_fkey;
create trigger schedule_stays
  before delete or truncate on schedule
  for each statement execute function refuse_change();
