package io.concert.queue.store;

import static io.concert.Patience.letPass;
import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.queue.RoomFixture;
import io.concert.queue.RoomRows;
import io.concert.queue.api.Draw;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.EnterReply;
import io.concert.queue.api.QueueMessages.Left;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.TooManyJoins;
import io.concert.queue.api.RoomSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator may set about a room, while people wait: from the views to PostgreSQL. */
class RoomSettingsIT {
  private static final RoomId ROOM = new RoomId("stadium");

  @RegisterExtension private final RoomFixture room = new RoomFixture(ROOM);
  private final RoomRows rows = room.rows;

  @Test
  void drawsThoseWhoGatheredOnceAndLetsThemInInThatOrder() {
    room.put(settings(1, soon(Duration.ofSeconds(2))));
    List<UserId> gathered = rows.users(40);
    gathered.forEach(room::enter);
    Placement last = room.poll(gathered.get(39));
    assertThat(last.state()).isEqualTo(PlaceState.NOT_OPEN);
    assertThat(last.number()).isEqualTo(40);
    assertThat(last.opensAt()).isPresent();
    assertThat(rows.live()).isZero();

    until(() -> rows.live() == 1);
    UserId late = rows.users(1).get(0);
    Placement behind = room.enter(late);
    Draw draw = new Draw(room.node().rooms.find(ROOM).await().orElseThrow().draws().get(0));
    List<UserId> drawn = new ArrayList<>(gathered);
    drawn.sort(Comparator.comparing(user -> draw.positionOf(room.place(user))));
    assertThat(drawn).isNotEqualTo(gathered);

    assertThat(room.poll(drawn.get(0)).state()).isEqualTo(PlaceState.ACTIVE);
    for (int i = 1; i < drawn.size(); i++) {
      assertThat(room.poll(drawn.get(i)).number()).as("drawn as number %d", i).isEqualTo(i);
    }
    assertThat(behind.number()).isEqualTo(40);
    assertThat(behind.place().epoch()).isGreaterThan(room.place(gathered.get(0)).epoch());
  }

  @Test
  void drawnOrderOutlivesEveryNode() {
    // Paused, or somebody of those present is let in before the others are back.
    room.put(settings(1, 0, Duration.ZERO, Duration.ZERO, soon(Duration.ofSeconds(4)), true));
    List<UserId> gathered = rows.users(10);
    gathered.subList(0, 5).forEach(room::enter);
    room.restart();
    gathered.subList(5, 10).forEach(room::enter);
    assertThat(room.place(gathered.get(9)).epoch())
        .isGreaterThan(room.place(gathered.get(0)).epoch());

    until(() -> draws().size() == 1);
    room.restart();
    gathered.forEach(room::poll);
    room.put(paused(false));
    Draw draw = new Draw(draws().get(0));
    List<UserId> drawn = new ArrayList<>(gathered);
    drawn.sort(Comparator.comparing(user -> draw.positionOf(room.place(user))));
    until(() -> room.poll(drawn.get(0)).state() == PlaceState.ACTIVE);

    List<Long> numbers = drawn.stream().map(user -> room.poll(user).number()).toList();
    assertThat(numbers).isSorted().endsWith(9L);
  }

  @Test
  void pausingStopsAdmissionsAndResumingGoesOn() {
    room.put(paused(true));
    UserId user = rows.users(1).get(0);
    room.enter(user);
    letPass(Duration.ofMillis(400));
    assertThat(room.poll(user).state()).isEqualTo(PlaceState.PAUSED);
    assertThat(rows.live()).isZero();

    room.put(paused(false));
    until(() -> rows.live() == 1);
    until(() -> room.poll(user).state() == PlaceState.ACTIVE);
  }

  @Test
  void growingLetsInAtOnceAndShrinkingEjectsNobody() {
    room.put(settings(1, Optional.empty()));
    List<UserId> users = rows.users(5);
    users.forEach(room::enter);
    until(() -> rows.live() == 1);
    room.put(settings(4, Optional.empty()));
    until(() -> rows.live() == 4);
    room.put(settings(2, Optional.empty()));
    letPass(Duration.ofMillis(300));
    assertThat(rows.live()).isEqualTo(4);
    assertThat(room.poll(users.get(4)).number()).isEqualTo(1);
  }

  @Test
  void whoLeavesIsForgottenAndThoseBehindMoveUp() {
    room.put(settings(1, Optional.empty()));
    List<UserId> users = rows.users(3);
    users.forEach(room::enter);
    until(() -> rows.live() == 1);
    assertThat(room.poll(users.get(2)).number()).isEqualTo(2);

    assertThat(room.leave(users.get(1))).isEqualTo(new Left());
    until(() -> room.poll(users.get(2)).number() == 1);
    assertThat(room.poll(users.get(1)).state()).isEqualTo(PlaceState.ENDED);
    assertThat(room.leave(users.get(1))).isEqualTo(new Left());
  }

  @Test
  void whoMissesATurnStandsAtTheBackOfThosePresent() {
    room.put(firstAction(Duration.ofSeconds(1)));
    List<UserId> users = rows.users(3);
    users.forEach(room::enter);
    UserId idle = users.get(0);
    until(() -> room.poll(users.get(1)).state() == PlaceState.ACTIVE);
    assertThat(room.admission(users.get(1))).isEqualTo(AdmissionState.ACTIVE);

    until(() -> room.poll(idle).state() == PlaceState.WAITING);
    Placement back = room.poll(idle);
    assertThat(back.created()).isFalse();
    assertThat(back.place()).isGreaterThan(room.place(users.get(2)));
    assertThat(back.number()).isEqualTo(2);
    assertThat(room.poll(users.get(2)).number()).isOne();
    assertThat(room.poll(idle).place()).as("the old token goes on").isEqualTo(back.place());

    assertThat(rows.end(users.get(1))).isPositive();
    until(() -> room.poll(users.get(2)).state() == PlaceState.ACTIVE);
    assertThat(room.poll(idle).state()).isEqualTo(PlaceState.WAITING);
    assertThat(room.admission(users.get(2))).isEqualTo(AdmissionState.ACTIVE);
    assertThat(rows.end(users.get(2))).isPositive();
    until(() -> room.poll(idle).state() == PlaceState.ACTIVE);
    assertThat(room.admission(idle)).as("by the old token").isEqualTo(AdmissionState.ACTIVE);
  }

  /** Before, the idle were first again with each turn that they missed. */
  @Test
  void whoOnlyPollsDoesNotKeepOthersOut() {
    room.put(firstAction(Duration.ofSeconds(1)));
    List<UserId> idle = rows.users(3);
    idle.forEach(room::enter);
    UserId behind = rows.users(1).get(0);
    room.enter(behind);

    until(
        "in behind three who do nothing",
        Duration.ofSeconds(30),
        () -> {
          idle.forEach(room::poll);
          return room.poll(behind).state() == PlaceState.ACTIVE;
        });
    assertThat(rows.admitted()).as("each had one turn").isEqualTo(4);
  }

  @Test
  void missedTurnIsKnownAfterTheRoomWasLost() {
    room.put(firstAction(Duration.ofSeconds(1)));
    List<UserId> users = rows.users(2);
    users.forEach(room::enter);
    until(() -> room.poll(users.get(1)).state() == PlaceState.ACTIVE);

    room.restart();

    Placement back = room.pollRoom(users.get(0));
    assertThat(back.state()).isEqualTo(PlaceState.WAITING);
    assertThat(back.place()).isGreaterThan(room.place(users.get(1)));
  }

  @Test
  void joinsAreLimitedBySecond() {
    var limited = settings(100, 3, Duration.ZERO, Duration.ZERO, Optional.empty(), false);
    room.put(limited);
    List<EnterReply> replies =
        rows.users(12).stream().map(user -> room.node().enter(ROOM, user)).toList();
    assertThat(replies).filteredOn(TooManyJoins.class::isInstance).hasSizeBetween(6, 9);
  }

  @Test
  void afterALossNobodyIsLetInUntilEverybodyHadTimeToComeBack() {
    var slow = reentry(Duration.ofSeconds(2));
    room.put(slow);
    List<UserId> users = rows.users(4);
    users.forEach(room::enter);
    until(() -> rows.live() == 1);
    until(() -> room.database.number("select count(*) from room where people_wait") == 1);
    assertThat(rows.end(users.get(0))).isPositive();
    room.restart();

    room.enter(rows.users(1).get(0));
    assertThat(room.poll(users.get(3)).number()).isEqualTo(1);
    assertThat(room.poll(users.get(2)).number()).isEqualTo(1);
    assertThat(rows.live()).isLessThanOrEqualTo(1);
    assertThat(room.poll(users.get(1)).state()).isNotEqualTo(PlaceState.ENDED);
    until(() -> room.poll(users.get(1)).state() == PlaceState.ACTIVE);
    assertThat(rows.live()).isEqualTo(1);
  }

  private List<DrawResult> draws() {
    return room.node().rooms.find(ROOM).await().orElseThrow().draws();
  }

  private static Optional<Instant> soon(Duration ahead) {
    return Optional.of(Instant.now().plus(ahead));
  }

  private static RoomSettings settings(int capacity, Optional<Instant> opensAt) {
    return settings(capacity, 0, Duration.ZERO, Duration.ZERO, opensAt, false);
  }

  private static RoomSettings paused(boolean paused) {
    return settings(1, 0, Duration.ZERO, Duration.ZERO, Optional.empty(), paused);
  }

  private static RoomSettings firstAction(Duration within) {
    return settings(1, 0, within, Duration.ZERO, Optional.empty(), false);
  }

  private static RoomSettings reentry(Duration reentry) {
    return settings(1, 0, Duration.ZERO, reentry, Optional.empty(), false);
  }

  private static RoomSettings settings(
      int capacity,
      int joinsPerSecond,
      Duration firstAction,
      Duration reentry,
      Optional<Instant> opensAt,
      boolean paused) {
    return new RoomSettings(
        capacity,
        Duration.ofMinutes(10),
        firstAction,
        0,
        joinsPerSecond,
        Duration.ofSeconds(30),
        reentry,
        opensAt,
        paused,
        new Won(0));
  }
}
