package io.concert.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.api.PlaceState;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.QueueMessages.Admission;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.line.Line;
import io.concert.queue.line.Page;
import io.concert.queue.room.RoomReply.AskDatabase;
import io.concert.queue.room.RoomReply.Checked;
import io.concert.queue.room.RoomReply.Standing;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
  private final Room room = new Room(3, 2);

  @Test
  void placesAreGivenInOrderOfArrival() {
    assertThat(LongStream.rangeClosed(1, 5).mapToObj(user -> room.enter(user).number()))
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(room.enter(3).place()).isEqualTo(new Place(3, 2));
  }

  @Test
  void enteringAgainFindsTheSamePlace() {
    Standing first = room.enter(7);
    room.now += 5_000;

    Standing again = room.enter(7);

    assertThat(first.created()).isTrue();
    assertThat(again.created()).isFalse();
    assertThat(again.place()).isEqualTo(first.place());
    assertThat(again.arrivalMillis()).isEqualTo(first.arrivalMillis());
  }

  @Test
  void absentPeopleArePassedOverAndKeepTheirPlaces() {
    Place gone = room.enter(1).place();
    Place stays = room.enter(2).place();
    room.now += 20_000;
    room.poll(2, stays);
    room.now += 10_001;

    assertThat(number(room.poll(2, stays))).isEqualTo(1);
    assertThat(room.next(10)).extracting(RoomReply.Candidate::user).containsExactly(new UserId(2));

    assertThat(number(room.poll(1, gone))).isEqualTo(1);
    assertThat(number(room.poll(2, stays))).isEqualTo(2);
    assertThat(room.next(1)).extracting(RoomReply.Candidate::user).containsExactly(new UserId(1));
  }

  @Test
  void presenceLastsThirtySecondsToTheMillisecond() {
    room.enter(1);
    room.now += 30_000;
    assertThat(room.next(10)).hasSize(1);
    room.now += 1;
    assertThat(room.next(10)).isEmpty();
  }

  @Test
  void pollWithinTwoSecondsSparesTheBackup() {
    Place place = room.enter(1).place();
    int before = room.events;
    room.now += 1_999;
    room.poll(1, place);
    assertThat(room.events).isEqualTo(before);
    room.now += 1;
    room.poll(1, place);
    assertThat(room.events).isEqualTo(before + 1);
  }

  @Test
  void absenceIsWrittenDownOnce() {
    Place stays = room.enter(1).place();
    LongStream.rangeClosed(2, 100).forEach(room::enter);
    room.now += 20_000;
    room.poll(1, stays);
    room.now += 10_001;
    int before = room.events;

    assertThat(room.next(1)).hasSize(1);
    assertThat(room.events).isEqualTo(before + 1);
    assertThat(room.next(1)).hasSize(1);
    assertThat(room.check(1, stays)).isNotNull();
    assertThat(room.events).isEqualTo(before + 1);
  }

  @Test
  void namesNoMorePeopleThanThereAreFreeSlots() {
    Place first = room.enter(1).place();
    LongStream.rangeClosed(2, 5).forEach(room::enter);
    assertThat(room.next(10)).hasSize(2);
    room.learn(room.session(100, 1, first));
    assertThat(room.next(10)).extracting(RoomReply.Candidate::user).containsExactly(new UserId(2));
    var bigger = Room.reading(3, 2, Room.settings(4));
    room.tell(new RoomCommand.Learn(List.of(), Optional.of(bigger)));
    assertThat(room.next(10)).hasSize(3);
    assertThat(room.next(1)).hasSize(1);
  }

  @Test
  void learnedSessionOpensAndItsEndClosesForGood() {
    Place place = room.enter(1).place();
    SessionRow session = room.session(100, 1, place);
    assertThat(room.check(1, place)).isEqualTo(new Checked(Admission.none()));

    room.learn(session);
    assertThat(standing(room.poll(1, place)).state()).isEqualTo(PlaceState.ACTIVE);
    assertThat(standing(room.poll(1, place)).expiresAtMillis()).isEqualTo(session.endsAtMillis());
    assertThat(room.check(1, place)).isEqualTo(new Checked(admission(AdmissionState.ACTIVE, 100)));
    assertThat(room.enter(1).place()).isEqualTo(place);

    assertThat(room.tell(new RoomCommand.EndSession(new UserId(1), new SessionId(100))))
        .isInstanceOf(RoomReply.Done.class);
    room.learn(session);
    assertThat(standing(room.poll(1, place)).state()).isEqualTo(PlaceState.ENDED);
    assertThat(room.check(1, place)).isEqualTo(new Checked(Admission.none()));
    assertThat(room.enter(1).created()).isTrue();
  }

  @Test
  void newsThatComeLateOrTwiceChangeNothing() {
    Place place = room.enter(1).place();
    SessionRow session = room.session(100, 1, place);
    room.learn(session.asEnded());
    byte[] after = room.ownerBytes();
    int events = room.events;

    room.learn(session, session.asEnded(), session);

    assertThat(room.ownerBytes()).isEqualTo(after);
    assertThat(room.events).isEqualTo(events);
  }

  @Test
  void readingsThatSayNothingNewChangeNothing() {
    var reading = Room.reading(3, 2, Room.settings(4));
    room.tell(new RoomCommand.Learn(List.of(), Optional.of(reading)));
    room.begin(4);
    int events = room.events;

    room.tell(new RoomCommand.Learn(List.of(), Optional.of(reading)));
    room.begin(4);
    room.begin(3);

    assertThat(room.events).isEqualTo(events);
  }

  @Test
  void endOfAnotherSessionEndsNothing() {
    Place place = room.enter(1).place();
    room.learn(room.session(100, 1, place));
    room.tell(new RoomCommand.EndSession(new UserId(1), new SessionId(99)));
    assertThat(standing(room.poll(1, place)).state()).isEqualTo(PlaceState.ACTIVE);
  }

  @Test
  void pastItsOwnEndSessionOnlyPaysAndThenTheDatabaseIsAsked() {
    Place place = room.enter(1).place();
    SessionRow session = room.session(100, 1, place);
    room.learn(session, prolonged(session, 60_000));

    room.now = session.endsAtMillis();
    assertThat(room.check(1, place)).isEqualTo(new Checked(admission(AdmissionState.PAYING, 100)));
    assertThat(standing(room.poll(1, place)).expiresAtMillis()).isEqualTo(room.now + 60_000);

    room.now += 60_000;
    assertThat(room.check(1, place)).isEqualTo(new AskDatabase(place));
    assertThat(room.poll(1, place)).isEqualTo(new AskDatabase(place));
    assertThat(room.tell(new RoomCommand.Enter(new UserId(1), true, false)))
        .isEqualTo(new AskDatabase(place));
    assertThat(standing(room.tell(new RoomCommand.Enter(new UserId(1), true, true))).created())
        .isTrue();
  }

  @Test
  void placesFromBeforeTheLossStandAheadInTheirOldOrder() {
    room.enter(1);
    Place late = new Place(2, 900);
    Place early = new Place(2, 4);
    Place earliest = new Place(1, 70_000);
    assertThat(room.poll(2, late)).isEqualTo(new AskDatabase(late));

    assertThat(number(room.rejoin(2, late, 50))).isEqualTo(1);
    assertThat(number(room.rejoin(3, early, 40))).isEqualTo(1);
    assertThat(number(room.rejoin(4, earliest, 30))).isEqualTo(1);

    assertThat(number(room.poll(3, early))).isEqualTo(2);
    assertThat(number(room.poll(2, late))).isEqualTo(3);
    assertThat(room.enter(1).number()).isEqualTo(4);
    assertThat(room.next(2))
        .containsExactly(
            new RoomReply.Candidate(new UserId(4), earliest, 30),
            new RoomReply.Candidate(new UserId(3), early, 40));
  }

  @Test
  void ofTwoPlacesTheOlderStays() {
    Place newer = room.enter(1).place();
    Place older = new Place(2, 5);
    assertThat(number(room.rejoin(1, older, 10))).isEqualTo(1);
    assertThat(room.poll(1, newer)).isEqualTo(new RoomReply.KeepsAnother());
    assertThat(room.enter(1).place()).isEqualTo(older);

    Place between = new Place(2, 6);
    assertThat(room.rejoin(1, between, 20)).isEqualTo(new RoomReply.KeepsAnother());
    assertThat(room.poll(1, between)).isEqualTo(new RoomReply.KeepsAnother());
    assertThat(room.enter(1).place()).isEqualTo(older);
    assertThat(room.next(2)).hasSize(1);
  }

  /** Else the draw wouldn't know of places that were given before the next reading. */
  @Test
  void epochBeginsWithTheOpeningThatCoversItAndNoMorePlacesThanAreReserved() {
    room.enter(1);
    var ahead = Optional.of(new PlannedDraw(4, room.now + 60_000, "c"));
    room.tell(
        new RoomCommand.BeginEpoch(
            Room.reading(0, 2, Room.settings(2), 4, 1, ahead, List.of()), room.copy(), false));

    assertThat(room.enter(2).place()).isEqualTo(new Place(4, 0));
    assertThat(room.tell(new RoomCommand.Enter(new UserId(3), true, false)))
        .isInstanceOf(RoomReply.NeedsPlaces.class);
  }

  @Test
  void epochOfWhichLessIsKnownThanOfTheRoomKeepsWhatIsKnown() {
    var known = Room.reading(9, 5, Room.settings(7), 3, 0, Optional.empty(), List.of());
    room.tell(new RoomCommand.Learn(List.of(), Optional.of(known)));
    room.begin(4);

    var lineUp = (RoomReply.LineUp) room.tell(new RoomCommand.NextInLine(0));
    assertThat(lineUp.epoch()).isEqualTo(4);
    assertThat(lineUp.capacity()).isEqualTo(7);
    assertThat(lineUp.asOfXid()).isEqualTo(10);
  }

  @Test
  void someoneElsesPlaceIsNothing() {
    Place place = room.enter(1).place();
    assertThat(standing(room.poll(2, place)).state()).isEqualTo(PlaceState.ENDED);
    assertThat(standing(room.rejoin(2, place, 0)).state()).isEqualTo(PlaceState.ENDED);
    room.learn(room.session(100, 1, place));
    assertThat(standing(room.poll(2, place)).state()).isEqualTo(PlaceState.ENDED);
    assertThat(room.check(2, place)).isEqualTo(new Checked(Admission.none()));
  }

  @Test
  void absurdPlacesClaimNoMemory() {
    for (Place absurd :
        List.of(
            new Place(2, Long.MAX_VALUE),
            new Place(2, Line.LIMIT),
            new Place(2, -1),
            new Place(0, 0),
            new Place(-1, 5))) {
      assertThat(standing(room.poll(1, absurd)).state()).isEqualTo(PlaceState.ENDED);
      assertThat(standing(room.rejoin(1, absurd, 0)).state()).isEqualTo(PlaceState.ENDED);
      assertThat(room.check(1, absurd)).isEqualTo(new Checked(Admission.none()));
    }
  }

  @Test
  void epochThatIsUsedUpGivesNoMorePlaces() {
    room.learn(room.session(100, 1, new Place(3, Line.LIMIT - 1)).asEnded());
    assertThat(room.tell(new RoomCommand.Enter(new UserId(2), true, false)))
        .isEqualTo(new RoomReply.Full());
  }

  /** Between the admission's commit and its news. */
  @Test
  void sessionOfPlaceThatWasLeftMeanwhileIsLearned() {
    Place place = room.enter(1).place();
    SessionRow session = room.session(100, 1, place);
    room.leave(1, place);
    assertThat(standing(room.poll(1, place)).state()).isEqualTo(PlaceState.ENDED);

    var learn = new RoomCommand.Learn(List.of(session), Optional.empty());
    assertThat(room.tell(learn))
        .isEqualTo(
            new RoomReply.OwnersLeft(
                List.of(new RoomReply.OwnersLeft.Session(session.user(), session.id()))));
    assertThat(room.tell(learn)).as("no news").isEqualTo(new RoomReply.Done());
    assertThat(room.enter(1).state()).isEqualTo(PlaceState.ACTIVE);
    room.learn(session.asEnded());
    assertThat(room.enter(1).place()).isEqualTo(new Place(3, 1));
  }

  @Test
  void usedUpPlacesAreForgottenButStaySpent() {
    int crowd = 3 * Page.SIZE + 7;
    int full = room.ownerBytes().length;
    LongStream.range(0, crowd).forEach(user -> room.enter(user + 1));
    LongStream.range(0, 700)
        .forEach(i -> room.learn(room.session(i + 1, i + 1, new Place(3, i)).asEnded()));
    room.failOver();
    LongStream.range(700, crowd - 7)
        .forEach(i -> room.learn(room.session(i + 1, i + 1, new Place(3, i)).asEnded()));

    assertThat(room.ownerBytes().length - full).isLessThan(Page.SIZE * 32 + 200);
    assertThat(room.backupBytes()).isEqualTo(room.ownerBytes());
    room.failOver();
    assertThat(standing(room.poll(5, new Place(3, 4))).state()).isEqualTo(PlaceState.ENDED);
    room.learn(room.session(5, 5, new Place(3, 4)));
    assertThat(standing(room.poll(5, new Place(3, 4))).state()).isEqualTo(PlaceState.ENDED);
    assertThat(number(room.poll(crowd, new Place(3, crowd - 1)))).isEqualTo(7);
  }

  @Test
  void sessionLearnedAtAnotherPlaceTakesItsOwnerOutOfTheLine() {
    Place waiting = room.enter(1).place();
    Place admitted = new Place(2, 8);
    room.learn(room.session(100, 1, admitted));
    assertThat(room.next(2)).isEmpty();
    assertThat(room.enter(1).place()).isEqualTo(admitted);
    assertThat(room.poll(1, waiting)).isEqualTo(new RoomReply.KeepsAnother());
    assertThat(room.check(1, waiting))
        .isEqualTo(new Checked(admission(AdmissionState.ACTIVE, 100)))
        .isEqualTo(room.check(1, admitted));
  }

  @Test
  void laterSessionOfSameUserOutlivesNewsOfTheEarlier() {
    Place first = room.enter(1).place();
    SessionRow before = room.session(100, 1, first);
    Place second = new Place(3, 1);
    SessionRow after = room.session(101, 1, second);

    room.learn(before, after, before, before.asEnded());

    assertThat(standing(room.poll(1, second)).state()).isEqualTo(PlaceState.ACTIVE);
    assertThat(standing(room.poll(1, first)).state()).isEqualTo(PlaceState.ENDED);
  }

  @Test
  void pollPaceIsQuickAtTheFrontSlowAtTheBackAndScattered() {
    Standing front = room.enter(1);
    LongStream.range(2, 2_000).forEach(room::enter);
    Standing back = room.enter(5_000);
    Standing next = room.enter(5_001);

    assertThat(front.pollAfterMillis()).isBetween(900L, 1_200L);
    assertThat(back.pollAfterMillis()).isBetween(7_500L, 10_000L);
    assertThat(back.pollAfterMillis()).isNotEqualTo(next.pollAfterMillis());
    long worst = 3 * 9_240 + RoomDecisions.SEEN_GRAIN_MILLIS;
    assertThat(worst).isLessThan(30_000);
  }

  private static SessionRow prolonged(SessionRow session, long millis) {
    return new SessionRow(
        session.id(),
        session.user(),
        session.place(),
        session.arrivalMillis(),
        session.endsAtMillis(),
        session.endsAtMillis() + millis,
        false,
        false);
  }

  private static long number(RoomReply reply) {
    assertThat(standing(reply).state()).isEqualTo(PlaceState.WAITING);
    return standing(reply).number();
  }

  private static Standing standing(RoomReply reply) {
    assertThat(reply).isInstanceOf(Standing.class);
    return (Standing) reply;
  }

  private static Admission admission(AdmissionState state, long session) {
    return new Admission(state, Optional.of(new SessionId(session)));
  }
}
