package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Fault;
import io.concert.domain.RoomId;
import io.concert.domain.Won;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomReply;
import io.concert.queue.store.Opened;
import io.concert.queue.store.RoomSessions;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Epochs, the places reserved in them and the draws that cover them, as PostgreSQL keeps them. */
class OpeningIT extends OwnRoom {
  private static final String PAST = "clock_timestamp() - interval '1 second'";
  private static final String AHEAD = "clock_timestamp() + interval '1 hour'";

  private static final RoomSettings SETTINGS = unusual(Optional.empty(), new Won(50_000_000_000L));

  @BeforeEach
  void openRoom() {
    rows.create(10, 600);
  }

  @Test
  void everybodyWhoBeginsAnEpochGetsOneOfTheirOwn() {
    List<Future<RoomCommand.RoomSnapshot>> begun =
        IntStream.range(0, 20).mapToObj(i -> beginEpoch(room)).toList();

    assertThat(begun.stream().map(reading -> reading.await().epoch()))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
  }

  @Test
  void epochThatIsBeingBegunElsewhereIsNotGivenAgain() throws SQLException {
    try (Connection other = database.jdbc()) {
      other.setAutoCommit(false);
      assertThat(call(other, "begin_epoch('%s')".formatted(room))).isEqualTo(1);
      var mine = beginEpoch(room);
      database.awaitLockedOut(mine);
      other.commit();

      assertThat(mine.await().epoch()).isEqualTo(2);
    }
  }

  /** Else the room might give more places than the draw will cover, without knowing of it. */
  @Test
  void epochIsBegunKnowingTheOpeningThatWasPlannedMeanwhile() throws SQLException {
    assertThat(beginEpoch(room).await().ahead()).isEmpty();
    try (Connection operator = database.jdbc()) {
      operator.setAutoCommit(false);
      query(operator, "select 1 from room where id = '%s' for no key update".formatted(room));
      query(
          operator,
          "select 1 from plan_opening('%s', %s, '\\x%s')".formatted(room, AHEAD, RoomRows.SEED));
      var begun = beginEpoch(room);
      database.awaitLockedOut(begun);
      operator.commit();

      assertThat(begun.await().ahead()).map(PlannedDraw::firstEpoch).contains(2);
      assertThat(begun.await().reserved()).isEqualTo(4096);
      assertThat(begun.await().asOfXid()).as("sessions weren't read").isZero();
    }
  }

  @Test
  void unknownRoomHasNoEpochAndIsNotOpened() {
    var nowhere = new RoomId("nowhere");
    assertThatThrownBy(() -> beginEpoch(nowhere).await()).isInstanceOf(Fault.class);
    assertThatThrownBy(() -> sessions.open("nowhere").await()).isInstanceOf(Fault.class);
    assertThatThrownBy(() -> sessions.changedSince(nowhere, 0, 1).await())
        .isInstanceOf(Fault.class);
    assertThat(sessions.reserve(nowhere, 1, 10).await()).isZero();
  }

  @Test
  void placesAreReservedInTheNewestEpochOnly() {
    assertThat(beginEpoch(room).await().epoch()).isEqualTo(1);
    assertThat(reading(1).reserved()).isEqualTo(4096);
    assertThat(sessions.reserve(room, 1, 4500).await()).isEqualTo(4500);
    rows.planDraw(1, 2, AHEAD);

    assertThat(beginEpoch(room).await().epoch()).isEqualTo(2);

    assertThat(sessions.reserve(room, 1, 9000).await()).as("there is a newer one").isEqualTo(4500);
    assertThat(reading(2).reserved()).isEqualTo(4096);
    assertThat(sessions.reserve(room, 2, 5000).await()).isEqualTo(5000);
    assertThat(sessions.reserve(room, 2, 100).await()).as("never lowered").isEqualTo(5000);
    assertThat(sessions.reserve(room, 3, 100).await()).as("not begun").isZero();
    assertThat(reading(2).reserved()).isEqualTo(5000);
  }

  @Test
  void whoeverHasAnEarlierEpochLetsNobodyIn() {
    beginEpoch(room).await();
    List<RoomReply.Candidate> people = candidates(3);
    assertThat(sessions.admit(room, 1, people.subList(0, 1)).await().decided()).hasSize(1);
    beginEpoch(room).await();

    RoomSessions.Admitted refused = sessions.admit(room, 1, people).await();

    assertThat(refused.epochLost()).isTrue();
    assertThat(refused.decided()).isEmpty();
    assertThat(rows.live()).isEqualTo(1);
    RoomSessions.Admitted admitted = sessions.admit(room, 2, people).await();
    assertThat(admitted.epochLost()).isFalse();
    assertThat(admitted.decided()).hasSize(3);
    assertThat(sessions.admit(room, 2, List.of()).await().epochLost()).isFalse();
  }

  @Test
  void readingSaysWhichEpochIsTheNewest() {
    beginEpoch(room).await();
    assertThat(reading(1).newestEpoch()).isEqualTo(1);
    beginEpoch(room).await();
    assertThat(reading(1).newestEpoch()).isEqualTo(2);
    assertThat(reading(1).epoch()).isEqualTo(1);
  }

  /** Then they may have given places of which the copy that begins one hasn't heard. */
  @Test
  void whoBeginsAnEpochHearsWhetherOthersHaveBegunAnyWhilePeopleWaited() {
    long mine = 7;
    long other = 8;
    assertThat(sessions.beginEpoch(room, mine, 0).await().lost()).isFalse();
    sessions.markWaiting(room, true).await();
    assertThat(sessions.beginEpoch(room, mine, 1).await().lost()).as("nobody else").isFalse();
    assertThat(sessions.beginEpoch(room, mine, 1).await().lost()).as("its own").isFalse();
    assertThat(sessions.beginEpoch(room, other, 3).await().lost()).as("knows all").isFalse();
    assertThat(sessions.beginEpoch(room, mine, 3).await().lost()).isTrue();
    assertThat(sessions.beginEpoch(room, mine, 5).await().lost()).as("known by now").isFalse();
    assertThat(sessions.open(room.name()).await().epoch()).isEqualTo(7);
    assertThat(sessions.beginEpoch(room, mine, 6).await().lost()).as("loaded anew").isTrue();
    sessions.markWaiting(room, false).await();
    assertThat(sessions.beginEpoch(room, other, 3).await().lost()).as("nobody waited").isFalse();
  }

  @Test
  void versionRisesWithEveryChangeThatARoomMustLearn() {
    assertThat(reading(1).version()).isZero();
    rows.planDraw(1, 1, AHEAD);
    beginEpoch(room).await();
    assertThat(reading(1).version()).isEqualTo(1);
    sessions.reserve(room, 1, 5000).await();
    assertThat(reading(1).version()).isEqualTo(2);
    sessions.reserve(room, 1, 5000).await();
    assertThat(reading(1).version()).as("nothing new").isEqualTo(2);
  }

  @Test
  void drawIsMadeWhenItIsDueAndCoversAllEpochsSinceItWasPlanned() {
    beginEpoch(room).await();
    rows.planDraw(1, 2, AHEAD);
    beginEpoch(room).await();
    beginEpoch(room).await();
    sessions.reserve(room, 3, 7000).await();
    assertThat(reading(3).draws()).as("not due").isEmpty();
    assertThat(reading(3).ahead()).map(PlannedDraw::firstEpoch).contains(2);
    database.execute("delete from room_line where room_id = '%s' and epoch = 2".formatted(room));
    makeDue();
    assertThat(reading(3).draws()).as("due, but nobody made it").isEmpty();

    assertThat(beginEpoch(room).await().epoch()).isEqualTo(4);

    RoomCommand.RoomSnapshot after = reading(4);
    assertThat(after.ahead()).isEmpty();
    assertThat(after.reserved()).isEqualTo(4096);
    DrawResult draw = after.draws().get(0);
    assertThat(draw.number()).isEqualTo(1);
    assertThat(draw.firstEpoch()).isEqualTo(2);
    assertThat(draw.sizes()).as("a missing line counts as empty").containsExactly(0, 7000);
    assertThat(draw.seed()).isEqualTo(RoomRows.SEED);
    assertThat(draw.drawnAtMillis())
        .isGreaterThanOrEqualTo(after.settings().opensAt().orElseThrow().toEpochMilli());
  }

  @Test
  void drawToWhichNobodyCameIsEmpty() {
    beginEpoch(room).await();
    rows.planDraw(1, 2, PAST);

    beginEpoch(room).await();

    assertThat(reading(2).draws().get(0).sizes()).isEmpty();
  }

  @Test
  void laterDrawCoversNothingOfTheOneBefore() {
    rows.planDraw(1, 1, AHEAD);
    beginEpoch(room).await();
    makeDue();
    beginEpoch(room).await();
    rows.planDraw(2, 3, AHEAD);
    beginEpoch(room).await();
    makeDue();
    beginEpoch(room).await();

    assertThat(reading(4).draws()).extracting(DrawResult::firstEpoch).containsExactly(1, 3);
    assertThat(reading(4).draws())
        .extracting(DrawResult::sizes)
        .containsExactly(List.of(4096), List.of(4096));
  }

  @Test
  void whatADrawHasCountedStands() {
    rows.planDraw(1, 1, AHEAD);
    beginEpoch(room).await();
    makeDue();
    beginEpoch(room).await();

    assertThat(sessions.reserve(room, 1, 9000).await()).isEqualTo(4096);

    assertThat(reading(2).draws().get(0).sizes()).containsExactly(4096);
    assertThat(sessions.reserve(room, 2, 9000).await()).as("the next epoch").isEqualTo(9000);
  }

  @Test
  void reservationThatWaitsForTheDrawComesTooLate() throws SQLException {
    rows.planDraw(1, 1, AHEAD);
    beginEpoch(room).await();
    makeDue();
    try (Connection drawing = database.jdbc()) {
      drawing.setAutoCommit(false);
      assertThat(call(drawing, "begin_epoch('%s')".formatted(room))).isEqualTo(2);
      var reserving = sessions.reserve(room, 1, 9000);
      database.awaitLockedOut(reserving);
      drawing.commit();

      assertThat(reserving.await()).isEqualTo(4096);
    }
    assertThat(reading(2).draws().get(0).sizes()).containsExactly(4096);
  }

  @Test
  void seedIsCommittedToBeforeAndToldAfterTheDrawOnly() throws Exception {
    rows.planDraw(1, 1, AHEAD);
    beginEpoch(room).await();
    byte[] seed = HexFormat.of().parseHex(RoomRows.SEED);
    String commitment = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(seed));

    assertThat(reading(1).ahead()).map(PlannedDraw::commitment).contains(commitment);
    assertThat(
            rows.numbers(
                """
                select count(*) from sessions_changed('%1$s', 0, 1) c
                where c::text like '%%%2$s%%'
                union all select count(*) from open_room('%1$s') o where o::text like '%%%2$s%%'
                """
                    .formatted(room, RoomRows.SEED)))
        .containsExactly(0L, 0L);

    makeDue();
    beginEpoch(room).await();
    assertThat(reading(1).draws().get(0).seed()).isEqualTo(RoomRows.SEED);
  }

  @Test
  void readingHasTheSettingsOfTheRow() {
    rows.set(
        """
        capacity = 7, session_seconds = 900, first_action_seconds = 60, admit_per_second = 20,
        joins_per_second = 300, presence_seconds = 45, reentry_seconds = 0, paused = true,
        minimum_balance = 50000000000
        """);
    RoomSettings settings = reading(1).settings();

    assertThat(settings).isEqualTo(SETTINGS);
    assertThat(sessions.open(room.name()).await().reading().settings()).isEqualTo(SETTINGS);
  }

  @Test
  void openedRoomHasAnEpochOfItsOwnAndMakesTheDrawThatIsDue() {
    rows.planDraw(1, 1, AHEAD);
    Opened first = sessions.open(room.name()).await();
    assertThat(first.epoch()).isEqualTo(1);
    assertThat(first.reading().epoch()).isEqualTo(1);
    assertThat(first.reading().reserved()).isEqualTo(4096);
    makeDue();

    Opened second = sessions.open(room.name()).await();

    assertThat(second.epoch()).isEqualTo(2);
    assertThat(second.reading().draws()).hasSize(1);
    assertThat(second.reading().ahead()).isEmpty();
    assertThat(second.nowMillis()).isGreaterThanOrEqualTo(first.nowMillis());
    assertThat(sessions.changedSince(room, second.reading().asOfXid(), 2).await().reading())
        .extracting(RoomCommand.RoomSnapshot::version)
        .isEqualTo(second.reading().version());
  }

  @Test
  void peopleWaitedIfSomebodySaidSoOfAnEarlierEpoch() {
    sessions.markWaiting(room, true).await();
    assertThat(sessions.open(room.name()).await().peopleWaited()).as("nobody lost").isFalse();
    assertThat(sessions.open(room.name()).await().peopleWaited()).isTrue();
    sessions.markWaiting(room, false).await();
    assertThat(sessions.open(room.name()).await().peopleWaited()).isFalse();
    assertThat(reading(1).version()).as("no room need learn it").isEqualTo(3);
  }

  private RoomCommand.RoomSnapshot reading(int epoch) {
    return sessions.changedSince(room, 0, epoch).await().reading();
  }

  private void makeDue() {
    database.execute(
        "update room_draw set opens_at = %s where room_id = '%s' and drawn_at is null"
            .formatted(PAST, room));
  }

  private static int call(Connection connection, String function) throws SQLException {
    return query(connection, "select " + function);
  }

  @CanIgnoreReturnValue
  private static int query(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      return result.getInt(1);
    }
  }
}
