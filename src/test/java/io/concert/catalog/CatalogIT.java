package io.concert.catalog;

import static io.concert.Patience.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Refused;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.catalog.ImportResult.Imported;
import io.concert.domain.Actor;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import io.concert.postgres.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogIT {
  private static final Vertx vertx = Vertx.vertx();
  private static final Actor ACTOR = new Actor("kim", "operator", "request-7");
  private static final Instant STARTS = Instant.parse("2026-05-01T10:00:00.123456Z");
  private static final String PLAN =
      """
      section,row,seat_no,x,y,grade,price
      A,1,1,1,1,R,132000
      A,1,2,2,1,R,132000
      B,,1,5,1,S,99000
      """;

  private TestDatabase database;
  private PgCatalog catalog;
  private PgCatalogAdmin admin;

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

  @Test
  void readsBackWhatWasCreated() {
    ConcertId concert = concert();
    ScheduleId schedule = schedule(concert);

    assertThat(catalog.concert(concert).await())
        .contains(
            new Concert(
                concert,
                "봄",
                "홀",
                RoomId.DEFAULT,
                ZoneId.of("Asia/Seoul"),
                4,
                List.of(catalog.schedule(schedule).await().orElseThrow())));
    assertThat(catalog.schedule(schedule).await())
        .contains(
            new Schedule(
                schedule,
                concert,
                RoomId.DEFAULT,
                4,
                STARTS,
                Optional.empty(),
                Optional.of(STARTS),
                Optional.empty(),
                SaleSwitch.OPEN,
                0,
                Optional.empty(),
                Optional.empty()));
    assertThat(catalog.layout(schedule).await()).isSameAs(Layout.EMPTY);
    assertThat(catalog.concerts().await()).hasSize(1);
    assertThat(catalog.concert(new ConcertId(999)).await()).isEmpty();
    assertThat(catalog.schedule(new ScheduleId(999)).await()).isEmpty();
    assertThat(catalog.layout(new ScheduleId(999)).await()).isSameAs(Layout.EMPTY);
  }

  @Test
  void refusesWhatHangsOnSomethingUnknown() {
    var nowhere = new NewConcert("봄", "홀", new RoomId("nowhere"), ZoneId.of("Asia/Seoul"), 4);
    var ofNothing = new NewSchedule(new ConcertId(999), STARTS, Optional.empty(), Optional.empty());

    assertRefused(admin.createConcert(nowhere, ACTOR), Refusal.UNKNOWN_ROOM);
    assertRefused(admin.createSchedule(ofNothing, ACTOR), Refusal.UNKNOWN_CONCERT);
    assertRefused(
        admin.putLayout(new ScheduleId(999), plan(PLAN), ACTOR), Refusal.UNKNOWN_SCHEDULE);
    assertRefused(admin.setSaleState(new ScheduleId(999), true, ACTOR), Refusal.UNKNOWN_SCHEDULE);
    assertThat(database.number("select count(*) from audit")).isZero();
    assertThat(database.number("select count(*) from layout")).isZero();
  }

  @Test
  void readsBackTheLayoutAndMakesAClaimRowForEachSeat() {
    ScheduleId schedule = schedule(concert());
    var put = done(admin.putLayout(schedule, plan(PLAN), ACTOR));

    Layout layout = catalog.layout(schedule).await();
    assertThat(put.version()).isEqualTo(layout.version());
    assertThat(IntStream.range(0, layout.seats()).mapToObj(layout::seatNo))
        .containsExactly("A-1-1", "A-1-2", "B--1");
    assertThat(layout.x(2)).isEqualTo(5);
    assertThat(catalog.layout(schedule).await()).isSameAs(layout);
    Schedule known = catalog.schedule(schedule).await().orElseThrow();
    assertThat(known.seats()).isEqualTo(3);
    assertThat(known.priceFrom()).contains(new Won(99_000));
    assertThat(
            database.number(
                "select sum(price * (seat + 1)) from seat_claim where state = 0 and fence = 0"))
        .isEqualTo(132_000 + 2 * 132_000 + 3 * 99_000);
  }

  @Test
  void keepsOneLayoutForAllDatesWithTheSameSeatsAndPrices() {
    ConcertId concert = concert();
    ScheduleId one = schedule(concert);
    ScheduleId other = schedule(concert);
    done(admin.putLayout(one, plan(PLAN), ACTOR));
    done(admin.putLayout(other, plan(PLAN), ACTOR));

    assertThat(database.number("select count(*) from layout")).isEqualTo(1);
    assertThat(database.number("select count(*) from seat_claim")).isEqualTo(6);
    assertThat(catalog.layout(one).await()).isSameAs(catalog.layout(other).await());
  }

  @Test
  void replacesSeatsThatNobodyHasTouched() {
    ScheduleId schedule = schedule(concert());
    done(admin.putLayout(schedule, plan(PLAN), ACTOR));
    done(admin.putLayout(schedule, plan(PLAN.replace("B,,1,5,1,S,99000\n", "")), ACTOR));

    assertThat(catalog.layout(schedule).await().seats()).isEqualTo(2);
    assertThat(database.number("select count(*) from seat_claim where state = 0")).isEqualTo(2);
    assertThat(database.number("select seat from seat_claim where state = 3")).isEqualTo(2);

    done(admin.putLayout(schedule, plan(PLAN), ACTOR));
    assertThat(database.number("select count(*) from seat_claim where state = 0")).isEqualTo(3);
  }

  @Test
  void refusesToReplaceSeatsOnceOneWasHeldEvenIfItIsFreeAgain() {
    ScheduleId schedule = schedule(concert());
    done(admin.putLayout(schedule, plan(PLAN), ACTOR));
    database.execute("update seat_claim set hold_id = nextval('fence') where seat = 1");

    assertRefused(admin.putLayout(schedule, plan(PLAN), ACTOR), Refusal.HAS_HOLDS);
    assertThat(database.number("select count(*) from seat_claim where hold_id > 0")).isEqualTo(1);
  }

  @Test
  void refusesToReplaceSeatsOnceOneWasSold() {
    ScheduleId schedule = schedule(concert());
    done(admin.putLayout(schedule, plan(PLAN), ACTOR));
    database.execute(
        """
        with buyer as (insert into app_user (uuid) values (gen_random_uuid()) returning number)
        insert into bill (schedule_id, seat, user_number, price, hold_id, created_at, refunded_at)
        select schedule_id, seat, buyer.number, price, 1, clock_timestamp(), clock_timestamp()
        from seat_claim, buyer where seat = 0
        """);

    assertRefused(admin.putLayout(schedule, plan(PLAN), ACTOR), Refusal.HAS_BILLS);
  }

  @Test
  void waitsForAHoldInFlightBeforeItJudges() throws Exception {
    ScheduleId schedule = schedule(concert());
    done(admin.putLayout(schedule, plan(PLAN), ACTOR));
    Future<Reply<CatalogAdmin.PutLayout>> put;
    try (var hold = database.jdbc();
        var statement = hold.createStatement()) {
      hold.setAutoCommit(false);
      statement.execute("select from schedule for share");
      statement.execute("update seat_claim set hold_id = nextval('fence') where seat = 0");
      put = admin.putLayout(schedule, plan(PLAN), ACTOR);
      String waiting = "select count(*) from pg_locks where not granted";
      until(() -> database.number(waiting) > 0 || put.isComplete());
      hold.commit();
    }

    assertRefused(put, Refusal.HAS_HOLDS);
  }

  @Test
  void opensAndClosesButNotWhatIsCancelled() {
    ScheduleId schedule = schedule(concert());

    assertThat(done(admin.setSaleState(schedule, false, ACTOR))).isEqualTo(SaleSwitch.CLOSED);
    assertThat(known(schedule).saleSwitch()).isEqualTo(SaleSwitch.CLOSED);
    assertThat(done(admin.setSaleState(schedule, true, ACTOR))).isEqualTo(SaleSwitch.OPEN);
    assertThat(known(schedule).saleSwitch()).isEqualTo(SaleSwitch.OPEN);
    database.execute("update schedule set state = 2");
    assertRefused(admin.setSaleState(schedule, true, ACTOR), Refusal.CANCELLED);
    assertRefused(admin.putLayout(schedule, plan(PLAN), ACTOR), Refusal.CANCELLED);
  }

  @Test
  void writesAnAuditRowForEachChange() {
    ScheduleId schedule = schedule(concert());
    done(admin.putLayout(schedule, plan(PLAN), ACTOR));
    done(admin.setSaleState(schedule, false, ACTOR));

    assertThat(
            database.number(
                """
                select count(*) from audit where operator = 'kim' and role = 'operator'
                  and request_id = 'request-7' and jsonb_typeof(detail) = 'object'
                  and (action, subject) in (
                    select 'concert.create', 'c' || id from concert
                    union all
                    select a, 's' || id from schedule, unnest(
                      array['schedule.create', 'schedule.layout', 'schedule.close']) a)
                """))
        .isEqualTo(4);
    assertThat(database.number("select (detail->>'seats')::int from audit where detail ? 'seats'"))
        .isEqualTo(3);
  }

  @Test
  void writesNothingWhenTheAuditRowCannotBeWritten() {
    database.execute("alter table audit add check (action <> 'concert.create')");

    assertThat(
            admin
                .createConcert(
                    new NewConcert("봄", "홀", RoomId.DEFAULT, ZoneId.of("Asia/Seoul"), 4), ACTOR)
                .transform(outcome -> Future.succeededFuture(outcome.failed()))
                .await())
        .isTrue();
    assertThat(database.number("select count(*) from concert")).isZero();
  }

  @Test
  void loadsDemoConcertsOnceAndThenNothing() {
    var demo = new DemoCatalogue(vertx, database.sql(vertx));

    // Two nodes that both hold the lock.
    List<Boolean> both =
        Future.<Boolean>all(List.of(demo.loadIfEmpty(), demo.loadIfEmpty())).await().list();
    assertThat(both).containsExactlyInAnyOrder(true, false);
    assertThat(demo.loadIfEmpty().await()).isFalse();

    List<Concert> concerts = catalog.concerts().await();
    assertThat(concerts).hasSize(4);
    assertThat(database.number("select count(*) from layout")).isEqualTo(4);
    Instant now =
        Instant.ofEpochMilli(
            database.number("select extract(epoch from clock_timestamp()) * 1000"));
    for (Schedule date :
        concerts.stream().flatMap(concert -> concert.schedules().stream()).toList()) {
      Layout layout = catalog.layout(date.id()).await();
      assertThat(layout.seats()).isEqualTo(date.seats()).isPositive();
      assertThat(date.onSale(now)).isTrue();
      assertThat(date.state(date.startsAt())).isEqualTo(SaleState.CLOSED);
      assertThat(date.priceFrom()).isPresent();
      assertThat(
              database.number(
                  "select count(*) from seat_claim where schedule_id = " + date.id().number()))
          .isEqualTo(date.seats());
    }
    assertThat(
            concerts.stream().flatMap(concert -> concert.schedules().stream()).map(Schedule::seats))
        .contains(39_616, 10_504, 6_967, 1_115);
  }

  @Test
  void leavesACatalogueAloneThatHasAConcert() {
    concert();

    assertThat(new DemoCatalogue(vertx, database.sql(vertx)).loadIfEmpty().await()).isFalse();
    assertThat(database.number("select count(*) from concert")).isEqualTo(1);
  }

  private Schedule known(ScheduleId schedule) {
    return catalog.schedule(schedule).await().orElseThrow();
  }

  @CanIgnoreReturnValue
  private ConcertId concert() {
    return done(
        admin.createConcert(
            new NewConcert("봄", "홀", RoomId.DEFAULT, ZoneId.of("Asia/Seoul"), 4), ACTOR));
  }

  private ScheduleId schedule(ConcertId concert) {
    return done(
        admin.createSchedule(
            new NewSchedule(concert, STARTS, Optional.empty(), Optional.of(STARTS)), ACTOR));
  }

  private static LayoutDraft plan(String csv) {
    return ((Imported) LayoutCsv.read(csv.getBytes(UTF_8), Optional.empty(), Optional.empty()))
        .layout();
  }

  @CanIgnoreReturnValue
  private static <T> T done(Future<Reply<T>> reply) {
    return ((Done<T>) reply.await()).value();
  }

  private static <T> void assertRefused(Future<Reply<T>> reply, Refusal reason) {
    assertThat(reply.await()).isEqualTo(new Refused<T>(reason));
  }
}
