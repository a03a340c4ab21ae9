package io.concert.queue.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.DrawTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static final String SEED = "ab".repeat(32);
  private static final DrawResult DRAWN = DrawTest.result(3, List.of(4, 2), SEED);

  private final Lines lines = new Lines(new Changes());

  @Test
  void linesFollowEachOtherByEpoch() {
    stand(3, 0, 30, 1_000);
    stand(1, 700, 10, 1_000);
    stand(2, 5, 20, 1_000);
    assertThat(firstUsers()).containsExactly(10L, 20L, 30L);
    assertThat(lines.presentBefore(lines.spotOf(new Place(3, 0)), 0)).isEqualTo(2);
    assertThat(lines.presentBefore(lines.spotOf(new Place(2, 900)), 0)).isEqualTo(2);
  }

  @Test
  void unseenAreNotCountedAlsoBeforeTheyExpire() {
    stand(2, 0, 10, 1_000);
    stand(2, 1, 20, 2_000);
    stand(3, 0, 30, 1_000);
    assertThat(lines.presentSince(2_000)).isEqualTo(1);
    assertThat(lines.presentBefore(lines.spotOf(new Place(3, 0)), 2_000)).isEqualTo(1);
    assertThat(lines.first(9, 2_000)).hasSize(1);
    assertThat(lines.anyoneUnseenSince(2_000)).isTrue();
    assertThat(lines.expire(2_000)).isEqualTo(2);
    assertThat(lines.present()).isEqualTo(1);
    assertThat(lines.anyoneUnseenSince(2_000)).isFalse();
  }

  @Test
  void drawMovesWhoIsHereToTheirPositions() {
    stand(3, 0, 30, 1_000);
    stand(3, 3, 33, 1_000);
    stand(4, 1, 41, 1_000);
    stand(2, 0, 20, 1_000);
    stand(5, 0, 50, 1_000);
    lines.leave(lines.spotOf(new Place(3, 3)), Line.TAKEN);
    lines.leave(lines.spotOf(new Place(4, 0)), Line.SPENT);

    lines.draw(DRAWN);

    List<Place> order = NaiveDraw.order(DRAWN);
    long first = order.indexOf(new Place(3, 0)) < order.indexOf(new Place(4, 1)) ? 30 : 41;
    assertThat(firstUsers()).containsExactly(20L, first, 71 - first, 50L);
    assertThat(userAt(3, 3)).isEqualTo(Line.TAKEN);
    assertThat(userAt(4, 0)).isEqualTo(Line.SPENT);
    assertThat(userAt(3, 1)).isEqualTo(Line.UNKNOWN);
    assertThat(lines.spotOf(new UserId(41))).isEqualTo(lines.spotOf(new Place(4, 1)));
    assertThat(lines.placeAt(lines.spotOf(new UserId(30)))).isEqualTo(new Place(3, 0));
    assertThat(lines.arrivalAt(lines.spotOf(new UserId(30)))).isEqualTo(30_000);
  }

  @Test
  void drawMakesNobodyPresentOrSeenLater() {
    stand(3, 0, 30, 1_000);
    stand(4, 0, 40, 2_000);
    stand(3, 1, 31, 3_000);
    stand(4, 1, 41, 4_000);
    assertThat(lines.expire(2_000)).isEqualTo(1);

    lines.draw(DRAWN);

    assertThat(lines.present()).isEqualTo(3);
    assertThat(lines.expire(2_001)).isEqualTo(1);
    assertThat(lines.expire(3_001)).isEqualTo(1);
    assertThat(lines.expire(4_001)).isEqualTo(1);
    assertThat(lines.spotOf(new UserId(30))).as("keeps the place").isNotEqualTo(Lines.NOWHERE);
  }

  @Test
  void whoTookNoPartIsGone() {
    stand(3, 0, 30, 1_000);
    stand(3, 4, 34, 1_000);
    stand(4, 2, 42, 1_000);

    lines.draw(DRAWN);

    assertThat(firstUsers()).containsExactly(30L);
    assertThat(lines.spotOf(new UserId(34))).isEqualTo(Lines.NOWHERE);
    assertThat(lines.spotOf(new Place(4, 2))).isEqualTo(Lines.NOWHERE);
  }

  @Test
  void emptyEpochsAreDrawnEmpty() {
    stand(3, 0, 30, 1_000);
    lines.draw(DrawTest.result(3, List.of(0), SEED));
    assertThat(firstUsers()).isEmpty();
    assertThat(lines.spotOf(new Place(3, 0))).isEqualTo(Lines.NOWHERE);
  }

  @Test
  void drawIsMadeOnce() {
    stand(3, 0, 30, 1_000);
    lines.draw(DRAWN);
    long spot = lines.spotOf(new UserId(30));
    lines.draw(DRAWN);
    assertThat(lines.spotOf(new UserId(30))).isEqualTo(spot);
    assertThat(lines.userAt(spot)).isEqualTo(30);
    assertThat(lines.draws()).containsExactly(DRAWN);
  }

  @Test
  void everybodyIsFoundAfterDrawWhoeverLeaves() {
    Random random = new Random(5);
    List<Integer> users = new ArrayList<>(IntStream.rangeClosed(1, 900).boxed().toList());
    users.forEach(user -> stand(3, user - 1L, user, 1_000));
    lines.draw(DrawTest.result(3, List.of(900), SEED));
    Collections.shuffle(users, random);
    while (!users.isEmpty()) {
      int gone = users.remove(users.size() - 1);
      lines.leave(lines.spotOf(new UserId(gone)), Line.TAKEN);
      assertThat(lines.spotOf(new UserId(gone))).isEqualTo(Lines.NOWHERE);
      for (int user : users.subList(0, Math.min(20, users.size()))) {
        assertThat(lines.userAt(lines.spotOf(new UserId(user)))).isEqualTo(user);
      }
    }
  }

  @Test
  void whoComesBackLaterStandsWhereDrawn() {
    lines.draw(DRAWN);
    List<Place> order = NaiveDraw.order(DRAWN);
    for (Place place : order.subList(3, 6)) {
      stand(place.epoch(), place.sequence(), 10L * place.epoch() + place.sequence(), 1_000);
    }
    for (Place place : order.subList(0, 3)) {
      stand(place.epoch(), place.sequence(), 10L * place.epoch() + place.sequence(), 1_000);
    }
    assertThat(firstUsers())
        .containsExactlyElementsOf(
            order.stream().map(place -> 10L * place.epoch() + place.sequence()).toList());
  }

  private void stand(int epoch, long sequence, long user, long now) {
    lines.stand(lines.spotOf(new Place(epoch, sequence)), new UserId(user), user * 1_000, now);
  }

  private long userAt(int epoch, long sequence) {
    return lines.userAt(lines.spotOf(new Place(epoch, sequence)));
  }

  private List<Long> firstUsers() {
    return lines.first(100, 0).stream().map(lines::userAt).toList();
  }
}
