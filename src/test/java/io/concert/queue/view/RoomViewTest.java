package io.concert.queue.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.DrawTest;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.line.NaiveDraw;
import io.concert.queue.line.Page;
import io.concert.queue.room.Room;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomDecisions;
import io.concert.queue.room.RoomDelta;
import io.concert.queue.room.RoomReply;
import io.concert.queue.room.SessionRow;
import io.concert.queue.room.WaitingRoomSequenceTest;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the sequences of {@link WaitingRoomSequenceTest} seldom or never come to. */
class RoomViewTest {
  private final Room room = new Room(3, 2);

  @Test
  void unchangedRoomSendsNothing() {
    LongStream.rangeClosed(1, 2_000).forEach(room::enter);
    RoomView view = RoomView.after(null, look(0, 0));

    RoomDelta next = look(view.version());

    assertThat(next.since()).isEqualTo(view.version());
    assertThat(next.facts()).isEmpty();
    assertThat(next.pages()).isEmpty();
    assertThat(next.sessions()).isEmpty();
    assertThat(RoomView.after(view, next).present()).isEqualTo(2_000);
  }

  @Test
  void onePollSendsOnePage() {
    LongStream.rangeClosed(1, 2_000).forEach(room::enter);
    long version = look(0, 0).version();
    room.now += 2_000;
    room.poll(700, new Place(3, 699));
    assertThat(look(version).pages()).hasSize(8 + 2 * Page.SIZE / Byte.SIZE);
  }

  @Test
  void farApartPagesHaveNobodyBetween() {
    room.rejoin(1, new Place(2, 5L * Page.SIZE), 10);
    room.rejoin(2, new Place(2, 1), 10);
    RoomView view = RoomView.after(null, look(0, 0));
    assertThat(number(view, 1, new Place(2, 5L * Page.SIZE))).contains(2L);
    assertThat(number(view, 2, new Place(2, 1))).contains(1L);
    assertThat(number(view, 2, new Place(2, 3L * Page.SIZE))).isEmpty();
    assertThat(number(view, 2, new Place(2, 99L * Page.SIZE))).isEmpty();
    assertThat(number(view, 2, new Place(1, 0))).isEmpty();
  }

  @Test
  void nobodyIsSeenWhereAllIsUsedUp() {
    LongStream.rangeClosed(1, Page.SIZE + 1).forEach(room::enter);
    RoomView view = RoomView.after(null, look(0, 0));
    for (int i = 0; i < Page.SIZE; i++) {
      room.learn(room.session(i + 1, i + 1, new Place(3, i)).asEnded());
    }
    view = RoomView.after(view, look(view.version()));
    assertThat(view.present()).isEqualTo(1);
    assertThat(number(view, 5, new Place(3, 4))).isEmpty();
    assertThat(number(view, Page.SIZE + 1, new Place(3, Page.SIZE))).contains(1L);
  }

  @Test
  void whoKnowsAnotherRoomIsToldEverything() {
    room.enter(1);
    assertThat(look(2, 1).since()).as("of another incarnation").isZero();
    assertThat(look(1).since()).isEqualTo(1);
    assertThat(look(99).since()).as("knows more than has happened").isZero();
    assertThat(look(99).facts()).isPresent();
  }

  @Test
  void everythingReplacesWhatWasKnown() {
    Place place = room.enter(1).place();
    room.learn(room.session(50, 2, new Place(1, 1)));
    RoomView view = RoomView.after(null, look(0, 0));
    assertThat(view.admission(new UserId(2), new Place(1, 1), room.now))
        .map(Admission::state)
        .contains(AdmissionState.ACTIVE);

    Room other = new Room(4, 2);
    view = RoomView.after(view, (RoomDelta) other.tell(new RoomCommand.Look(3, 7, List.of())));

    assertThat(number(view, 1, place)).isEmpty();
    assertThat(view.active()).isZero();
    assertThat(view.incarnation()).isEqualTo(other.copy());
  }

  @Test
  void viewStaysAsItWas() {
    Place place = room.enter(1).place();
    RoomView before = RoomView.after(null, look(0, 0));
    room.learn(room.session(50, 1, place));
    LongStream.rangeClosed(2, 700).forEach(room::enter);
    room.rejoin(800, new Place(2, 9), 10);

    RoomView after = RoomView.after(before, look(before.version()));

    assertThat(after.present()).isEqualTo(700);
    assertThat(after.active()).isEqualTo(1);
    assertThat(before.present()).isEqualTo(1);
    assertThat(before.active()).isZero();
    assertThat(number(before, 1, place)).contains(1L);
    assertThat(number(before, 800, new Place(2, 9))).isEmpty();
    assertThat(before.admission(new UserId(1), place, room.now)).isEmpty();
  }

  /** Behind those for whom there is room now, or may be while the view is served. */
  @Test
  void onlyTheFrontMayBeInSinceTheLook() {
    LongStream.rangeClosed(1, 2).forEach(room::enter);
    RoomView open = RoomView.after(null, look(0, 0));
    assertThat(open.mayBeIn(RoomDecisions.FRONT + 2)).isTrue();
    assertThat(open.mayBeIn(RoomDecisions.FRONT + 3)).isFalse();

    room.learn(room.session(50, 1, new Place(3, 0)), room.session(51, 2, new Place(3, 1)));
    RoomView full = RoomView.after(open, look(open.version()));
    assertThat(full.mayBeIn(RoomDecisions.FRONT)).isTrue();
    assertThat(full.mayBeIn(RoomDecisions.FRONT + 1)).isFalse();

    room.now += 600_000 - full.sureFor().toMillis();
    RoomView ending = RoomView.after(full, look(full.version()));
    assertThat(ending.mayBeIn(RoomDecisions.FRONT + 2)).isTrue();
    assertThat(ending.mayBeIn(RoomDecisions.FRONT + 3)).isFalse();
  }

  @Test
  void additionToNothingIsDefect() {
    room.enter(1);
    RoomDelta addition = look(1);
    assertThatThrownBy(() -> RoomView.after(null, addition))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anotherUsersSessionIsNotSeen() {
    Place place = new Place(1, 1);
    room.learn(room.session(50, 2, place));
    RoomView view = RoomView.after(null, look(0, 0));
    assertThat(view.standing(new UserId(3), place, 0, room.now)).isEmpty();
    assertThat(view.admission(new UserId(3), place, room.now)).isEmpty();
    assertThat(view.session(new UserId(3), place)).isEmpty();
    assertThat(view.latest()).hasSize(1);
  }

  @Test
  void pastItsOwnEndSessionOnlyPaysAndThenTheRoomIsAsked() {
    Place place = new Place(1, 1);
    SessionRow session = room.session(50, 2, place);
    room.learn(
        new SessionRow(
            session.id(),
            session.user(),
            place,
            room.now,
            room.now + 1_000,
            room.now + 3_000,
            false,
            false));
    RoomView view = RoomView.after(null, look(0, 0));
    UserId user = session.user();
    assertThat(view.admission(user, place, room.now + 999))
        .map(Admission::state)
        .contains(AdmissionState.ACTIVE);
    assertThat(view.admission(user, place, room.now + 1_000))
        .map(Admission::state)
        .contains(AdmissionState.PAYING);
    assertThat(view.admission(user, place, room.now + 3_000)).isEmpty();
    assertThat(view.standing(user, place, 0, room.now + 3_000)).isEmpty();
  }

  @Test
  void drawTakesTheOldLinesAway() {
    room.enter(1);
    room.begin(4);
    room.enter(2);
    RoomView view = RoomView.after(null, look(0, 0));
    DrawResult drawn = DrawTest.result(3, List.of(4, 4), "ab".repeat(32));
    var reading = Room.reading(20, 2, Room.settings(2), 4, 0, Optional.empty(), List.of(drawn));
    room.tell(new RoomCommand.Learn(List.of(), Optional.of(reading)));
    room.begin(5);
    room.enter(3);

    view = RoomView.after(view, look(view.version()));

    assertThat(view.present()).isEqualTo(3);
    assertThat(view.draws()).containsExactly(drawn);
    List<Place> order = NaiveDraw.order(drawn);
    boolean firstStays = order.indexOf(new Place(3, 0)) < order.indexOf(new Place(4, 0));
    assertThat(number(view, 1, new Place(3, 0))).contains(firstStays ? 1L : 2L);
    assertThat(number(view, 2, new Place(4, 0))).contains(firstStays ? 2L : 1L);
    assertThat(number(view, 3, new Place(5, 0))).contains(3L);
  }

  /** A copy that was read from somewhere can't tell what ended before. */
  @Test
  void movedRoomTellsEverythingToWhoeverWasBehind() {
    Place place = new Place(1, 1);
    SessionRow session = room.session(50, 2, place);
    room.learn(session);
    RoomView view = RoomView.after(null, look(0, 0));
    room.learn(session.asEnded());
    room.move();
    room.begin(4);
    room.enter(1);

    view = RoomView.after(view, look(view.incarnation(), view.version()));

    assertThat(view.active()).isZero();
    assertThat(view.admission(session.user(), place, room.now)).isEmpty();
  }

  private RoomDelta look(long since) {
    return look(room.copy(), since);
  }

  private RoomDelta look(long incarnation, long since) {
    return (RoomDelta) room.tell(new RoomCommand.Look(incarnation, since, List.of()));
  }

  private Optional<Long> number(RoomView view, long user, Place place) {
    return view.standing(new UserId(user), place, 0, room.now).map(RoomReply.Standing::number);
  }
}
