package io.concert.queue.view;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.queue.RoomFixture;
import io.concert.queue.RoomRows;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.Left;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.view.RoomViews.Following;
import io.concert.queue.view.RoomViews.Update;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node's views of a room, over the bus and the grid. */
class RoomViewsIT {
  private static final RoomId ROOM = new RoomId("hall");

  @RegisterExtension private final RoomFixture room = new RoomFixture(ROOM);
  private final RoomRows rows = room.rows;

  @BeforeEach
  void open() {
    room.put(settings(false));
  }

  private static RoomSettings settings(boolean paused) {
    return new RoomSettings(
        1,
        Duration.ofMinutes(10),
        Duration.ZERO,
        0,
        0,
        Duration.ofSeconds(5),
        Duration.ZERO,
        Optional.empty(),
        paused,
        new Won(0));
  }

  /** In a paused room, where nobody in the front can have been let in meanwhile either. */
  @Test
  void manyPollsAreFewLooks() {
    List<UserId> users = enterSome(20);
    room.put(settings(true));
    users.forEach(room::poll);
    letPass(Duration.ofMillis(600));
    double before = count("room");
    double looksBefore = looks();
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (System.nanoTime() < end) {
      users.forEach(room::poll);
    }
    assertThat(count("view")).isGreaterThan(1_000);
    assertThat(count("room") - before).isZero();
    assertThat(looks() - looksBefore).as("four a second").isBetween(2.0, 9.0);
    assertThat(users.subList(1, 20)).map(user -> room.poll(user).number()).contains(1L, 19L);
  }

  @Test
  void followersHearAtOnceAndWheneverTheyMoveUpAndAtTheEnd() {
    List<UserId> users = enterSome(4);
    List<Update> heard = new CopyOnWriteArrayList<>();
    UserId last = users.get(3);
    until(() -> room.poll(last).number() == 3);
    Following following = room.node().views.follow(room.asking(last), heard::add, () -> true);
    until(() -> numbers(heard).equals(List.of(3L)));

    assertThat(room.leave(users.get(1))).isEqualTo(new Left());
    until(() -> numbers(heard).equals(List.of(3L, 2L)));
    assertThat(room.leave(users.get(2))).isEqualTo(new Left());
    until(() -> numbers(heard).equals(List.of(3L, 2L, 1L)));
    room.endSession(users.get(0));
    until(() -> heard.get(heard.size() - 1).placement().state() == PlaceState.ACTIVE);
    room.endSession(last);
    until(() -> heard.get(heard.size() - 1).placement().state() == PlaceState.ENDED);
    assertThat(heard).extracting(Update::version).doesNotHaveDuplicates();
    following.close();
  }

  @Test
  void whoHasTwoPlacesIsFollowedAtTheOlder() {
    UserId user = enterSome(2).get(1);
    room.restart();
    Placement newer = room.enter(user);
    List<Update> heard = new CopyOnWriteArrayList<>();
    var asking = new Poll(ROOM, user, newer.place(), newer.arrivalMillis());
    Following following = room.node().views.follow(asking, heard::add, () -> true);
    until(() -> numbers(heard).equals(List.of(1L)));
    assertThat(heard.get(0).placement().place()).isEqualTo(newer.place());

    assertThat(room.poll(user).place()).isEqualTo(room.place(user)).isNotEqualTo(newer.place());
    until(() -> numbers(heard).equals(List.of(1L, 1L)));
    assertThat(heard.get(1).placement().place()).isEqualTo(room.place(user));
    following.close();
  }

  @Test
  void whoIsFollowedIsPresentAndWhoIsNotVanishes() {
    List<UserId> users = enterSome(3);
    List<Update> heard = new CopyOnWriteArrayList<>();
    Following following =
        room.node().views.follow(room.asking(users.get(2)), heard::add, () -> true);
    until(() -> numbers(heard).contains(2L));
    until(() -> numbers(heard).contains(1L));
    letPass(Duration.ofSeconds(6));
    assertThat(numbers(heard)).as("its owner never asked").containsExactly(2L, 1L);

    assertThat(room.poll(users.get(1)).number()).as("back where it stood").isEqualTo(1);
    until(() -> numbers(heard).equals(List.of(2L, 1L, 2L)));
    following.close();
  }

  @Test
  void aFollowerWhoTakesNothingVanishesAndIsBackWithTheNextThatIsTaken() {
    List<UserId> users = enterSome(2);
    List<Update> heard = new CopyOnWriteArrayList<>();
    AtomicBoolean isThere = new AtomicBoolean(true);
    Following following =
        room.node().views.follow(room.asking(users.get(1)), heard::add, isThere::get);
    letPass(Duration.ofSeconds(7));
    assertThat(waiting()).as("there, longer than the presence time").isOne();

    isThere.set(false);
    until(() -> waiting() == 0);
    isThere.set(true);
    until(() -> waiting() == 1);
    following.close();
  }

  private long waiting() {
    return room.node().views.status(ROOM).await().orElseThrow().waiting();
  }

  @Test
  void whoComesBackTakesTheNextSlotWithoutAskingTwice() {
    List<UserId> users = enterSome(2);
    until(() -> room.node().views.status(ROOM).await().orElseThrow().waiting() == 0);
    room.endSession(users.get(0));
    letPass(Duration.ofMillis(500));
    assertThat(rows.live()).as("nobody is present").isZero();

    assertThat(room.poll(users.get(1)).number()).isEqualTo(1);
    until(() -> rows.live() == 1);
  }

  @Test
  void somebodyElsesPlaceIsNoPlace() {
    List<UserId> users = enterSome(2);
    UserId stranger = rows.users(1).get(0);
    Placement stolen = room.token(users.get(1));
    until(() -> room.node().poll(ROOM, stranger, stolen).state() == PlaceState.ENDED);
    letPass(Duration.ofMillis(600));
    assertThat(room.node().poll(ROOM, stranger, stolen).state()).isEqualTo(PlaceState.ENDED);
  }

  @Test
  void doorIsOpenFromTheViewAndClosedByTheRoomOnly() {
    List<UserId> users = enterSome(2);
    assertThat(room.admission(users.get(0))).isEqualTo(AdmissionState.ACTIVE);
    assertThat(room.admission(users.get(1))).isEqualTo(AdmissionState.NONE);
    room.endSession(users.get(0));
    until(() -> room.admission(users.get(0)) == AdmissionState.NONE);
    until(() -> room.admission(users.get(1)) == AdmissionState.ACTIVE);
  }

  @Test
  void keepsCountOfHowEstimatesTurnOut() {
    List<UserId> users = enterSome(2);
    until(() -> room.poll(users.get(1)).estimate().isPresent());
    room.endSession(users.get(0));
    until(() -> room.poll(users.get(1)).state() == PlaceState.ACTIVE);
    until(
        () ->
            room.node().registry.get("queue_wait_estimates").counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum()
                == 1);
  }

  @Test
  void unknownRoomHasNoStatus() {
    assertThat(room.node().views.status(new RoomId("nowhere")).await()).isEmpty();
    assertThat(room.node().views.status(ROOM).await()).isPresent();
  }

  private double looks() {
    return room.node().registry.get("queue_looks").counter().count();
  }

  private double count(String answeredBy) {
    return room.node().registry.get("queue_polls").tag("answered_by", answeredBy).counter().count();
  }

  private static List<Long> numbers(List<Update> heard) {
    return heard.stream().map(update -> update.placement().number()).toList();
  }

  /** The first of them is let in. */
  private List<UserId> enterSome(int count) {
    List<UserId> users = rows.users(count);
    users.forEach(room::enter);
    until(() -> rows.live() == 1);
    until(() -> room.poll(users.get(0)).state() == PlaceState.ACTIVE);
    return users;
  }
}
