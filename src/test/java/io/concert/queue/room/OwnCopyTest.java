package io.concert.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.view.RoomView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which copy of a room answers, gives places and lets people in, and for how long. */
class OwnCopyTest {
  private static final UserId USER = new UserId(7);
  private static final int EPOCH = 3;

  private long now = 1_000_000;
  private long xid = 10;
  private WaitingRoom room = new WaitingRoom(EPOCH, reading(EPOCH, EPOCH, 0));

  @BeforeEach
  void becomeTheGiver() {
    begin(room, 4, false);
    look(room, 4);
  }

  @Test
  void everyCopyHasItsOwnNameAndOnlyTheOneThatBeganTheEpochGivesPlaces() {
    assertThat(room.state().isGiver()).isTrue();
    WaitingRoom moved = moved(room);
    assertThat(moved.state().own().id()).isNotEqualTo(room.state().own().id());
    assertThat(moved.state().giver()).isEqualTo(room.state().own().id());
    look(moved, 4);
    assertThat(tell(moved, enter())).isInstanceOf(RoomReply.NeedsEpoch.class);
    assertThat(tell(room, enter())).isInstanceOf(RoomReply.Standing.class);
  }

  @Test
  void whoHearsOfANewerEpochGivesNoMorePlacesAndLetsNobodyIn() {
    tell(room, enter());
    assertThat(lineUp(room).people()).hasSize(1);
    look(room, 5);

    assertThat(tell(room, new RoomCommand.Enter(new UserId(8), true, false)))
        .isInstanceOf(RoomReply.NeedsEpoch.class);
    assertThat(lineUp(room).people()).isEmpty();
    assertThat(lineUp(room).needsEpoch()).isTrue();
    assertThat(tell(room, new RoomCommand.Enter(USER, true, true)))
        .as("found")
        .isInstanceOf(RoomReply.Standing.class);
  }

  /** What was committed since this copy looked may be that they are in. */
  @Test
  void whoMayHaveBeenLetInByAnotherCopyIsLookedForBeforeHearingNo() {
    Place place = ((RoomReply.Standing) tell(room, enter())).place();
    RoomCommand check = new RoomCommand.CheckAdmission(USER, place);
    RoomCommand poll = new RoomCommand.Poll(USER, place, 0);
    assertThat(tell(room, check)).as("alone").isEqualTo(new RoomReply.Checked(Admission.none()));
    assertThat(tell(room, poll)).as("alone").isInstanceOf(RoomReply.Standing.class);

    look(room, 5);

    for (RoomCommand asked : List.of(enter(), poll, check)) {
      assertThat(tell(room, asked)).isEqualTo(new RoomReply.AskDatabase(place));
    }
    assertThat(tell(room, new RoomCommand.Enter(USER, true, true)))
        .as("there is no row")
        .isInstanceOf(RoomReply.Standing.class);
    assertThat(tell(room, new RoomCommand.Rejoin(USER, place, 0)))
        .as("there is no row")
        .isInstanceOf(RoomReply.Standing.class);
  }

  @Test
  void whoStandsFarBackIsNotLookedForEachTime() {
    for (int user = 1; user <= RoomDecisions.FRONT + 5; user++) {
      tell(room, new RoomCommand.Enter(new UserId(1_000 + user), true, false));
    }
    Place place = ((RoomReply.Standing) tell(room, enter())).place();

    look(room, 5);

    assertThat(tell(room, enter())).isInstanceOf(RoomReply.Standing.class);
    assertThat(tell(room, new RoomCommand.Poll(USER, place, 0)))
        .isInstanceOf(RoomReply.Standing.class);
  }

  @Test
  void whoHasNotLookedForAWhileSaysNothingAboutPeople() {
    Place place = ((RoomReply.Standing) tell(room, enter())).place();
    now += OwnCopy.SURE_MILLIS - 1;
    assertThat(tell(room, enter())).isInstanceOf(RoomReply.Standing.class);
    now += 1;
    for (RoomCommand asked :
        List.of(
            enter(),
            new RoomCommand.Poll(USER, place, 0),
            new RoomCommand.Rejoin(USER, place, 0),
            new RoomCommand.Leave(USER, place),
            new RoomCommand.CheckAdmission(USER, place),
            new RoomCommand.Look(0, 0, List.of()))) {
      assertThat(tell(room, asked)).isEqualTo(new RoomReply.NeedsLook(now - OwnCopy.SURE_MILLIS));
    }
    look(room, 4);
    assertThat(tell(room, new RoomCommand.Poll(USER, place, 0)))
        .isInstanceOf(RoomReply.Standing.class);
  }

  /** A pause is nothing else: the database's time has gone on. */
  @Test
  void whoWasPausedWhileAnotherTookOverHearsOfItBeforeItAnswers() {
    Place place = ((RoomReply.Standing) tell(room, enter())).place();
    now += 30_000;
    assertThat(tell(room, new RoomCommand.Poll(USER, place, 0)))
        .isInstanceOf(RoomReply.NeedsLook.class);
    var session = new Room(1, 1).session(9, USER.number(), place);
    tell(room, new RoomCommand.Learn(List.of(session), Optional.of(reading(4, 5, ++xid)), now));
    assertThat(tell(room, new RoomCommand.Poll(USER, place, 0)))
        .isInstanceOfSatisfying(
            RoomReply.Standing.class, it -> assertThat(it.state()).isEqualTo(PlaceState.ACTIVE));
  }

  @Test
  void copyThatComesFromElsewhereLooksFirst() {
    assertThat(tell(moved(room), enter())).isEqualTo(new RoomReply.NeedsLook(0));
  }

  @Test
  void whoSharesTheRoomLooksMoreOften() {
    look(room, 5);
    now += OwnCopy.SHARED_MILLIS;
    assertThat(tell(room, enter())).as("another gives").isInstanceOf(RoomReply.NeedsLook.class);
    begin(room, 6, true);
    look(room, 6);
    now += OwnCopy.SHARED_MILLIS;
    assertThat(tell(room, enter())).as("may return").isInstanceOf(RoomReply.NeedsLook.class);
    now += 30_000;
    look(room, 6);
    now += OwnCopy.SHARED_MILLIS;
    assertThat(tell(room, enter())).as("alone again").isInstanceOf(RoomReply.Standing.class);
  }

  /** Else it would miss what changed before that bound, for good. */
  @Test
  void lookFromABoundOfAnotherCopyIsNone() {
    now += 2_000;
    long tooLate = xid + 1;
    var later =
        new RoomCommand.RoomSnapshot(
            tooLate, tooLate + 9, 2, Room.settings(5), 4, 4, 100, Optional.empty(), List.of());
    tell(room, new RoomCommand.Learn(List.of(), Optional.of(later), now));
    assertThat(tell(room, enter())).isInstanceOf(RoomReply.NeedsLook.class);
    assertThat(lineUp(room).asOfXid()).isEqualTo(xid);
  }

  @Test
  void lookThatTookLongAnswersThoseWhoWaitedForIt() {
    long begun = now;
    now += 5_000;
    tell(room, new RoomCommand.Learn(List.of(), Optional.of(reading(4, 4, ++xid)), begun + 1));
    assertThat(tell(room, enter())).isInstanceOf(RoomReply.Standing.class);
    now += 100;
    assertThat(tell(room, enter())).isInstanceOf(RoomReply.NeedsLook.class);
  }

  @Test
  void whoIsTrustedGoesOnWithoutLooking() {
    long looked = now;
    now += 60_000;
    tell(room, new RoomCommand.Trust(looked - 1));
    assertThat(tell(room, enter())).as("of another look").isInstanceOf(RoomReply.NeedsLook.class);
    tell(room, new RoomCommand.Trust(looked));
    assertThat(tell(room, enter())).isInstanceOf(RoomReply.Standing.class);
  }

  @Test
  void whoTakesOverLetsNobodyInBeforeTheOtherHasNoticed() {
    tell(room, enter());
    WaitingRoom promoted = moved(room);
    begin(promoted, 5, false);
    now += OwnCopy.GRACE_MILLIS - 1;
    assertThat(lineUp(promoted).people()).isEmpty();
    now += 1;
    assertThat(lineUp(promoted).people()).hasSize(1);
    assertThat(OwnCopy.GRACE_MILLIS).isGreaterThan(OwnCopy.SURE_MILLIS);
  }

  /** Whom the database let in for it the other copy can hear of first. */
  @Test
  void whoTakesOverLooksForARowBeforeItSaysNo() {
    Place place = ((RoomReply.Standing) tell(room, enter())).place();
    WaitingRoom promoted = moved(room);
    begin(promoted, 5, false);
    look(promoted, 5);

    assertThat(tell(promoted, new RoomCommand.CheckAdmission(USER, place)))
        .isEqualTo(new RoomReply.AskDatabase(place));
  }

  @Test
  void ownEpochsFollowEachOtherWithoutAPause() {
    tell(room, enter());
    begin(room, 5, false);
    assertThat(lineUp(room).people()).hasSize(1);
  }

  /** Two copies that take over from each other would else never let anybody in. */
  @Test
  void whoMayHaveLostPeopleWaitsForThemOnce() {
    tell(room, enter());
    look(room, 5);
    begin(room, 6, true);
    long reentry = Room.settings(5).reentry().toMillis();
    now += reentry - 1;
    assertThat(lineUp(room).people()).isEmpty();
    now += 1;
    assertThat(lineUp(room).people()).hasSize(1);
    look(room, 7);
    begin(room, 8, true);
    assertThat(lineUp(room).people()).hasSize(1);
  }

  @Test
  void viewsOfARoomKnowHowLongTheyAreSure() {
    RoomDelta delta = (RoomDelta) report(room, new RoomCommand.Look(0, 0, List.of()));
    assertThat(delta.sureUntilMillis()).isEqualTo(now + OwnCopy.SURE_MILLIS);
    RoomView view = RoomView.after(null, delta);
    assertThat(view.isSureAt(now + OwnCopy.SURE_MILLIS - 1)).isTrue();
    assertThat(view.isSureAt(now + OwnCopy.SURE_MILLIS)).isFalse();
  }

  private static RoomCommand.Enter enter() {
    return new RoomCommand.Enter(USER, true, false);
  }

  private RoomReply.LineUp lineUp(WaitingRoom of) {
    return (RoomReply.LineUp) tell(of, new RoomCommand.NextInLine(5));
  }

  private void begin(WaitingRoom of, int epoch, boolean lost) {
    tell(of, new RoomCommand.BeginEpoch(reading(epoch, epoch, 0), of.state().own().id(), lost));
  }

  private void look(WaitingRoom of, int newestEpoch) {
    var reading = reading(of.state().epoch(), newestEpoch, ++xid);
    tell(of, new RoomCommand.Learn(List.of(), Optional.of(reading), now));
  }

  private static RoomCommand.RoomSnapshot reading(int epoch, int newestEpoch, long asOfXid) {
    return new RoomCommand.RoomSnapshot(
        0,
        asOfXid,
        epoch,
        Room.settings(5),
        epoch,
        newestEpoch,
        1_000,
        Optional.empty(),
        List.of());
  }

  private static WaitingRoom moved(WaitingRoom room) {
    return Room.copy(new WaitingRoomCodec(), room);
  }

  @CanIgnoreReturnValue
  private RoomReply tell(WaitingRoom of, RoomCommand command) {
    var decision = of.decide(Room.copy(new RoomCommandCodec(), command), now);
    if (decision.event() != null) {
      of.apply(Room.copy(new RoomEventCodec(), decision.event()));
    }
    return Room.copy(new RoomReplyCodec(), decision.reply());
  }

  private RoomReply report(WaitingRoom of, RoomCommand command) {
    return of.report(command, tell(of, command), now);
  }
}
