package io.concert.catalog;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.catalog.ScheduleChange.Time;
import io.concert.catalog.layout.Layout;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.domain.ScheduleId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CatalogIT extends CatalogFixture {
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
}
