-- Each node writes here every two seconds: a server may answer and yet take no changes.
alter table installation add column probed_at timestamptz;
