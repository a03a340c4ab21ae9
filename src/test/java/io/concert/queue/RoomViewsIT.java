package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Actor;
import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.postgres.TestDatabase;
import io.concert.queue.QueueMessages.AdmissionState;
import io.concert.queue.QueueMessages.Leave;
import io.concert.queue.QueueMessages.Left;
import io.concert.queue.QueueMessages.Placement;
import io.concert.queue.QueueMessages.Poll;
import io.concert.queue.QueueMessages.SessionEnded;
import io.concert.queue.RoomViews.Following;
import io.concert.queue.RoomViews.Update;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node's views of a room, over the bus and the grid. */
class RoomViewsIT {
  private static final RoomId ROOM = new RoomId("hall");

  private final TestDatabase database = TestDatabase.create();
  private final RoomRows rows = new RoomRows(database, ROOM);
  private final Map<UserId, Placement> tokens = new HashMap<>();
  private QueueNode node;

  @BeforeEach
  void start() {
    node = new QueueNode(database);
    var settings =
        new RoomSettings(
            1,
            Duration.ofMinutes(10),
            Duration.ZERO,
            0,
            0,
            Duration.ofSeconds(5),
            Duration.ZERO,
            Optional.empty(),
            false,
            new Won(0));
    assertThat(node.rooms.put(ROOM, settings, new Actor("kim", "operator", "r")).await())
        .isNotNull();
  }

  @AfterEach
  void stop() {
    node.stop();
    rows.close();
    database.close();
  }

  @Test
  void manyPollsAreFewLooks() {
    List<UserId> users = enterSome(20);
    users.forEach(this::poll);
    QueueNode.sleep(Duration.ofMillis(600));
    double before = count("room");
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (System.nanoTime() < end) {
      users.forEach(this::poll);
    }
    assertThat(count("view")).isGreaterThan(1_000);
    assertThat(count("room") - before).isZero();
    assertThat(users.subList(1, 20)).map(user -> poll(user).number()).contains(1L, 19L);
  }

  @Test
  void followersHearAtOnceAndWheneverTheyMoveUpAndAtTheEnd() {
    List<UserId> users = enterSome(4);
    List<Update> heard = new CopyOnWriteArrayList<>();
    UserId last = users.get(3);
    QueueNode.await(() -> poll(last).number() == 3);
    Following following = node.views.follow(token(last), heard::add);
    QueueNode.await(() -> numbers(heard).equals(List.of(3L)));

    leave(users.get(1));
    QueueNode.await(() -> numbers(heard).equals(List.of(3L, 2L)));
    leave(users.get(2));
    QueueNode.await(() -> numbers(heard).equals(List.of(3L, 2L, 1L)));
    endSession(users.get(0));
    QueueNode.await(() -> heard.get(heard.size() - 1).placement().state() == PlaceState.ACTIVE);
    endSession(last);
    QueueNode.await(() -> heard.get(heard.size() - 1).placement().state() == PlaceState.ENDED);
    assertThat(heard).extracting(Update::version).doesNotHaveDuplicates();
    following.close();
  }

  @Test
  void whoIsFollowedIsPresentAndWhoIsNotVanishes() {
    List<UserId> users = enterSome(3);
    List<Update> heard = new CopyOnWriteArrayList<>();
    Following following = node.views.follow(token(users.get(2)), heard::add);
    QueueNode.await(() -> numbers(heard).contains(2L));
    QueueNode.await(() -> numbers(heard).contains(1L));
    QueueNode.sleep(Duration.ofSeconds(6));
    assertThat(numbers(heard)).as("its owner never asked").containsExactly(2L, 1L);

    assertThat(poll(users.get(1)).number()).as("back where it stood").isEqualTo(1);
    QueueNode.await(() -> numbers(heard).equals(List.of(2L, 1L, 2L)));
    following.close();
  }

  @Test
  void whoComesBackTakesTheNextSlotWithoutAskingTwice() {
    List<UserId> users = enterSome(2);
    QueueNode.sleep(Duration.ofMillis(5_500));
    endSession(users.get(0));
    QueueNode.sleep(Duration.ofMillis(500));
    assertThat(rows.live()).as("nobody is present").isZero();

    assertThat(poll(users.get(1)).number()).isEqualTo(1);
    QueueNode.await(() -> rows.live() == 1);
  }

  @Test
  void somebodyElsesPlaceIsNoPlace() {
    List<UserId> users = enterSome(2);
    UserId stranger = rows.users(1).get(0);
    Placement stolen = Objects.requireNonNull(tokens.get(users.get(1)));
    QueueNode.await(() -> node.poll(ROOM, stranger, stolen).state() == PlaceState.ENDED);
    QueueNode.sleep(Duration.ofMillis(600));
    assertThat(node.poll(ROOM, stranger, stolen).state()).isEqualTo(PlaceState.ENDED);
  }

  @Test
  void doorIsOpenFromTheViewAndClosedByTheRoomOnly() {
    List<UserId> users = enterSome(2);
    assertThat(admission(users.get(0))).isEqualTo(AdmissionState.ACTIVE);
    assertThat(admission(users.get(1))).isEqualTo(AdmissionState.NONE);
    endSession(users.get(0));
    QueueNode.await(() -> admission(users.get(0)) == AdmissionState.NONE);
    QueueNode.await(() -> admission(users.get(1)) == AdmissionState.ACTIVE);
  }

  @Test
  void keepsCountOfHowEstimatesTurnOut() {
    List<UserId> users = enterSome(2);
    QueueNode.await(() -> poll(users.get(1)).estimate().isPresent());
    endSession(users.get(0));
    QueueNode.await(() -> poll(users.get(1)).state() == PlaceState.ACTIVE);
    QueueNode.await(
        () ->
            node.registry.get("queue_wait_estimates").counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum()
                == 1);
  }

  @Test
  void unknownRoomHasNoStatus() {
    assertThat(node.views.status(new RoomId("nowhere")).await()).isEmpty();
    assertThat(node.views.status(ROOM).await()).isPresent();
  }

  private double count(String answeredBy) {
    return node.registry.get("queue_polls").tag("answered_by", answeredBy).counter().count();
  }

  private static List<Long> numbers(List<Update> heard) {
    return heard.stream().map(update -> update.placement().number()).toList();
  }

  /** The first of them is let in. */
  private List<UserId> enterSome(int count) {
    List<UserId> users = rows.users(count);
    for (UserId user : users) {
      tokens.put(user, (Placement) node.enter(ROOM, user));
    }
    QueueNode.await(() -> rows.live() == 1);
    QueueNode.await(() -> poll(users.get(0)).state() == PlaceState.ACTIVE);
    return users;
  }

  private Poll token(UserId user) {
    Placement placement = Objects.requireNonNull(tokens.get(user));
    return new Poll(ROOM, user, placement.place(), placement.arrivalMillis());
  }

  @CanIgnoreReturnValue
  private Placement poll(UserId user) {
    return node.views.poll(token(user)).await();
  }

  private AdmissionState admission(UserId user) {
    return node.views.checkAdmission(ROOM, user, token(user).place()).await().state();
  }

  private void leave(UserId user) {
    var leave = new Leave(ROOM, user, token(user).place());
    assertThat(node.bus.request(QueueMessages.LEAVE, leave).await()).isEqualTo(new Left());
  }

  private void endSession(UserId user) {
    var ended = new SessionEnded(ROOM, user, new SessionId(rows.end(user)));
    assertThat(node.bus.request(QueueMessages.SESSION_ENDED, ended).await()).isNotNull();
  }
}
