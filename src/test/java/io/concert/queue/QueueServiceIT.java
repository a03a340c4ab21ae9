package io.concert.queue;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Fault;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.postgres.Sql;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.store.QueueSettings;
import io.concert.queue.store.RoomSetup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One node's waiting room, from the bus to PostgreSQL. */
class QueueServiceIT {
  private static final RoomId ROOM = RoomId.DEFAULT;

  @RegisterExtension private final RoomFixture room = new RoomFixture(ROOM);
  private final RoomRows rows = room.rows;

  @Test
  void everybodyGetsThroughInOrderAndNeverMoreThanTenAtOnce() {
    openRoom(10, 600);
    List<UserId> users = rows.users(500);
    room.enterAll(users);
    List<UserId> line = new ArrayList<>(users);
    line.sort(Comparator.comparing(user -> room.place(user)));

    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!line.isEmpty() && System.nanoTime() < deadline) {
      for (UserId user : List.copyOf(line.subList(0, Math.min(15, line.size())))) {
        if (room.pollRoom(user).state() == PlaceState.ACTIVE) {
          assertThat(room.admissionByRoom(user)).isEqualTo(AdmissionState.ACTIVE);
          room.endSession(user);
          assertThat(room.pollRoom(user).state()).isEqualTo(PlaceState.ENDED);
          line.remove(user);
        }
      }
    }

    assertThat(line).isEmpty();
    assertThat(rows.admitted()).isEqualTo(500);
    assertThat(rows.sequencesAsAdmitted()).isSorted();
    assertThat(rows.mostAtOnce()).isEqualTo(10);
  }

  /** The admission may take longer than a join waits, on a busy machine: somebody else tries. */
  @Test
  void whoFindsAFreeSlotAndNobodyWaitingIsInWithTheAnswer() {
    openRoom(1, 600);
    UserId[] inside = new UserId[1];
    until(
        () -> {
          UserId user = rows.users(1).get(0);
          Placement answer = room.enter(user);
          assertThat(answer.created()).isTrue();
          if (answer.state() == PlaceState.ACTIVE) {
            assertThat(answer.number()).isZero();
            assertThat(answer.sessionExpiresAt()).isPresent();
            inside[0] = user;
            return true;
          }
          until(() -> rows.live() == 1);
          room.endSession(user);
          return false;
        });

    assertThat(room.admission(inside[0])).isEqualTo(AdmissionState.ACTIVE);
    Placement next = room.enter(rows.users(1).get(0));
    assertThat(next.created()).isTrue();
    assertThat(next.state()).isEqualTo(PlaceState.WAITING);
    assertThat(next.number()).isOne();
  }

  @Test
  void withoutTheDatabaseAJoinIsAnsweredAllTheSame() {
    openRoom(1, 600);
    room.database.execute("alter function admit rename to admit_not");

    Placement answer = room.enter(rows.users(1).get(0));

    assertThat(answer.state()).isEqualTo(PlaceState.WAITING);
    assertThat(answer.number()).isOne();
    room.database.execute("alter function admit_not rename to admit");
  }

  @Test
  void freedSlotIsTakenWithin300MillisecondsWithoutAnybodyAsking() {
    openRoom(1, 600);
    List<UserId> users = rows.users(2);
    room.enterAll(users);
    until(() -> rows.live() == 1);
    UserId first = active();

    room.endSession(first);
    until(() -> rows.admitted() == 2);

    assertThat(rows.longestGapMillis()).isLessThan(300);
  }

  @Test
  void slotFreedBehindTheRoomsBackIsTakenWithinTwoSeconds() {
    openRoom(1, 600);
    room.enterAll(rows.users(2));
    until(() -> rows.live() == 1);
    UserId first = active();

    assertThat(rows.end(first)).isPositive();
    until(() -> rows.admitted() == 2);

    assertThat(active()).isNotEqualTo(first);
    assertThat(rows.longestGapMillis()).isLessThan(2_000);
  }

  @Test
  void sessionEndsByItselfAndTheNextIsLetIn() {
    openRoom(1, 1);
    List<UserId> users = rows.users(3);
    room.enterAll(users);
    until(() -> rows.admitted() == 3 && rows.live() == 0);

    assertThat(rows.mostAtOnce()).isEqualTo(1);
    for (UserId user : users) {
      assertThat(room.pollRoom(user).state()).isEqualTo(PlaceState.ENDED);
      assertThat(room.admissionByRoom(user)).isEqualTo(AdmissionState.NONE);
      assertThat(room.enter(user).created()).isTrue();
    }
  }

  @Test
  void afterTheLossOfEveryNodePeopleStandWhereTheyStood() {
    openRoom(2, 600);
    List<UserId> users = rows.users(6);
    for (UserId user : users) {
      assertThat(room.enter(user).created()).isTrue();
    }
    until(() -> rows.live() == 2);
    UserId left = users.get(0);
    assertThat(room.pollRoom(left).state()).isEqualTo(PlaceState.ACTIVE);
    UserId next = users.get(2);
    room.endSession(left);
    until(() -> rows.live() == 2);

    room.restart();
    UserId newcomer = rows.users(1).get(0);
    assertThat(room.enter(newcomer).number()).isEqualTo(1);
    List<UserId> back = new ArrayList<>(users.subList(3, 6));
    Collections.reverse(back);
    for (UserId user : back) {
      Placement placement = room.pollRoom(user);
      assertThat(placement.number()).isEqualTo(1);
      assertThat(placement.arrivalMillis()).isEqualTo(room.token(user).arrivalMillis());
    }

    assertThat(room.pollRoom(users.get(4)).number()).isEqualTo(2);
    assertThat(room.pollRoom(users.get(5)).number()).isEqualTo(3);
    assertThat(room.enter(newcomer).number()).isEqualTo(4);
    assertThat(room.enter(users.get(3)).place()).isEqualTo(room.place(users.get(3)));
    assertThat(room.pollRoom(left).state()).isEqualTo(PlaceState.ENDED);
    assertThat(room.admissionByRoom(left)).isEqualTo(AdmissionState.NONE);
    assertThat(room.pollRoom(next).state()).isEqualTo(PlaceState.ACTIVE);
    assertThat(room.admissionByRoom(next)).isEqualTo(AdmissionState.ACTIVE);
    assertThat(rows.live()).isEqualTo(2);
  }

  @Test
  void whoGotTwoPlacesHearsOfTheOlderWithEitherToken() {
    openRoom(1, 600);
    room.enter(rows.users(1).get(0));
    until(() -> rows.live() == 1);
    UserId user = rows.users(1).get(0);
    Placement older = room.enter(user);
    room.restart();

    Placement newer = room.enter(user);
    assertThat(newer.place()).isNotEqualTo(older.place());

    for (Placement token : List.of(older, newer, older, newer)) {
      Placement answer = room.node().poll(ROOM, user, token);
      assertThat(answer.state()).isEqualTo(PlaceState.WAITING);
      assertThat(answer.number()).isOne();
      assertThat(answer.place()).isEqualTo(older.place());
    }
  }

  @Test
  void withoutItsDatabaseNobodyIsAdmittedWhilePositionsGoOn() {
    openRoom(2, 600);
    UserId early = rows.users(1).get(0);
    room.enter(early);
    until(() -> rows.live() == 1);
    room.database.execute("alter function admit rename to admit_not");
    List<UserId> users = rows.users(3);
    room.enterAll(users);
    letPass(Duration.ofMillis(300));

    assertThat(rows.live()).isEqualTo(1);
    assertThat(room.pollRoom(early).state()).isEqualTo(PlaceState.ACTIVE);
    assertThat(users).map(user -> room.pollRoom(user).number()).contains(1L, 2L, 3L);

    room.database.execute("alter function admit_not rename to admit");
    until(() -> rows.live() == 2);
  }

  @Test
  void holdProlongedSessionOnlyPays() {
    openRoom(1, 1);
    UserId user = rows.users(1).get(0);
    Placement place = room.enter(user);
    until(() -> rows.live() == 1);
    room.database.execute(
        """
        update room_session set lasts_until = clock_timestamp() + interval '1 minute',
          changed_tx = pg_current_xact_id()
        """);
    until(() -> room.admissionByRoom(user) == AdmissionState.PAYING);
    assertThat(room.pollRoom(user).state()).isEqualTo(PlaceState.ACTIVE);
    assertThat(room.enter(user).place()).isEqualTo(place.place());
    assertThat(rows.live()).isEqualTo(1);
  }

  @Test
  void unsetSettingsKeepTheOperatorsRow() {
    openRoom(7, 600);
    Sql sql = room.database.sql(room.node().vertx);
    RoomSetup.apply(
            sql, new QueueSettings(100, false, Duration.ofSeconds(60), true, Duration.ZERO, false))
        .await();

    assertThat(room.database.number("select capacity from room where id = 'default'")).isEqualTo(7);
    assertThat(room.database.number("select session_seconds from room where id = 'default'"))
        .isEqualTo(60);
  }

  @Test
  void unknownRoomIsAFault() {
    openRoom(1, 600);
    var enter = new QueueMessages.Enter(new RoomId("nowhere"), new UserId(1), true);
    assertThatThrownBy(() -> room.node().bus.request(QueueMessages.ENTER, enter).await())
        .isInstanceOf(Fault.class);
  }

  private void openRoom(int capacity, int sessionSeconds) {
    Duration session = Duration.ofSeconds(sessionSeconds);
    var settings = new QueueSettings(capacity, true, session, true, Duration.ZERO, true);
    RoomSetup.apply(room.database.sql(room.node().vertx), settings).await();
  }

  /** The only one who is in. */
  private UserId active() {
    return new UserId(
        rows.numbers("select user_number from room_session where ended_at is null").get(0));
  }
}
