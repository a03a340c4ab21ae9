package io.concert.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.postgres.server.DatabaseUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that an older program made and used serves this one. */
class MigrationIT {
  /** As the first version left it: two epochs, a live session and an ended one. */
  private static final String USED =
      """
      insert into room (id, capacity, session_seconds, epoch) values ('default', 5, 600, 2);
      insert into app_user (uuid) select gen_random_uuid() from generate_series(1, 2);
      insert into room_session (room_id, user_number, epoch, sequence, arrived_at, admitted_at,
        ends_at, lasts_until, ended_at)
      select 'default', number, 1, number, now(), now(), now() + interval '10 minutes',
        now() + interval '10 minutes', case when number = 1 then now() end
      from app_user;
      insert into concert (title, venue, room_id, time_zone, hold_limit)
      values ('T', 'V', 'default', 'Asia/Seoul', 4);
      insert into schedule (concert_id, starts_at) values (1, now());
      insert into seat_claim (schedule_id, seat, price) select 1, n, 5 from generate_series(0, 4) n;
      insert into bill (schedule_id, seat, user_number, price, hold_id, created_at, refunded_at)
      values (1, 0, 1, 5, 1, '2026-01-01', null), (1, 1, 2, 5, 2, '2026-01-01', null),
        (1, 2, 1, 5, 3, '2026-01-01', '2026-01-02'), (1, 3, 1, 5, 4, '2026-01-03', null)
      """;

  @Test
  void roomsAndSessionsOfTheFirstVersionGoOn(@TempDir Path first) throws IOException {
    try (TestDatabase server = TestDatabase.create()) {
      String name = "used_" + ProcessHandle.current().pid();
      server.execute("create database " + name + " template template0");
      String url = server.url().substring(0, server.url().lastIndexOf('/') + 1) + name;
      migrateTo(url, first, "V1__schema.sql");
      TestDatabase.execute(url, USED);

      Database.open(new DatabaseSettings(Optional.of(DatabaseUrl.parse(url)), 4, Path.of("unused")))
          .close();

      assertThat(TestDatabase.number(url, "select count(*) from room_line where reserved = 0"))
          .isEqualTo(2);
      assertThat(
              TestDatabase.number(
                  url, "select (room_reading('default', 2) #>> '{settings,capacity}')::int"))
          .isEqualTo(5);
      assertThat(TestDatabase.number(url, "select begin_epoch('default')")).isEqualTo(3);
      assertThat(
              TestDatabase.number(
                  url,
                  "select count(*) from admit('default', 3, '{1,2}', '{1,1}', '{1,2}', '{1,1}') a"
                      + " where not admitted and not returned"))
          .as("the ended place stays spent, the live one is in")
          .isEqualTo(2);
      assertThat(TestDatabase.number(url, "select count(*) from end_due_sessions()")).isZero();
      assertThat(
              TestDatabase.number(
                  url,
                  "select string_agg(coalesce(of_order, id)::text, '' order by id)::bigint from"
                      + " bill"))
          .as("bills one and three were paid at once")
          .isEqualTo(1214);
      server.execute("drop database " + name + " with (force)");
    }
  }

  private static void migrateTo(String url, Path directory, String file) throws IOException {
    try (InputStream script = MigrationIT.class.getResourceAsStream("/db/migration/" + file)) {
      Files.write(directory.resolve(file), script.readAllBytes());
    }
    var server = DatabaseUrl.parse(url);
    Flyway.configure()
        .dataSource(server.jdbc(60), server.user(), server.password())
        .locations("filesystem:" + directory)
        .load()
        .migrate();
  }
}
