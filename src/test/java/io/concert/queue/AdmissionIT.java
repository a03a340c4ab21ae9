package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.room.RoomReply.Candidate;
import io.concert.queue.room.SessionRow;
import io.concert.queue.store.Opened;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Admission and the end of sessions as PostgreSQL judges them, many at once. */
class AdmissionIT extends OwnRoom {
  @BeforeEach
  void openRoom() {
    rows.create(10, 600);
  }

  @Test
  void capacityHoldsAndOrderIsKeptWhoeverAdmitsAtTheSameTime() throws Exception {
    var waiting = new ConcurrentSkipListSet<>(Comparator.comparing(Candidate::place));
    waiting.addAll(candidates(500));
    var inside = new ConcurrentLinkedQueue<UserId>();
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(20);
    List<Future<?>> work = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      work.add(threads.submit(() -> admitAll(waiting, inside)));
    }
    Future<Long> most = threads.submit(() -> mostSeenUntil(over));
    for (int i = 0; i < 2; i++) {
      work.add(threads.submit(() -> endAll(waiting, inside)));
    }
    for (Future<?> one : work) {
      assertThat(one.get(60, TimeUnit.SECONDS)).isNull();
    }
    over.set(true);

    assertThat(most.get(5, TimeUnit.SECONDS)).isBetween(8L, 10L);
    assertThat(rows.mostAtOnce()).isEqualTo(10);
    assertThat(rows.admitted()).isEqualTo(500);
    assertThat(rows.sequencesAsAdmitted()).isSorted();
    threads.shutdownNow();
  }

  @Test
  void admissionWaitsForAnotherAndCountsWhatItLetIn() throws Exception {
    List<Candidate> people = candidates(20);
    try (Connection slow = database.jdbc()) {
      slow.setAutoCommit(false);
      admitSixAndWait(slow, people);
      var other = sessions.admit(room, 0, people.subList(6, 20));
      database.awaitLockedOut(other);
      slow.commit();

      assertThat(other.await().decided()).hasSize(4);
      assertThat(rows.live()).isEqualTo(10);
    }
  }

  @Test
  void usedPlaceOpensTheDoorOnce() {
    List<Candidate> one = candidates(1);
    SessionRow first = admit(one).get(0);
    assertThat(admit(one)).containsExactly(first);
    assertThat(rows.end(one.get(0).user())).isEqualTo(first.id().number());

    assertThat(admit(one)).containsExactly(first.asEnded());
    assertThat(rows.admitted()).isEqualTo(1);
  }

  @Test
  void whoIsInIsNotLetInAgainByAnotherPlace() {
    List<Candidate> one = candidates(1);
    SessionRow first = admit(one).get(0);
    Candidate elsewhere = new Candidate(one.get(0).user(), new Place(1, 77), 5);

    assertThat(admit(List.of(elsewhere))).containsExactly(first);
    assertThat(rows.live()).isEqualTo(1);
  }

  @Test
  void peopleAlreadyInTakeNoSecondSlot() {
    List<Candidate> people = candidates(12);
    assertThat(admit(people.subList(0, 5))).hasSize(5);
    assertThat(admit(people)).hasSize(10);
    assertThat(rows.live()).isEqualTo(10);
  }

  @Test
  void overdueSessionMakesRoomAtOnce() {
    List<Candidate> people = candidates(11);
    assertThat(admit(people.subList(0, 10))).hasSize(10);
    assertThat(admit(people.subList(10, 11))).isEmpty();
    rows.passEnds();

    List<SessionRow> decided = admit(people.subList(10, 11));

    assertThat(decided).filteredOn(SessionRow::ended).hasSize(10);
    assertThat(decided).filteredOn(sessionRow -> !sessionRow.ended()).hasSize(1);
    assertThat(rows.mostAtOnce()).isEqualTo(10);
  }

  @Test
  void sessionLastsAsTheRoomSaysAndKeepsTheArrival() {
    SessionRow sessionRow = admit(candidates(1)).get(0);
    assertThat(sessionRow.arrivalMillis()).isEqualTo(1_800_000_000_123L);
    assertThat(sessionRow.lastsUntilMillis()).isEqualTo(sessionRow.endsAtMillis());
    long length =
        database.number(
            "select extract(epoch from ends_at - admitted_at) from room_session where id = "
                + sessionRow.id().number());
    assertThat(length).isEqualTo(600);
  }

  @Test
  void dueSessionThatSomebodyIsChangingIsJudgedNextTime() throws SQLException {
    assertThat(admit(candidates(2))).hasSize(2);
    rows.passEnds();
    try (Connection hold = database.jdbc()) {
      hold.setAutoCommit(false);
      prolongFirst(hold);
      assertThat(sessions.endDue().await().get(room)).hasSize(1);
      hold.commit();
    }
    assertThat(sessions.endDue().await()).doesNotContainKey(room);
    assertThat(rows.live()).isEqualTo(1);
  }

  @Test
  void changeThatCommitsLateIsSeenByTheNextLook() throws SQLException {
    List<SessionRow> in = admit(candidates(2));
    long bound = sessions.changedSince(room, 0, 1).await().reading().asOfXid();
    try (Connection hold = database.jdbc()) {
      hold.setAutoCommit(false);
      prolongFirst(hold);
      assertThat(rows.end(in.get(1).user())).isEqualTo(in.get(1).id().number());

      var early = sessions.changedSince(room, bound, 1).await();
      assertThat(early.sessionRows()).extracting(SessionRow::ended).contains(true);
      assertThat(early.sessionRows())
          .noneMatch(
              sessionRow -> sessionRow.id().equals(in.get(0).id()) && later(sessionRow, in.get(0)));
      hold.commit();

      var late = sessions.changedSince(room, early.reading().asOfXid(), 1).await();
      assertThat(late.sessionRows()).anyMatch(sessionRow -> later(sessionRow, in.get(0)));
      assertThat(sessions.changedSince(room, late.reading().asOfXid(), 1).await().sessionRows())
          .isEmpty();
    }
  }

  @Test
  void openedRoomHasAnotherEpochAndItsLiveSessions() {
    List<SessionRow> in = admit(candidates(3));
    assertThat(rows.end(in.get(1).user())).isPositive();

    Opened opened = sessions.open(room.name()).await();
    Opened again = sessions.open(room.name()).await();

    assertThat(again.epoch()).isEqualTo(opened.epoch() + 1);
    assertThat(again.reading().settings().capacity()).isEqualTo(10);
    assertThat(again.live()).containsExactlyInAnyOrder(in.get(0), in.get(2));
  }

  private static boolean later(SessionRow sessionRow, SessionRow before) {
    return sessionRow.id().equals(before.id())
        && sessionRow.lastsUntilMillis() > before.lastsUntilMillis();
  }

  private void prolongFirst(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      int changed =
          statement.executeUpdate(
              """
              update room_session set lasts_until = clock_timestamp() + interval '20 minutes',
                changed_tx = pg_current_xact_id()
              where room_id = '%s' and sequence = 0
              """
                  .formatted(room));
      assertThat(changed).isEqualTo(1);
    }
  }

  private void admitSixAndWait(Connection connection, List<Candidate> people) throws SQLException {
    String users =
        people.stream()
            .limit(6)
            .map(one -> Long.toString(one.user().number()))
            .collect(Collectors.joining(","));
    try (var statement = connection.createStatement();
        var admitted =
            statement.executeQuery(
                "select count(*) from admit('%s', 0, '{%s}', '{1,1,1,1,1,1}', '{0,1,2,3,4,5}', '{1,1,1,1,1,1}')"
                    .formatted(room, users))) {
      assertThat(admitted.next()).isTrue();
      assertThat(admitted.getInt(1)).isEqualTo(6);
    }
  }

  /** What an owner does at every tick, here on sixteen nodes that all believe to be the owner. */
  private void admitAll(
      ConcurrentSkipListSet<Candidate> waiting, ConcurrentLinkedQueue<UserId> in) {
    while (!waiting.isEmpty()) {
      var decided = new HashSet<Place>();
      for (SessionRow sessionRow : admit(waiting.stream().limit(40).toList())) {
        decided.add(sessionRow.place());
        in.add(sessionRow.user());
      }
      waiting.removeIf(candidate -> decided.contains(candidate.place()));
    }
  }

  private void endAll(ConcurrentSkipListSet<Candidate> waiting, ConcurrentLinkedQueue<UserId> in) {
    try (RoomRows own = new RoomRows(database, room)) {
      while (!waiting.isEmpty() || !in.isEmpty()) {
        UserId user = in.poll();
        if (user != null) {
          assertThat(own.end(user)).isNotNegative();
        }
      }
    }
  }
}
