package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Actor;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.postgres.TestDatabase;
import io.concert.queue.QueueMessages.EnterReply;
import io.concert.queue.QueueMessages.Leave;
import io.concert.queue.QueueMessages.Left;
import io.concert.queue.QueueMessages.Placement;
import io.concert.queue.QueueMessages.SettingsChanged;
import io.concert.queue.QueueMessages.TooManyJoins;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator may set about a room, while people wait: from the views to PostgreSQL. */
class RoomSettingsIT {
  private static final RoomId ROOM = new RoomId("stadium");
  private static final Actor OPERATOR = new Actor("kim", "operator", "r-1");

  private final TestDatabase database = TestDatabase.create();
  private final RoomRows rows = new RoomRows(database, ROOM);
  private final Map<UserId, Placement> tokens = new HashMap<>();
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
  void drawsThoseWhoGatheredOnceAndLetsThemInInThatOrder() {
    put(settings(1, soon(Duration.ofSeconds(2))));
    List<UserId> gathered = rows.users(40);
    gathered.forEach(this::enter);
    Placement last = poll(gathered.get(39));
    assertThat(last.state()).isEqualTo(PlaceState.NOT_OPEN);
    assertThat(last.number()).isEqualTo(40);
    assertThat(last.opensAt()).isPresent();
    assertThat(rows.live()).isZero();

    QueueNode.await(() -> rows.live() == 1);
    UserId late = rows.users(1).get(0);
    Placement behind = enter(late);
    Draw draw = new Draw(node.rooms.find(ROOM).await().orElseThrow().draws().get(0));
    List<UserId> drawn = new ArrayList<>(gathered);
    drawn.sort(Comparator.comparing(user -> draw.positionOf(place(user))));
    assertThat(drawn).isNotEqualTo(gathered);

    assertThat(poll(drawn.get(0)).state()).isEqualTo(PlaceState.ACTIVE);
    for (int i = 1; i < drawn.size(); i++) {
      assertThat(poll(drawn.get(i)).number()).as("drawn as number %d", i).isEqualTo(i);
    }
    assertThat(behind.number()).isEqualTo(40);
    assertThat(behind.place().epoch()).isGreaterThan(place(gathered.get(0)).epoch());
  }

  @Test
  void drawnOrderOutlivesEveryNode() {
    put(settings(1, soon(Duration.ofSeconds(4))));
    List<UserId> gathered = rows.users(10);
    gathered.subList(0, 5).forEach(this::enter);
    restart();
    gathered.subList(5, 10).forEach(this::enter);
    assertThat(place(gathered.get(9)).epoch()).isGreaterThan(place(gathered.get(0)).epoch());

    QueueNode.await(() -> draws().size() == 1);
    restart();
    put(settings(1, Optional.empty()));
    gathered.forEach(this::poll);
    Draw draw = new Draw(draws().get(0));
    List<UserId> drawn = new ArrayList<>(gathered);
    drawn.sort(Comparator.comparing(user -> draw.positionOf(place(user))));
    QueueNode.await(() -> rows.live() == 1);
    QueueNode.sleep(Duration.ofMillis(300));

    List<Long> numbers = drawn.stream().map(user -> poll(user).number()).toList();
    assertThat(numbers).isSorted().endsWith(9L);
  }

  @Test
  void pausingStopsAdmissionsAndResumingGoesOn() {
    put(paused(true));
    UserId user = rows.users(1).get(0);
    enter(user);
    QueueNode.sleep(Duration.ofMillis(400));
    assertThat(poll(user).state()).isEqualTo(PlaceState.PAUSED);
    assertThat(rows.live()).isZero();

    put(paused(false));
    QueueNode.await(() -> rows.live() == 1);
    QueueNode.await(() -> poll(user).state() == PlaceState.ACTIVE);
  }

  @Test
  void growingLetsInAtOnceAndShrinkingEjectsNobody() {
    put(settings(1, Optional.empty()));
    List<UserId> users = rows.users(5);
    users.forEach(this::enter);
    QueueNode.await(() -> rows.live() == 1);
    put(settings(4, Optional.empty()));
    QueueNode.await(() -> rows.live() == 4);
    put(settings(2, Optional.empty()));
    QueueNode.sleep(Duration.ofMillis(300));
    assertThat(rows.live()).isEqualTo(4);
    assertThat(poll(users.get(4)).number()).isEqualTo(1);
  }

  @Test
  void whoLeavesIsForgottenAndThoseBehindMoveUp() {
    put(settings(1, Optional.empty()));
    List<UserId> users = rows.users(3);
    users.forEach(this::enter);
    QueueNode.await(() -> rows.live() == 1);
    assertThat(poll(users.get(2)).number()).isEqualTo(2);

    var leave = new Leave(ROOM, users.get(1), place(users.get(1)));
    assertThat(node.bus.request(QueueMessages.LEAVE, leave).await()).isEqualTo(new Left());
    QueueNode.await(() -> poll(users.get(2)).number() == 1);
    assertThat(poll(users.get(1)).state()).isEqualTo(PlaceState.ENDED);
    assertThat(node.bus.request(QueueMessages.LEAVE, leave).await()).isEqualTo(new Left());
  }

  @Test
  void whoDoesNothingGivesTheSlotOnAndKeepsThePlace() {
    put(firstAction(Duration.ofSeconds(1)));
    List<UserId> users = rows.users(2);
    users.forEach(this::enter);
    QueueNode.await(() -> rows.live() == 1);
    UserId idle = users.get(0);
    QueueNode.await(() -> poll(users.get(1)).state() == PlaceState.ACTIVE);

    assertThat(node.views.checkAdmission(ROOM, users.get(1), place(users.get(1))).await().state())
        .isEqualTo(QueueMessages.AdmissionState.ACTIVE);
    Placement back = poll(idle);
    assertThat(back.state()).isEqualTo(PlaceState.WAITING);
    assertThat(back.number()).isEqualTo(1);
    QueueNode.sleep(Duration.ofSeconds(2));
    assertThat(poll(users.get(1)).state()).as("has done something").isEqualTo(PlaceState.ACTIVE);
    assertThat(rows.end(users.get(1))).isPositive();
    QueueNode.await(() -> poll(idle).state() == PlaceState.ACTIVE);
  }

  @Test
  void joinsAreLimitedBySecond() {
    var limited =
        new RoomSettings(
            100,
            Duration.ofMinutes(10),
            Duration.ZERO,
            0,
            3,
            Duration.ofSeconds(30),
            Duration.ZERO,
            Optional.empty(),
            false,
            new Won(0));
    put(limited);
    List<EnterReply> replies = rows.users(12).stream().map(user -> node.enter(ROOM, user)).toList();
    assertThat(replies).filteredOn(TooManyJoins.class::isInstance).hasSizeBetween(6, 9);
  }

  @Test
  void afterALossNobodyIsLetInUntilEverybodyHadTimeToComeBack() {
    var slow = reentry(Duration.ofSeconds(2));
    put(slow);
    List<UserId> users = rows.users(4);
    users.forEach(this::enter);
    QueueNode.await(() -> rows.live() == 1);
    QueueNode.await(() -> database.number("select count(*) from room where people_wait") == 1);
    assertThat(rows.end(users.get(0))).isPositive();
    restart();

    enter(rows.users(1).get(0));
    assertThat(poll(users.get(3)).number()).isEqualTo(1);
    assertThat(poll(users.get(2)).number()).isEqualTo(1);
    assertThat(rows.live()).isLessThanOrEqualTo(1);
    assertThat(poll(users.get(1)).state()).isNotEqualTo(PlaceState.ENDED);
    QueueNode.sleep(Duration.ofMillis(2_300));
    assertThat(rows.live()).isEqualTo(1);
    assertThat(poll(users.get(1)).state()).isEqualTo(PlaceState.ACTIVE);
  }

  private void restart() {
    node.stop();
    node = new QueueNode(database);
  }

  private List<DrawResult> draws() {
    return node.rooms.find(ROOM).await().orElseThrow().draws();
  }

  @CanIgnoreReturnValue
  private Placement enter(UserId user) {
    Placement placement = (Placement) node.enter(ROOM, user);
    tokens.putIfAbsent(user, placement);
    return placement;
  }

  private Placement token(UserId user) {
    return Objects.requireNonNull(tokens.get(user));
  }

  private Place place(UserId user) {
    return token(user).place();
  }

  @CanIgnoreReturnValue
  private Placement poll(UserId user) {
    return node.poll(ROOM, user, token(user));
  }

  private void put(RoomSettings settings) {
    assertThat(node.rooms.put(ROOM, settings, OPERATOR).await()).isNotNull();
    var changed = new SettingsChanged(ROOM);
    assertThat(node.bus.request(QueueMessages.SETTINGS_CHANGED, changed).await()).isNotNull();
  }

  private static Optional<Instant> soon(Duration ahead) {
    return Optional.of(Instant.now().plus(ahead));
  }

  private static RoomSettings settings(int capacity, Optional<Instant> opensAt) {
    return settings(capacity, Duration.ZERO, Duration.ZERO, opensAt, false);
  }

  private static RoomSettings paused(boolean paused) {
    return settings(1, Duration.ZERO, Duration.ZERO, Optional.empty(), paused);
  }

  private static RoomSettings firstAction(Duration within) {
    return settings(1, within, Duration.ZERO, Optional.empty(), false);
  }

  private static RoomSettings reentry(Duration reentry) {
    return settings(1, Duration.ZERO, reentry, Optional.empty(), false);
  }

  private static RoomSettings settings(
      int capacity,
      Duration firstAction,
      Duration reentry,
      Optional<Instant> opensAt,
      boolean paused) {
    return new RoomSettings(
        capacity,
        Duration.ofMinutes(10),
        firstAction,
        0,
        0,
        Duration.ofSeconds(30),
        reentry,
        opensAt,
        paused,
        new Won(0));
  }
}
