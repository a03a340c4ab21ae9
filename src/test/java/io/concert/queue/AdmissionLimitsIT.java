package io.concert.queue;

import static io.concert.Patience.letPass;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.SessionId;
import io.concert.queue.room.RoomReply.Candidate;
import io.concert.queue.room.SessionRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keeps people out although there are slots, and gives slots back that nobody uses. */
class AdmissionLimitsIT extends OwnRoom {
  @BeforeEach
  void openRoom() {
    rows.create(10, 600);
  }

  @Test
  void pausedRoomLetsNobodyInAndKnowsWhoIs() {
    List<Candidate> people = candidates(5);
    List<SessionRow> in = admit(people.subList(0, 2));
    rows.set("paused = true");

    assertThat(admit(people)).isEqualTo(in);

    rows.set("paused = false");
    assertThat(admit(people)).hasSize(5);
  }

  @Test
  void roomLetsNobodyInUntilItsDrawIsMade() {
    List<Candidate> people = candidates(5);
    rows.planDraw(1, 1, "clock_timestamp() + interval '1 hour'");
    beginEpoch(room).await();
    assertThat(admit(people)).isEmpty();

    database.execute("update room_draw set opens_at = clock_timestamp()");
    assertThat(admit(people)).as("due is not drawn: the order isn't known").isEmpty();

    beginEpoch(room).await();
    assertThat(admit(people)).hasSize(5);
  }

  @Test
  void admissionsComeAsFastAsTheRateAllowsAndNoFaster() {
    rows.set("capacity = 1000, admit_per_second = 50");
    List<Candidate> people = candidates(300);
    assertThat(admit(people)).as("a tenth of a second's at once").hasSize(5);

    int asked = 0;
    long until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (System.nanoTime() < until) {
      assertThat(admit(people)).isNotEmpty();
      letPass(Duration.ofMillis(20));
      asked++;
    }

    assertThat(
            rows.numbers(
                """
                select (count(*) - 5) - 50 * extract(epoch from max(admitted_at) - min(admitted_at))
                from room_session where room_id = '%s'
                """
                    .formatted(room)))
        .as("more than the rate brought meanwhile")
        .allMatch(tooMany -> tooMany <= 0);
    // Who asks seldom, as the machine is slow, gets five at a time.
    assertThat(rows.admitted())
        .as("nor is the credit forgotten")
        .isGreaterThan(Math.min(70, 4 * asked));
    assertThat(admit(people)).as("in order").isSortedAccordingTo(byPlace());
    assertThat(rows.sequencesAsAdmitted()).isSorted();
  }

  @Test
  void rateBelowOneInATenthOfASecondLetsOneInAtATime() {
    rows.set("admit_per_second = 2");
    List<Candidate> people = candidates(9);
    assertThat(admit(people)).hasSize(1);
    assertThat(admit(people)).as("still the same").hasSize(1);
    backdateCredit("300 milliseconds");
    assertThat(admit(people)).hasSize(1);
    backdateCredit("510 milliseconds");
    assertThat(admit(people)).hasSize(2);
    backdateCredit("1 hour");
    assertThat(admit(people)).as("credit doesn't pile up").hasSize(3);
    backdateCredit("-1 hour");
    assertThat(admit(people)).as("a clock that goes back gives none").hasSize(3);
    rows.set("admit_per_second = 0");
    assertThat(admit(people)).hasSize(9);
  }

  @Test
  void shrinkingEjectsNobodyAndLetsInOnceThereIsRoom() {
    List<Candidate> people = candidates(11);
    assertThat(admit(people)).hasSize(10);
    rows.set("capacity = 3");

    assertThat(admit(people)).hasSize(10);
    assertThat(rows.live()).isEqualTo(10);
    people.subList(0, 7).forEach(one -> assertThat(rows.end(one.user())).isPositive());
    assertThat(admit(people.subList(10, 11))).as("three are in").isEmpty();
    assertThat(rows.end(people.get(7).user())).isPositive();
    assertThat(admit(people.subList(10, 11))).hasSize(1);
  }

  @Test
  void whoDoesNothingInTimeGivesTheSlotBackAndKeepsThePlace() {
    rows.set("capacity = 1, first_action_seconds = 60");
    List<Candidate> people = candidates(2);
    SessionRow first = admit(people).get(0);
    assertThat(endDue()).as("in time yet").isEmpty();
    rows.passActBy();

    List<SessionRow> ended = endDue();

    assertThat(ended).hasSize(1).allMatch(SessionRow::returned).allMatch(SessionRow::ended);
    assertThat(sessions.at(room, first.place()).await()).hasValue(ended.get(0));
    assertThat(changes()).contains(ended.get(0));
    assertThat(sessions.open(room.name()).await().live()).isEmpty();

    SessionRow again = admit(people).get(0);
    assertThat(again.place()).isEqualTo(first.place());
    assertThat(again.id()).isNotEqualTo(first.id());
    assertThat(again.ended()).isFalse();
    assertThat(again.returned()).isFalse();
    assertThat(sessions.at(room, first.place()).await()).as("that counts").hasValue(again);
    assertThat(sessions.open(room.name()).await().live()).containsExactly(again);
  }

  @Test
  void slotThatNobodyUsedIsGivenOnWhileAdmitting() {
    rows.set("capacity = 1, first_action_seconds = 60");
    List<Candidate> people = candidates(2);
    SessionRow first = admit(people).get(0);
    rows.passActBy();

    List<SessionRow> decided = admit(people.subList(1, 2));

    assertThat(decided).extracting(SessionRow::ended).containsExactly(true, false);
    assertThat(decided).extracting(SessionRow::returned).containsExactly(true, false);
    assertThat(decided.get(0).id()).isEqualTo(first.id());
    assertThat(rows.mostAtOnce()).isEqualTo(1);
  }

  @Test
  void ofSeveralReturnedSessionsTheNewestIsFound() {
    rows.set("first_action_seconds = 60");
    List<Candidate> one = candidates(1);
    assertThat(admit(one)).hasSize(1);
    rows.passActBy();
    assertThat(endDue()).hasSize(1);
    SessionRow second = admit(one).get(0);
    rows.passActBy();
    assertThat(endDue()).hasSize(1);

    assertThat(sessions.at(room, second.place()).await())
        .hasValueSatisfying(found -> assertThat(found.id()).isEqualTo(second.id()));
  }

  @Test
  void whoHasDoneSomethingKeepsTheSession() {
    rows.set("first_action_seconds = 60");
    SessionRow in = admit(candidates(1)).get(0);
    sessions.acted(in.id()).await();
    rows.passActBy();

    assertThat(endDue()).isEmpty();
    rows.passEnds();
    assertThat(endDue()).hasSize(1).noneMatch(SessionRow::returned);
  }

  @Test
  void withoutATimeForTheFirstActionNothingIsGivenBack() {
    SessionRow in = admit(candidates(1)).get(0);
    rows.passActBy();
    assertThat(endDue()).isEmpty();
    rows.passEnds();

    assertThat(endDue()).extracting(SessionRow::id).containsExactly(in.id());
    assertThat(sessions.at(room, in.place()).await()).map(SessionRow::returned).contains(false);
  }

  @Test
  void firstActionThatIsBeingWrittenKeepsTheSession() throws SQLException {
    rows.set("first_action_seconds = 60");
    SessionRow in = admit(candidates(1)).get(0);
    rows.passActBy();
    try (Connection acting = database.jdbc()) {
      acting.setAutoCommit(false);
      execute(
          acting,
          "update room_session set acted_at = clock_timestamp() where id = " + in.id().number());
      assertThat(endDue()).isEmpty();
      acting.commit();
    }
    assertThat(endDue()).isEmpty();
    assertThat(rows.live()).isEqualTo(1);
  }

  @Test
  void firstActionThatComesTooLateDoesNotBringTheSessionBack() throws SQLException {
    rows.set("first_action_seconds = 60");
    SessionRow in = admit(candidates(1)).get(0);
    rows.passActBy();
    try (Connection ending = database.jdbc()) {
      ending.setAutoCommit(false);
      execute(ending, "select * from end_due_sessions()");
      var late = sessions.acted(in.id());
      database.awaitLockedOut(late);
      ending.commit();
      late.await();
    }
    assertThat(rows.live()).isZero();
    assertThat(
            rows.numbers(
                "select count(*) from room_session where acted_at is not null and id = "
                    + in.id().number()))
        .containsExactly(0L);
  }

  @Test
  void firstActionsOfManyShareARoundTripAndDoNotMeetInTheMiddle() {
    rows.set("capacity = 200, first_action_seconds = 60");
    List<SessionId> in = admit(candidates(200)).stream().map(SessionRow::id).toList();
    List<SessionId> mixed = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      mixed.addAll(in);
    }
    Collections.shuffle(mixed, new Random(7));

    mixed.stream().map(sessions::acted).toList().forEach(one -> one.await());

    rows.passActBy();
    assertThat(endDue()).isEmpty();
  }

  /** Everybody is let in again and again; slots come back in three ways at the same time. */
  @Test
  void capacityHoldsWhilePlacesAreGivenBackAndLetInAgain() throws Exception {
    rows.set("first_action_seconds = 60");
    List<Candidate> people = candidates(60);
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(12);
    List<Future<?>> work = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      var random = new Random(i);
      work.add(threads.submit(() -> admitSome(people, random, over)));
    }
    Future<Long> most = threads.submit(() -> mostSeenUntil(over));
    work.add(threads.submit(() -> giveBack(over)));
    work.add(threads.submit(() -> endSome(people, new Random(99), over)));
    letPass(Duration.ofSeconds(4));
    over.set(true);
    for (Future<?> one : work) {
      assertThat(one.get(20, TimeUnit.SECONDS)).isNull();
    }
    threads.shutdownNow();

    assertThat(most.get(5, TimeUnit.SECONDS)).isBetween(5L, 10L);
    assertThat(rows.mostAtOnce()).isEqualTo(10);
    assertThat(rows.admitted()).as("some came back").isGreaterThan(100);
    assertThat(
            rows.numbers(
                """
                select count(*) from room_session where room_id = '%s' and not returned
                group by epoch, sequence having count(*) > 1
                """
                    .formatted(room)))
        .as("a place opens the door once")
        .isEmpty();
  }

  private @Nullable Void admitSome(List<Candidate> people, Random random, AtomicBoolean over) {
    while (!over.get()) {
      int from = random.nextInt(people.size() - 20);
      assertThat(admit(people.subList(from, from + 20))).isNotNull();
    }
    return null;
  }

  private @Nullable Void giveBack(AtomicBoolean over) {
    try (RoomRows own = new RoomRows(database, room)) {
      while (!over.get()) {
        own.passActBy();
        assertThat(sessions.endDue().await()).isNotNull();
        letPass(Duration.ofMillis(20));
      }
    }
    return null;
  }

  private @Nullable Void endSome(List<Candidate> people, Random random, AtomicBoolean over) {
    try (RoomRows own = new RoomRows(database, room)) {
      while (!over.get()) {
        assertThat(own.end(people.get(random.nextInt(people.size())).user())).isNotNegative();
        letPass(Duration.ofMillis(200));
      }
    }
    return null;
  }

  private static Comparator<SessionRow> byPlace() {
    return Comparator.comparing(SessionRow::place);
  }

  private void backdateCredit(String by) {
    rows.set("admit_credit_at = clock_timestamp() - interval '%s'".formatted(by));
  }

  private List<SessionRow> endDue() {
    return sessions.endDue().await().getOrDefault(room, List.of());
  }

  private List<SessionRow> changes() {
    return sessions.changedSince(room, 0, 1).await().sessionRows();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      assertThat(statement.execute(sql)).isIn(true, false);
    }
  }
}
