package io.concert.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.queue.line.Changes;
import io.concert.queue.line.Line;
import io.concert.queue.line.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final UserId USER = new UserId(7);
  private static final Place HERE = new Place(2, 5);
  private static final Place THERE = new Place(2, 9);

  private final Changes changes = new Changes();
  private Lines lines = new Lines(changes);
  private Sessions sessions = new Sessions(lines, changes);

  /** Two sessions at one place, the first given back: in any order the second is what counts. */
  @Test
  void newsOfPlaceThatOpensAgainMayComeInAnyOrder() {
    List<SessionRow> news =
        List.of(live(5, HERE, 900), returned(5, HERE), live(9, HERE, 500), live(5, HERE, 1_000));
    for (List<SessionRow> order : orders(news)) {
      learnAnew(order);
      assertThat(sessions.all()).as("%s", order).containsExactly(live(9, HERE, 500));
      assertThat(sessions.isNews(live(5, HERE, 2_000))).as("%s", order).isFalse();
      assertThat(lines.spotOf(USER)).as("%s", order).isEqualTo(Lines.NOWHERE);
      learn(ended(9, HERE));
      assertThat(sessions.count()).isZero();
      assertThat(at(HERE)).isEqualTo(Line.SPENT);
    }
  }

  @Test
  void newsOfTwoPlacesMayComeInAnyOrder() {
    List<SessionRow> news =
        List.of(live(5, HERE, 900), ended(5, HERE), live(9, THERE, 500), ended(9, THERE));
    for (List<SessionRow> order : orders(news)) {
      learnAnew(order);
      assertThat(sessions.count()).as("%s", order).isZero();
      assertThat(at(HERE)).as("%s", order).isEqualTo(Line.SPENT);
      assertThat(at(THERE)).as("%s", order).isEqualTo(Line.SPENT);
    }
  }

  /** Otherwise the room would name a used up place for ever. */
  @Test
  void endedPlaceIsUsedUpAlsoWhenLaterSessionWasGivenBack() {
    for (List<SessionRow> order :
        orders(List.of(live(5, HERE, 900), ended(5, HERE), returned(9, THERE)))) {
      learnAnew(order);
      assertThat(sessions.count()).as("%s", order).isZero();
      assertThat(at(HERE)).as("%s", order).isEqualTo(Line.SPENT);
    }
  }

  @Test
  void missedTurnCostsThePlaceWhateverNewsWasMissed() {
    learn(live(5, HERE, 900), returned(9, HERE));
    assertThat(sessions.count()).isZero();
    assertThat(at(HERE)).isEqualTo(Line.MISSED);
    assertThat(lines.spotOf(USER)).isEqualTo(Lines.NOWHERE);
    assertThat(lines.presentSince(0)).isZero();
  }

  @Test
  void returnFromAnotherPlaceKeepsNothingThatTheRoomDoesNotKnow() {
    learn(live(5, THERE, 900), returned(9, HERE));
    assertThat(sessions.count()).isZero();
    assertThat(at(HERE)).isEqualTo(Line.UNKNOWN);
    assertThat(at(THERE)).isEqualTo(Line.SPENT);
  }

  /** Both are news to a room that knows neither. */
  @Test
  void earlierSessionOfTheSamePlaceUsesNothingUp() {
    sessions.learn(live(9, HERE, 500));
    assertThat(sessions.isNews(live(5, HERE, 900))).isFalse();
    sessions.learn(live(5, HERE, 900));
    assertThat(sessions.all()).containsExactly(live(9, HERE, 500));
    assertThat(at(HERE)).isEqualTo(Line.TAKEN);
  }

  @Test
  void openingTouchesItsOwnPlaceOnly() {
    learn(live(5, HERE, 900));
    assertThat(lines.byEpoch()).containsOnlyKeys(HERE.epoch());
  }

  @Test
  void laterOfEachEndStands() {
    SessionRow known = live(5, HERE, 950);
    SessionRow other = new SessionRow(known.id(), USER, HERE, 100, 500, 850, false, false);
    learn(known, other);
    assertThat(sessions.all())
        .containsExactly(new SessionRow(known.id(), USER, HERE, 100, 500, 950, false, false));
  }

  @Test
  void endsMoveForwardOnly() {
    learn(live(5, HERE, 900));
    assertThat(sessions.isNews(live(5, HERE, 800))).isFalse();
    assertThat(sessions.isNews(live(5, HERE, 900))).isFalse();
    assertThat(sessions.isNews(live(5, HERE, 901))).isTrue();
    learn(live(5, HERE, 950), live(5, HERE, 800));
    assertThat(sessions.all()).containsExactly(live(5, HERE, 950));
  }

  @Test
  void nothingIsNewsTwice() {
    List<SessionRow> news =
        List.of(
            live(5, HERE, 900),
            returned(5, HERE),
            live(9, HERE, 500),
            ended(9, HERE),
            live(11, THERE, 500),
            live(10, new Place(1, 3), 500));
    for (SessionRow sessionRow : news) {
      assertThat(sessions.isNews(sessionRow)).as("%s", sessionRow).isTrue();
      learn(sessionRow);
      assertThat(sessions.isNews(sessionRow)).as("%s", sessionRow).isFalse();
    }
    assertThat(news).noneMatch(sessions::isNews);
  }

  @Test
  void impossiblePlaceIsNoNews() {
    assertThat(sessions.isNews(live(5, new Place(0, 5), 900))).isFalse();
    learn(live(5, new Place(0, 5), 900));
    assertThat(sessions.count()).isZero();
  }

  @Test
  void endsAreToldToWhoeverLooksInTime() {
    learn(live(5, HERE, 900));
    long before = changes.now();
    learn(ended(5, HERE));
    assertThat(sessions.endedSince(before)).containsExactly(HERE);
    assertThat(sessions.endedSince(changes.now())).isEmpty();
    assertThat(sessions.changedSince(0)).isEmpty();
  }

  @Test
  void whoHasMissedTooManyEndsMustReadEverything() {
    long before = changes.now();
    for (int i = 0; i < 4_096; i++) {
      Place place = new Place(1, i);
      learn(live(100 + i, place, 900), ended(100 + i, place));
    }
    assertThat(sessions.endedSince(before)).hasSize(4_096);
    learn(live(5, HERE, 900), ended(5, HERE));
    assertThat(sessions.endedSince(before)).isNull();
    assertThat(sessions.endedSince(before + 2)).hasSize(4_096);
  }

  @Test
  void changesAreToldOnce() {
    learn(live(5, HERE, 900));
    long before = changes.now();
    assertThat(sessions.changedSince(before - 1)).hasSize(1);
    assertThat(sessions.changedSince(before)).isEmpty();
    learn(live(5, HERE, 950));
    assertThat(sessions.changedSince(before)).containsExactly(live(5, HERE, 950));
  }

  /** Memory for those who gave a session back is bounded; the longest ago go first. */
  @Test
  void remembersAsManyReturnsAsItMay() {
    for (int user = 1; user <= 5_000; user++) {
      Place place = new Place(1, user);
      var session =
          new SessionRow(new SessionId(user), new UserId(user), place, 0, 900, 900, true, true);
      learn(session);
    }
    assertThat(sessions.returned()).hasSize(4_096).containsKey(new UserId(5_000));
    assertThat(sessions.returned()).doesNotContainKey(new UserId(1));
  }

  private void learnAnew(List<SessionRow> news) {
    lines = new Lines(changes);
    sessions = new Sessions(lines, changes);
    news.forEach(this::learn);
  }

  private void learn(SessionRow... sessionRows) {
    for (SessionRow sessionRow : sessionRows) {
      changes.next();
      if (sessions.isNews(sessionRow)) {
        sessions.learn(sessionRow);
      }
    }
  }

  private long at(Place place) {
    return lines.userAt(lines.spotOf(place));
  }

  private static SessionRow live(long id, Place place, long lastsUntil) {
    return sessionRow(id, place, lastsUntil, false, false);
  }

  private static SessionRow ended(long id, Place place) {
    return sessionRow(id, place, 900, true, false);
  }

  private static SessionRow returned(long id, Place place) {
    return sessionRow(id, place, 900, true, true);
  }

  private static SessionRow sessionRow(
      long id, Place place, long lastsUntil, boolean ended, boolean returned) {
    return new SessionRow(new SessionId(id), USER, place, 100, 400, lastsUntil, ended, returned);
  }

  private static List<List<SessionRow>> orders(List<SessionRow> news) {
    if (news.isEmpty()) {
      return List.of(List.of());
    }
    List<List<SessionRow>> orders = new ArrayList<>();
    for (SessionRow first : news) {
      List<SessionRow> others =
          news.stream().filter(sessionRow -> !Objects.equals(sessionRow, first)).toList();
      for (List<SessionRow> rest : orders(others)) {
        List<SessionRow> order = new ArrayList<>(rest);
        order.add(0, first);
        orders.add(order);
      }
    }
    return orders;
  }
}
