package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Fault;
import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.queue.QueueMessages.AdmissionState;
import io.concert.queue.QueueMessages.Placement;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One node's waiting room, from the bus to PostgreSQL. */
class QueueServiceIT {
  private static final RoomId ROOM = RoomId.DEFAULT;

  private final TestDatabase database = TestDatabase.create();
  private final RoomRows rows = new RoomRows(database, ROOM);
  private final Map<UserId, Placement> places = new HashMap<>();
  private QueueNode node;

  @BeforeEach
  void start() {
    node = new QueueNode(database);
  }

  @AfterEach
  void stop() {
    node.stop();
    rows.close();
    database.close();
  }

  @Test
  void everybodyGetsThroughInOrderAndNeverMoreThanTenAtOnce() {
    openRoom(10, 600);
    List<UserId> users = rows.users(500);
    enterAll(users);
    List<UserId> line = new ArrayList<>(users);
    line.sort(Comparator.comparing(user -> place(user).place()));

    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!line.isEmpty() && System.nanoTime() < deadline) {
      for (UserId user : List.copyOf(line.subList(0, Math.min(15, line.size())))) {
        if (poll(user).state() == PlaceState.ACTIVE) {
          assertThat(check(user)).isEqualTo(AdmissionState.ACTIVE);
          endAndTell(user);
          assertThat(poll(user).state()).isEqualTo(PlaceState.ENDED);
          line.remove(user);
        }
      }
    }

    assertThat(line).isEmpty();
    assertThat(rows.admitted()).isEqualTo(500);
    assertThat(rows.sequencesAsAdmitted()).isSorted();
    assertThat(rows.mostAtOnce()).isEqualTo(10);
  }

  @Test
  void freedSlotIsTakenWithin300MillisecondsWithoutAnybodyAsking() {
    openRoom(1, 600);
    List<UserId> users = rows.users(2);
    enterAll(users);
    QueueNode.await(() -> rows.live() == 1);
    UserId first = active();

    endAndTell(first);
    QueueNode.await(() -> rows.admitted() == 2);

    assertThat(rows.longestGapMillis()).isLessThan(300);
  }

  @Test
  void slotFreedBehindTheRoomsBackIsTakenWithinTwoSeconds() {
    openRoom(1, 600);
    enterAll(rows.users(2));
    QueueNode.await(() -> rows.live() == 1);
    UserId first = active();

    assertThat(rows.end(first)).isPositive();
    QueueNode.await(() -> rows.admitted() == 2);

    assertThat(active()).isNotEqualTo(first);
    assertThat(rows.longestGapMillis()).isLessThan(2_000);
  }

  @Test
  void sessionEndsByItselfAndTheNextIsLetIn() {
    openRoom(1, 1);
    List<UserId> users = rows.users(3);
    enterAll(users);
    QueueNode.await(() -> rows.admitted() == 3 && rows.live() == 0);

    assertThat(rows.mostAtOnce()).isEqualTo(1);
    for (UserId user : users) {
      assertThat(poll(user).state()).isEqualTo(PlaceState.ENDED);
      assertThat(check(user)).isEqualTo(AdmissionState.NONE);
      assertThat(enter(user).created()).isTrue();
    }
  }

  @Test
  void afterTheLossOfEveryNodePeopleStandWhereTheyStood() {
    openRoom(2, 600);
    List<UserId> users = rows.users(6);
    for (UserId user : users) {
      assertThat(enter(user).created()).isTrue();
    }
    QueueNode.await(() -> rows.live() == 2);
    UserId left = users.get(0);
    assertThat(poll(left).state()).isEqualTo(PlaceState.ACTIVE);
    UserId next = users.get(2);
    endAndTell(left);
    QueueNode.await(() -> rows.live() == 2);

    node.stop();
    node = new QueueNode(database);
    UserId newcomer = rows.users(1).get(0);
    assertThat(enter(newcomer).number()).isEqualTo(1);
    List<UserId> back = new ArrayList<>(users.subList(3, 6));
    Collections.reverse(back);
    for (UserId user : back) {
      Placement placement = poll(user);
      assertThat(placement.number()).isEqualTo(1);
      assertThat(placement.arrivalMillis()).isEqualTo(place(user).arrivalMillis());
    }

    assertThat(poll(users.get(4)).number()).isEqualTo(2);
    assertThat(poll(users.get(5)).number()).isEqualTo(3);
    assertThat(enter(newcomer).number()).isEqualTo(4);
    assertThat(enter(users.get(3)).place()).isEqualTo(place(users.get(3)).place());
    assertThat(poll(left).state()).isEqualTo(PlaceState.ENDED);
    assertThat(check(left)).isEqualTo(AdmissionState.NONE);
    assertThat(poll(next).state()).isEqualTo(PlaceState.ACTIVE);
    assertThat(check(next)).isEqualTo(AdmissionState.ACTIVE);
    assertThat(rows.live()).isEqualTo(2);
  }

  @Test
  void withoutItsDatabaseNobodyIsAdmittedWhilePositionsGoOn() {
    openRoom(2, 600);
    UserId early = rows.users(1).get(0);
    enter(early);
    QueueNode.await(() -> rows.live() == 1);
    database.execute("alter function admit rename to admit_not");
    List<UserId> users = rows.users(3);
    enterAll(users);
    QueueNode.sleep(Duration.ofMillis(300));

    assertThat(rows.live()).isEqualTo(1);
    assertThat(poll(early).state()).isEqualTo(PlaceState.ACTIVE);
    assertThat(users).map(user -> poll(user).number()).contains(1L, 2L, 3L);

    database.execute("alter function admit_not rename to admit");
    QueueNode.await(() -> rows.live() == 2);
  }

  @Test
  void holdProlongedSessionOnlyPays() {
    openRoom(1, 1);
    UserId user = rows.users(1).get(0);
    Placement place = enter(user);
    QueueNode.await(() -> rows.live() == 1);
    database.execute(
        """
        update room_session set lasts_until = clock_timestamp() + interval '1 minute',
          changed_tx = pg_current_xact_id()
        """);
    QueueNode.await(() -> check(user) == AdmissionState.PAYING);
    assertThat(poll(user).state()).isEqualTo(PlaceState.ACTIVE);
    assertThat(enter(user).place()).isEqualTo(place.place());
    assertThat(rows.live()).isEqualTo(1);
  }

  @Test
  void unsetSettingsKeepTheOperatorsRow() {
    openRoom(7, 600);
    Sql sql = database.sql(node.vertx);
    RoomSetup.apply(
            sql, new QueueSettings(100, false, Duration.ofSeconds(60), true, Duration.ZERO, false))
        .await();

    assertThat(database.number("select capacity from room where id = 'default'")).isEqualTo(7);
    assertThat(database.number("select session_seconds from room where id = 'default'"))
        .isEqualTo(60);
  }

  @Test
  void unknownRoomIsAFault() {
    openRoom(1, 600);
    var enter = new QueueMessages.Enter(new RoomId("nowhere"), new UserId(1), true);
    assertThatThrownBy(() -> node.bus.request(QueueMessages.ENTER, enter).await())
        .isInstanceOf(Fault.class);
  }

  private void openRoom(int capacity, int sessionSeconds) {
    Duration session = Duration.ofSeconds(sessionSeconds);
    var settings = new QueueSettings(capacity, true, session, true, Duration.ZERO, true);
    RoomSetup.apply(database.sql(node.vertx), settings).await();
  }

  /** All at the same time; their order is that of the places they get. */
  private void enterAll(List<UserId> users) {
    List<Future<Placement>> asked =
        users.stream()
            .map(user -> new QueueMessages.Enter(ROOM, user, true))
            .map(enter -> node.bus.request(QueueMessages.ENTER, enter))
            .map(reply -> reply.map(Placement.class::cast))
            .toList();
    for (int i = 0; i < users.size(); i++) {
      places.put(users.get(i), asked.get(i).await());
    }
  }

  @CanIgnoreReturnValue
  private Placement enter(UserId user) {
    var enter = new QueueMessages.Enter(ROOM, user, true);
    Placement placement = (Placement) node.bus.request(QueueMessages.ENTER, enter).await();
    places.putIfAbsent(user, placement);
    return placement;
  }

  /** The place that the user was given first, as a token keeps it. */
  private Placement place(UserId user) {
    return Objects.requireNonNull(places.get(user));
  }

  private Placement poll(UserId user) {
    Placement token = place(user);
    var poll = new QueueMessages.Poll(ROOM, user, token.place(), token.arrivalMillis());
    return node.bus.request(QueueMessages.POLL, poll).await();
  }

  private AdmissionState check(UserId user) {
    var check = new QueueMessages.CheckAdmission(ROOM, user, place(user).place());
    return node.bus.request(QueueMessages.CHECK_ADMISSION, check).await().state();
  }

  private void endAndTell(UserId user) {
    var ended = new QueueMessages.SessionEnded(ROOM, user, new SessionId(rows.end(user)));
    assertThat(node.bus.request(QueueMessages.SESSION_ENDED, ended).await()).isNotNull();
  }

  /** The only one who is in. */
  private UserId active() {
    return new UserId(
        rows.numbers("select user_number from room_session where ended_at is null").get(0));
  }
}
