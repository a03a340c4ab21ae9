package io.concert.catalog;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ConcertId;
import io.concert.domain.ScheduleId;
import io.concert.domain.Won;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Plans of a date, and the claim rows of its seats. */
class PlanImportIT extends CatalogFixture {
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
}
