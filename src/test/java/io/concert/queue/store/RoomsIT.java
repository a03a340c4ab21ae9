package io.concert.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Actor;
import io.concert.domain.RoomId;
import io.concert.domain.Won;
import io.concert.queue.OwnRoom;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.store.Rooms.Put;
import io.concert.queue.store.Rooms.PutReply;
import io.concert.queue.store.Rooms.Room;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What operators and the environment set about waiting rooms. */
class RoomsIT extends OwnRoom {
  private static final Actor KIM = new Actor("kim", "operator", "request-7");
  private static final Instant LATER = Instant.parse("2222-02-22T02:22:22.222Z");
  private static final Instant MUCH_LATER = LATER.plus(1, ChronoUnit.HOURS);
  private static final Instant LONG_AGO = Instant.parse("2022-02-22T02:22:22.222Z");

  private final Rooms rooms = new Rooms(sql);

  @Test
  void roomIsCreatedAsItWasSetAndWrittenDown() throws SQLException {
    RoomSettings settings = unusual(Optional.of(LATER), new Won(50_000_000_000L));

    Room made = put(settings);

    assertThat(made.settings()).isEqualTo(settings);
    assertThat(made.id()).isEqualTo(room);
    assertThat(rooms.find(room).await()).contains(made);
    assertThat(rooms.all().await()).contains(made);
    JsonObject written = audit().get(0);
    assertThat(written.getString("operator")).isEqualTo("kim");
    assertThat(written.getString("role")).isEqualTo("operator");
    assertThat(written.getString("request_id")).isEqualTo("request-7");
    JsonObject detail = written.getJsonObject("detail");
    assertThat(detail.containsKey("before")).isTrue();
    assertThat(detail.getValue("before")).isNull();
    assertThat(detail.getJsonObject("after").getInteger("capacity")).isEqualTo(7);
    assertThat(detail.getJsonObject("after").getLong("opensAtMillis"))
        .isEqualTo(LATER.toEpochMilli());
  }

  @Test
  void roomsAreListedByNameAndOthersNotFound() {
    put(settings(5));
    assertThat(rooms.find(new RoomId("nowhere")).await()).isEmpty();
    assertThat(rooms.all().await()).extracting(one -> one.id().name()).isSorted();
  }

  @Test
  void changeRaisesTheVersionAndIsWrittenDownWithWhatItReplaced() throws SQLException {
    put(settings(5));
    long version = reading().version();

    assertThat(put(settings(6)).settings()).isEqualTo(settings(6));

    assertThat(reading().version()).isGreaterThan(version);
    assertThat(reading().settings()).isEqualTo(settings(6));
    JsonObject detail = audit().get(1).getJsonObject("detail");
    assertThat(detail.getJsonObject("before").getInteger("capacity")).isEqualTo(5);
    assertThat(detail.getJsonObject("after").getInteger("capacity")).isEqualTo(6);
  }

  @Test
  void changeThatHadToWaitReplacesWhatItFoundThen() throws SQLException {
    put(settings(5));
    try (Connection other = database.jdbc()) {
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        String lock = "select from room where id = '%s' for no key update";
        String change = "update room set capacity = 77 where id = '%s'";
        assertThat(statement.execute(lock.formatted(room))).isTrue();
        var waiting = rooms.put(room, settings(6), KIM);
        database.awaitLockedOut(waiting);
        assertThat(statement.executeUpdate(change.formatted(room))).isEqualTo(1);
        other.commit();
        assertThat(made(waiting.await()).settings().capacity()).isEqualTo(6);
      }
    }
    JsonObject detail = audit().get(1).getJsonObject("detail");
    assertThat(detail.getJsonObject("before").getInteger("capacity")).isEqualTo(77);
  }

  @Test
  void ofTwoWhoCreateARoomTheSecondReplaces() throws SQLException {
    var first = rooms.put(room, settings(5), KIM);
    var second = rooms.put(room, settings(6), KIM);
    first.await();
    second.await();

    List<JsonObject> details =
        audit().stream().map(written -> written.getJsonObject("detail")).toList();
    assertThat(details.get(0).getValue("before")).isNull();
    assertThat(details.get(1).getJsonObject("before"))
        .isEqualTo(details.get(0).getJsonObject("after"));
  }

  @Test
  void openingToComeIsPlannedForWhoeverComesFromNowOn() {
    assertThat(put(opensAt(LATER)).ahead()).map(PlannedDraw::firstEpoch).contains(1);
    beginEpoch(room).await();
    var other = new RoomId(room.name() + "-2");
    rooms.put(other, settings(5), KIM).await();
    beginEpoch(other).await();
    beginEpoch(other).await();

    PlannedDraw ahead = made(rooms.put(other, opensAt(LATER), KIM).await()).ahead().orElseThrow();

    assertThat(ahead.firstEpoch()).isEqualTo(3);
    assertThat(ahead.opensAtMillis()).isEqualTo(LATER.toEpochMilli());
    assertThat(ahead.commitment()).hasSize(64).isNotEqualTo(ahead(room).commitment());
  }

  @Test
  void openingToComeIsMovedWithItsSeed() {
    put(opensAt(LATER));
    beginEpoch(room).await();
    PlannedDraw planned = ahead(room);

    PlannedDraw moved = put(opensAt(MUCH_LATER)).ahead().orElseThrow();

    assertThat(moved.commitment()).isEqualTo(planned.commitment());
    assertThat(moved.firstEpoch()).isEqualTo(1);
    assertThat(moved.opensAtMillis()).isEqualTo(MUCH_LATER.toEpochMilli());
    assertThat(put(opensAt(MUCH_LATER)).ahead()).as("put again").contains(moved);
  }

  @Test
  void openingMovedIntoThePastOpensAtTheNextTick() {
    put(opensAt(LATER));
    beginEpoch(room).await();

    Room moved = put(opensAt(LONG_AGO));

    assertThat(moved.draws()).isEmpty();
    assertThat(moved.settings().opensAt()).contains(LONG_AGO);
    beginEpoch(room).await();
    assertThat(find().draws()).hasSize(1);
    assertThat(find().ahead()).isEmpty();
  }

  @Test
  void openingTakenBackOpensNowWithTheDraw() {
    put(opensAt(LATER));
    beginEpoch(room).await();

    Room open = put(settings(5));

    assertThat(open.settings().opensAt()).hasValueSatisfying(at -> assertThat(at).isBefore(LATER));
    beginEpoch(room).await();
    assertThat(find().draws()).extracting(DrawResult::sizes).containsExactly(List.of(4096));
  }

  @Test
  void openingThatIsDueStaysDueWhenItIsTakenBack() {
    put(opensAt(LATER));
    put(opensAt(LONG_AGO));

    assertThat(put(settings(5)).settings().opensAt()).contains(LONG_AGO);
  }

  @Test
  void timeThatIsPastMakesNoOpening() {
    Room made = put(opensAt(LONG_AGO));
    assertThat(made.ahead()).isEmpty();
    assertThat(made.settings().opensAt()).isEmpty();
  }

  @Test
  void whatWasReadAfterTheDrawMayBePutAgain() {
    put(opensAt(LATER));
    put(settings(5));
    beginEpoch(room).await();
    Room drawn = find();
    assertThat(drawn.settings().opensAt()).isPresent();

    assertThat(put(drawn.settings())).isEqualTo(drawn);
    database.execute(
        "update room_draw set opens_at = '%s' where room_id = '%s'".formatted(LATER, room));
    assertThat(put(opensAt(LATER)).ahead()).as("should the clock have gone back").isEmpty();
  }

  @Test
  void anotherOpeningAfterADrawIsAnotherDraw() {
    put(opensAt(LATER));
    PlannedDraw first = ahead(room);
    beginEpoch(room).await();
    put(settings(5));
    beginEpoch(room).await();

    Room again = put(opensAt(LATER));

    assertThat(again.draws()).extracting(DrawResult::number).containsExactly(1);
    assertThat(again.ahead()).map(PlannedDraw::firstEpoch).contains(3);
    assertThat(again.ahead().orElseThrow().commitment()).isNotEqualTo(first.commitment());
    assertThat(again.settings().opensAt()).contains(LATER);
  }

  @Test
  void seedOfAnOpeningToComeIsNowhereToBeRead() {
    put(opensAt(LATER));
    put(opensAt(MUCH_LATER));
    assertThat(
            rows.numbers(
                """
                select count(*) from room_draw d where d.room_id = '%1$s' and (
                  exists (select from audit a where a::text like '%%' || encode(d.seed, 'hex') || '%%')
                  or room_reading(d.room_id, 1)::text like '%%' || encode(d.seed, 'hex') || '%%')
                union all select count(*) from room_draw where room_id = '%1$s'
                """
                    .formatted(room)))
        .containsExactly(0L, 1L);
  }

  @Test
  void environmentOverwritesOnlyWhatItNames() {
    rooms.put(RoomId.DEFAULT, settings(7), KIM).await();
    RoomSettings before = settings(RoomId.DEFAULT);
    long version = version();

    setUp(new QueueSettings(1, false, seconds(2), false, seconds(3), false));
    assertThat(settings(RoomId.DEFAULT)).isEqualTo(before);
    assertThat(version()).isEqualTo(version);

    setUp(new QueueSettings(8, true, seconds(2), false, seconds(3), false));
    assertThat(settings(RoomId.DEFAULT)).extracting(RoomSettings::capacity).isEqualTo(8);
    assertThat(version()).isEqualTo(version + 1);
    setUp(new QueueSettings(1, false, seconds(2), true, seconds(3), false));
    setUp(new QueueSettings(1, false, seconds(9), false, seconds(3), true));

    RoomSettings after = settings(RoomId.DEFAULT);
    assertThat(after.capacity()).isEqualTo(8);
    assertThat(after.session()).isEqualTo(seconds(2));
    assertThat(after.reentry()).isEqualTo(seconds(3));
    assertThat(after.firstAction()).as("no longer than the session").isEqualTo(seconds(2));
  }

  @Test
  void environmentFillsARowThatIsMissing() {
    database.execute("delete from room_draw where room_id = 'default'");
    database.execute("delete from room where id = 'default'");

    setUp(new QueueSettings(12, false, seconds(34), false, seconds(0), false));

    RoomSettings made = settings(RoomId.DEFAULT);
    assertThat(made.capacity()).isEqualTo(12);
    assertThat(made.session()).isEqualTo(seconds(34));
    assertThat(made.reentry()).isEqualTo(Duration.ZERO);
    assertThat(made.presence()).isEqualTo(seconds(30));
  }

  private void setUp(QueueSettings settings) {
    RoomSetup.apply(sql, settings).await();
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private RoomSettings settings(RoomId of) {
    return rooms.find(of).await().orElseThrow().settings();
  }

  private long version() {
    return database.number("select version from room where id = 'default'");
  }

  @CanIgnoreReturnValue
  private Room put(RoomSettings settings) {
    return made(rooms.put(room, settings, KIM).await());
  }

  private static Room made(PutReply reply) {
    return ((Put) reply).room();
  }

  private Room find() {
    return rooms.find(room).await().orElseThrow();
  }

  private PlannedDraw ahead(RoomId of) {
    return rooms.find(of).await().orElseThrow().ahead().orElseThrow();
  }

  private RoomCommand.RoomSnapshot reading() {
    return sessions.changedSince(room, 0, 1).await().reading();
  }

  private static RoomSettings settings(int capacity) {
    return settings(capacity, Optional.empty());
  }

  private static RoomSettings opensAt(Instant at) {
    return settings(5, Optional.of(at));
  }

  private static RoomSettings settings(int capacity, Optional<Instant> opensAt) {
    return new RoomSettings(
        capacity,
        Duration.ofMinutes(10),
        Duration.ofMinutes(1),
        0,
        0,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        opensAt,
        false,
        Won.ZERO);
  }

  private List<JsonObject> audit() throws SQLException {
    try (Connection connection = database.jdbc();
        var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                """
                select row_to_json(a) from audit a where subject = '%s' and action = 'room.put'
                order by a.id
                """
                    .formatted(room))) {
      List<JsonObject> written = new ArrayList<>();
      while (result.next()) {
        written.add(new JsonObject(result.getString(1)));
      }
      return written;
    }
  }
}
