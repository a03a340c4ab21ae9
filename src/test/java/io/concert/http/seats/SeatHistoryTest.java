package io.concert.http.seats;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.reservation.api.ReservationMessages.SeatStates;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeatHistoryTest {
  private static final int SEATS = 37;

  private final SeatHistory history = new SeatHistory();

  private static SeatStates states(long epoch, long version, int... statuses) {
    byte[] packed = new byte[(statuses.length + 3) / 4];
    for (int seat = 0; seat < statuses.length; seat++) {
      packed[seat / 4] |= (byte) (statuses[seat] << (2 * (seat % 4)));
    }
    return new SeatStates(epoch, version, statuses.length, 0, packed);
  }

  private Optional<SeatChanges> since(long epoch, long version) {
    return history.since(new SeatVersion(epoch, version));
  }

  /** The naive model keeps all states that the owner ever had; the node sees some of them. */
  @Test
  void leadsFromAnyVersionItKnowsToTheNewest() {
    long seed = Long.getLong("seed", new Random().nextLong());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<int[]> owner = new ArrayList<>();
    List<Integer> seen = new ArrayList<>(List.of(0));
    owner.add(new int[SEATS]);
    history.see(states(5, 0, owner.get(0)));
    for (int step = 0; step < 2_000; step++) {
      int[] next = owner.get(owner.size() - 1).clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        next[random.nextInt(SEATS)] = random.nextInt(4);
      }
      owner.add(next);
      if (random.nextInt(3) > 0) {
        continue;
      }
      int newest = owner.size() - 1;
      assertThat(history.see(states(5, newest, next)).version()).isEqualTo(newest);
      int from = seen.get(seen.size() - 1 - random.nextInt(Math.min(50, seen.size())));
      assertThat(applied(owner.get(from), from, newest)).isEqualTo(next);
      seen.add(newest);
      int unseen = random.nextInt(owner.size());
      assertThat(since(5, unseen).isPresent() || !seen.contains(unseen) || seen.size() > 1_000)
          .isTrue();
      assertThat(since(5, unseen).isEmpty() || seen.contains(unseen)).isTrue();
    }
  }

  private int[] applied(int[] state, long from, long newest) {
    JsonObject told = new JsonObject(since(5, from).orElseThrow().json());
    assertThat(told.getString("version")).isEqualTo("5-" + newest);
    int[] after = state.clone();
    for (Object change : told.getJsonArray("changes")) {
      JsonArray pair = (JsonArray) change;
      after[pair.getInteger(0)] = pair.getInteger(1);
    }
    return after;
  }

  @Test
  void tellsOnlyWhatDiffers() {
    history.see(states(5, 1, 0, 1, 2, 3, 0));
    history.see(states(5, 2, 1, 1, 2, 3, 3));

    assertThat(since(5, 1).orElseThrow().json())
        .isEqualTo("{\"version\":\"5-2\",\"changes\":[[0,1],[4,3]]}");
    assertThat(since(5, 2).orElseThrow().json()).isEqualTo("{\"version\":\"5-2\",\"changes\":[]}");
    assertThat(since(5, 1).orElseThrow()).as("written once").isSameAs(since(5, 1).orElseThrow());
  }

  /** A seat that was held for a moment that only another node has seen. */
  @Test
  void doesNotCountOnFromWhatItHasNotSeen() {
    history.see(states(5, 7, 0, 0));
    history.see(states(5, 9, 0, 1));
    assertThat(since(5, 8)).isEmpty();
    assertThat(since(5, 10)).isEmpty();
    assertThat(since(5, 7)).isPresent();
  }

  @Test
  void tellsAllSeatsPacked() {
    assertThat(history.whole()).isEmpty();
    history.see(states(5, 7, 1, 2, 3, 0, 1));
    assertThat(history.whole().orElseThrow().json())
        .isEqualTo("{\"version\":\"5-7\",\"states\":\"OQE=\"}");
    assertThat(history.whole()).containsSame(history.whole().orElseThrow());
  }

  @Test
  void neverGoesBack() {
    history.see(states(5, 7, 1, 0));
    assertThat(history.see(states(5, 6, 0, 0)).version()).isEqualTo(7);
    assertThat(history.version()).contains(new SeatVersion(5, 7));
  }

  @Test
  void knowsNothingOfOtherEpochsAndPlansAndOfTheFarPast() {
    assertThat(since(5, 1)).isEmpty();
    history.see(states(5, 10, 0, 0));
    history.see(states(5, 11, 1, 0));
    assertThat(since(5, 9)).as("before the first look").isEmpty();
    assertThat(since(5, 10)).isPresent();
    assertThat(since(4, 10)).isEmpty();

    history.see(states(6, 3, 0, 0));
    assertThat(since(5, 11)).as("rebuilt").isEmpty();
    history.see(states(6, 4, 0, 0, 0));
    assertThat(since(6, 3)).as("another plan").isEmpty();
    assertThat(since(6, 4)).isPresent();
  }

  @Test
  void keepsSoManyStepsAndSoManyChanges() {
    for (int version = 0; version <= SeatHistory.MOST_STEPS + 10; version++) {
      history.see(states(5, version, version % 4));
    }
    assertThat(since(5, 9)).isEmpty();
    assertThat(since(5, 10)).isPresent();

    int[] all = new int[SeatHistory.MOST_CHANGES];
    history.see(states(6, 1, all));
    for (int version = 2; version <= 3; version++) {
      java.util.Arrays.fill(all, version);
      history.see(states(6, version, all));
    }
    assertThat(since(6, 1)).isEmpty();
    assertThat(since(6, 2)).isPresent();
  }
}
