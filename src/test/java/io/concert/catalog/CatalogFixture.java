package io.concert.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Refused;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.reader.ImportResult.Imported;
import io.concert.catalog.reader.LayoutCsv;
import io.concert.domain.Actor;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.postgres.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A catalogue in a database of its own for each test, and what its operators ask. */
abstract class CatalogFixture {
  static final Actor ACTOR = new Actor("kim", "operator", "request-7");
  static final Instant STARTS = Instant.parse("2098-05-01T10:00:00.123456Z");
  static final String PLAN =
      """
      section,row,seat_no,x,y,grade,price
      A,1,1,1,1,R,132000
      A,1,2,2,1,R,132000
      B,,1,5,1,S,99000
      """;

  static Vertx vertx;

  TestDatabase database;
  PgCatalog catalog;
  PgCatalogAdmin admin;

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @BeforeEach
  void start() {
    database = TestDatabase.create();
    database.execute(
        "insert into room (id, capacity, session_seconds) values ('default', 100, 600)"
            + " on conflict do nothing");
    catalog = new PgCatalog(vertx, database.sql(vertx));
    admin = new PgCatalogAdmin(vertx, database.sql(vertx), catalog::refresh);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().await();
  }

  Schedule known(ScheduleId schedule) {
    return catalog.schedule(schedule).await().orElseThrow();
  }

  @CanIgnoreReturnValue
  ConcertId concert() {
    return done(
        admin.createConcert(
            new NewConcert("봄", "홀", RoomId.DEFAULT, ZoneId.of("Asia/Seoul"), 4), ACTOR));
  }

  ScheduleId schedule(ConcertId concert) {
    return done(
        admin.createSchedule(
            new NewSchedule(concert, STARTS, Optional.empty(), Optional.of(STARTS)), ACTOR));
  }

  static LayoutDraft plan(String csv) {
    return ((Imported) LayoutCsv.read(csv.getBytes(UTF_8), Optional.empty(), Optional.empty()))
        .layout();
  }

  @CanIgnoreReturnValue
  static <T> T done(Future<Reply<T>> reply) {
    return ((Done<T>) reply.await()).value();
  }

  static <T> void assertRefused(Future<Reply<T>> reply, Refusal reason) {
    assertThat(reply.await()).isEqualTo(new Refused<T>(reason));
  }
}
