package io.concert.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Actor;
import io.concert.domain.RoomId;
import io.concert.domain.Won;
import io.concert.queue.OwnRoom;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomChange;
import io.concert.queue.api.RoomChange.Opening;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.store.Rooms.ChangeReply;
import io.concert.queue.store.Rooms.FirstActionTooLong;
import io.concert.queue.store.Rooms.NoSuchRoom;
import io.concert.queue.store.Rooms.Put;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Single settings of a waiting room that change while others do. */
class RoomChangeIT extends OwnRoom {
  private static final Actor KIM = new Actor("kim", "operator", "request-7");
  private static final Instant LATER = Instant.parse("2222-02-22T02:22:22.222Z");
  private static final RoomSettings SETTINGS = unusual(Optional.of(LATER), new Won(50_000));

  private final Rooms rooms = new Rooms(sql);

  @BeforeEach
  void makeRoom() {
    assertThat(rooms.put(room, SETTINGS, KIM).await()).isInstanceOf(Put.class);
  }

  @Test
  void whatIsNotNamedStays() {
    PlannedDraw promised = found().ahead().orElseThrow();

    assertThat(change(capacity(8))).isInstanceOf(Put.class);

    assertThat(settings())
        .usingRecursiveComparison()
        .ignoringFields("capacity")
        .isEqualTo(SETTINGS);
    assertThat(settings().capacity()).isEqualTo(8);
    assertThat(found().ahead()).contains(promised);
    assertThat(
            database.number(
                """
                select count(*) from audit where subject = '%s' and action = 'room.change'
                  and detail->'before'->>'capacity' = '7' and detail->'after'->>'capacity' = '8'
                """
                    .formatted(room)))
        .isEqualTo(1);
  }

  /** Each of them alone would be lost under one that had read the settings before. */
  @Test
  void changesAtOnceLoseNothingOfEachOther() {
    for (int round = 1; round <= 20; round++) {
      List<Future<ChangeReply>> all = new ArrayList<>();
      all.add(rooms.change(room, capacity(100 + round), KIM));
      all.add(rooms.change(room, admitPerSecond(200 + round), KIM));
      all.add(rooms.change(room, paused(round % 2 == 0), KIM));
      all.add(rooms.change(room, session(Duration.ofSeconds(300 + round)), KIM));
      Future.all(all).await();

      RoomSettings now = settings();
      assertThat(now.capacity()).isEqualTo(100 + round);
      assertThat(now.admitPerSecond()).isEqualTo(200 + round);
      assertThat(now.paused()).isEqualTo(round % 2 == 0);
      assertThat(now.session()).isEqualTo(Duration.ofSeconds(300 + round));
    }
  }

  @Test
  void openingIsMovedOrMadeNowOnlyWhenItIsNamed() {
    Instant muchLater = LATER.plusSeconds(3600);
    change(opening(Optional.of(muchLater)));
    assertThat(settings().opensAt()).contains(muchLater);
    assertThat(found().ahead().orElseThrow().opensAtMillis()).isEqualTo(muchLater.toEpochMilli());

    change(opening(Optional.empty()));
    assertThat(settings().opensAt().orElseThrow()).isBefore(LATER);
  }

  @Test
  void sessionIsNotMadeShorterThanTheTimeForTheFirstAction() {
    assertThat(change(session(Duration.ofSeconds(59)))).isEqualTo(new FirstActionTooLong());

    assertThat(settings()).isEqualTo(SETTINGS);
    assertThat(change(session(Duration.ofSeconds(60)))).isInstanceOf(Put.class);
  }

  @Test
  void noRoomIsMade() {
    RoomId nowhere = new RoomId("nowhere");
    assertThat(rooms.change(nowhere, capacity(5), KIM).await()).isEqualTo(new NoSuchRoom());
    assertThat(rooms.find(nowhere).await()).isEmpty();
  }

  @CanIgnoreReturnValue
  private ChangeReply change(RoomChange change) {
    return rooms.change(room, change, KIM).await();
  }

  private Rooms.Room found() {
    return rooms.find(room).await().orElseThrow();
  }

  private RoomSettings settings() {
    return found().settings();
  }

  private static RoomChange capacity(int to) {
    return change(
        Optional.of(to), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static RoomChange session(Duration to) {
    return change(
        Optional.empty(), Optional.of(to), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static RoomChange admitPerSecond(int to) {
    return change(
        Optional.empty(), Optional.empty(), Optional.of(to), Optional.empty(), Optional.empty());
  }

  private static RoomChange opening(Optional<Instant> at) {
    return change(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Opening(at)),
        Optional.empty());
  }

  private static RoomChange paused(boolean to) {
    return change(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(to));
  }

  private static RoomChange change(
      Optional<Integer> capacity,
      Optional<Duration> session,
      Optional<Integer> admitPerSecond,
      Optional<Opening> opening,
      Optional<Boolean> paused) {
    return new RoomChange(
        capacity,
        session,
        Optional.empty(),
        admitPerSecond,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        opening,
        paused,
        Optional.empty());
  }
}
