-- A database that is restored, or failed over to a standby that was behind, goes on from an earlier
-- moment. The nodes have seen what it has lost, so they have to notice.

alter table installation
  -- Rises each time that another history is noticed; what was read under a lower number may be lost.
  add column history bigint not null default 1,
  -- The server that the nodes worked on last, and its timeline.
  add column system_identifier bigint,
  add column timeline bigint;
update installation set
  system_identifier = (select c.system_identifier from pg_control_system() c),
  timeline = ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint;
alter table installation
  alter column system_identifier set not null,
  alter column timeline set not null;

-- What each node wrote last. Only the node itself writes its row, so it knows what must stand there.
create table witness (
  node uuid primary key,
  beat bigint not null,
  at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
