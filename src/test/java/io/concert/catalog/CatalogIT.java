package io.concert.catalog;

import static io.concert.Patience.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Refused;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.catalog.ScheduleChange.Time;
import io.concert.catalog.demo.DemoCatalogue;
import io.concert.catalog.layout.Layout;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.catalog.reader.ImportResult.Imported;
import io.concert.catalog.reader.LayoutCsv;
import io.concert.domain.Actor;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import io.concert.postgres.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogIT {
  private static final Vertx vertx = Vertx.vertx();
  private static final Actor ACTOR = new Actor("kim", "operator", "request-7");
  private static final Instant STARTS = Instant.parse("2098-05-01T10:00:00.123456Z");
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
                OptionalInt.empty(),
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
  void keepsTheIdOfEachSeatInCorrectedPlans() {
    ScheduleId schedule = schedule(concert());
    done(admin.putLayout(schedule, plan(PLAN), ACTOR));

    String corrected =
        """
        section,row,seat_no,x,y,grade,price
        Z,9,9,9,9,VIP,200000
        B,,1,5,1,S,88000
        A,1,2,2,1,R,132000
        """;
    done(admin.putLayout(schedule, plan(corrected), ACTOR));
    assertThat(ids(schedule)).isEqualTo(Map.of("A-1-2", 1, "B--1", 2, "Z-9-9", 3));
    assertThat(catalog.layout(schedule).await().position(0)).as("A-1-1 is gone").isEqualTo(-1);
    assertThat(claims(schedule))
        .containsExactly("0 132000 3", "1 132000 0", "2 88000 0", "3 200000 0");

    done(admin.putLayout(schedule, plan(PLAN), ACTOR));
    assertThat(ids(schedule)).as("back").isEqualTo(Map.of("A-1-1", 0, "A-1-2", 1, "B--1", 2));
    assertThat(claims(schedule))
        .containsExactly("0 132000 0", "1 132000 0", "2 99000 0", "3 200000 3");

    done(
        admin.putLayout(
            schedule, plan(PLAN.replace("B,,1,5", "Y,1,1,6,1,S,99000\nB,,1,5")), ACTOR));
    assertThat(ids(schedule))
        .as("what is new gets what no seat ever had")
        .isEqualTo(Map.of("A-1-1", 0, "A-1-2", 1, "B--1", 2, "Y-1-1", 4));
    done(admin.putLayout(schedule, plan(corrected), ACTOR));
    assertThat(ids(schedule)).isEqualTo(Map.of("A-1-2", 1, "B--1", 2, "Z-9-9", 3));
  }

  @Test
  void changesNoClaimThatIsAsItWas() {
    ScheduleId schedule = schedule(concert());
    done(admin.putLayout(schedule, plan(PLAN), ACTOR));
    String changed = "select count(*) from seat_claim where fence > 0";

    done(admin.putLayout(schedule, plan(PLAN), ACTOR));
    assertThat(database.number(changed)).isZero();
    done(admin.putLayout(schedule, plan(PLAN.replace("99000", "98000")), ACTOR));
    assertThat(database.number(changed)).isEqualTo(1);
  }

  private Map<String, Integer> ids(ScheduleId schedule) {
    Layout layout = catalog.layout(schedule).await();
    Schedule known = known(schedule);
    assertThat(known.seats()).isEqualTo(layout.seats());
    assertThat(IntStream.range(0, layout.seats()).map(layout::index))
        .allSatisfy(index -> assertThat(index).isLessThan(known.indexEnd()));
    assertThat(IntStream.range(0, layout.seats()))
        .allSatisfy(seat -> assertThat(layout.position(layout.index(seat))).isEqualTo(seat));
    assertThat(catalog.reordered(schedule).await().isPresent()).isEqualTo(!layout.isInOrder());
    return IntStream.range(0, layout.seats())
        .boxed()
        .collect(Collectors.toMap(layout::seatNo, layout::index));
  }

  /** Index, price and state. */
  private List<String> claims(ScheduleId schedule) {
    return IntStream.range(
            0,
            (int)
                database.number(
                    "select count(*) from seat_claim where schedule_id = " + schedule.number()))
        .mapToObj(
            seat -> {
              String of = " from seat_claim where seat = " + seat;
              return seat
                  + " "
                  + database.number("select price" + of)
                  + " "
                  + database.number("select state" + of);
            })
        .toList();
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
      statement.execute("select share_schedules(array_agg(id)) from schedule");
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
  void refusesTimesThatMakeNoSense() {
    ConcertId concert = concert();
    Optional<Instant> none = Optional.empty();
    Instant past = Instant.now().minusSeconds(60);

    assertRefused(
        admin.createSchedule(new NewSchedule(concert, past, none, none), ACTOR),
        Refusal.IN_THE_PAST);
    assertRefused(
        admin.createSchedule(new NewSchedule(concert, STARTS, Optional.of(STARTS), none), ACTOR),
        Refusal.OPENS_TOO_LATE);
    assertRefused(
        admin.createSchedule(
            new NewSchedule(
                concert,
                STARTS,
                Optional.of(STARTS.minusSeconds(60)),
                Optional.of(STARTS.minusSeconds(60))),
            ACTOR),
        Refusal.CLOSES_TOO_EARLY);
    ScheduleId schedule = schedule(concert);
    assertRefused(
        change(schedule, Map.of(Time.OPENS_AT, Optional.of(STARTS))), Refusal.OPENS_TOO_LATE);
    assertRefused(change(schedule, Map.of(Time.STARTS_AT, Optional.of(past))), Refusal.IN_THE_PAST);
    assertThat(database.number("select count(*) from schedule")).isEqualTo(1);
    assertThat(known(schedule).startsAt()).isEqualTo(STARTS);
  }

  @Test
  void changesWhatElseThereIsToChangeOfAShowThatHasBegun() {
    ScheduleId schedule = schedule(concert());
    database.execute("update schedule set starts_at = clock_timestamp() - interval '1 hour'");

    Instant later = STARTS.plusSeconds(3600);
    done(change(schedule, Map.of(Time.REFUND_UNTIL, Optional.of(later))));
    assertThat(known(schedule).refundUntil()).contains(later);
  }

  @Test
  void movesTheTimeForRefundsWithTheShow() {
    ScheduleId schedule = schedule(concert());
    Duration putOff = Duration.ofDays(30);
    Instant until = STARTS.minusSeconds(3600);
    done(change(schedule, Map.of(Time.REFUND_UNTIL, Optional.of(until))));

    ScheduleTimes times =
        done(change(schedule, Map.of(Time.STARTS_AT, Optional.of(STARTS.plus(putOff)))));

    assertThat(times.startsAt()).isEqualTo(STARTS.plus(putOff));
    assertThat(times.refundUntil()).contains(until.plus(putOff));
    assertThat(known(schedule).startsAt()).isEqualTo(STARTS.plus(putOff));
    assertThat(known(schedule).refundUntil()).contains(until.plus(putOff));
    assertThat(
            done(
                change(
                    schedule,
                    Map.of(
                        Time.STARTS_AT,
                        Optional.of(STARTS),
                        Time.REFUND_UNTIL,
                        Optional.of(until.minusSeconds(1))))))
        .extracting(ScheduleTimes::refundUntil)
        .as("named itself")
        .isEqualTo(Optional.of(until.minusSeconds(1)));
  }

  private Future<Reply<ScheduleTimes>> change(
      ScheduleId schedule, Map<Time, Optional<Instant>> times) {
    return admin.changeTimes(schedule, new ScheduleChange(times), ACTOR);
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
