package io.concert.queue.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.queue.line.NaiveDraw;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

public class DrawTest {
  /** The bytes 0 to 31. */
  private static final String SEED =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

  /** Computed by another program, after the description alone. */
  @Test
  void ordersAsWasPublished() {
    assertThat(order(new Draw(result(5, List.of(3, 0, 4), SEED))))
        .containsExactly(
            new Place(5, 0),
            new Place(7, 2),
            new Place(5, 2),
            new Place(7, 0),
            new Place(7, 1),
            new Place(7, 3),
            new Place(5, 1));
  }

  /** So large that six words are skipped, which would show in everything behind. */
  @Test
  void ordersHalfMillionAsWasPublished() throws Exception {
    Draw draw = new Draw(result(1, List.of(500_000), SEED));

    ByteBuffer sequences = ByteBuffer.allocate(Integer.BYTES * draw.size());
    order(draw).forEach(place -> sequences.putInt((int) place.sequence()));

    assertThat(MessageDigest.getInstance("SHA-256").digest(sequences.array()))
        .isEqualTo(
            HexFormat.of()
                .parseHex("77b756d3fe6e63cfd734ae6083e2c065565728611dcff202c69b67ae865279e5"));
  }

  @Test
  void agreesWithTheNaiveDraw() {
    DrawResult result = result(2, List.of(40, 0, 0, 1, 200), SEED);
    assertThat(order(new Draw(result))).isEqualTo(NaiveDraw.order(result));
  }

  /** Chi-squared of all 24 orders: above 49.7 once in a thousand times, were it even. */
  @Test
  void everyOrderIsAsLikely() {
    int draws = 24_000;
    Map<List<Place>, Integer> counts = new HashMap<>();
    for (int i = 0; i < draws; i++) {
      counts.merge(order(new Draw(result(1, List.of(4), "%064x".formatted(i)))), 1, Integer::sum);
    }
    double expected = draws / 24.0;
    double distance =
        counts.values().stream()
            .mapToDouble(count -> (count - expected) * (count - expected) / expected)
            .sum();
    assertThat(counts).hasSize(24);
    assertThat(distance).isLessThan(49.7);
  }

  @Test
  void whoTookPartHasOnePosition() {
    Draw draw = new Draw(result(5, List.of(3, 0, 4), SEED));
    for (int position = 0; position < draw.size(); position++) {
      assertThat(draw.positionOf(draw.placeAt(position))).isEqualTo(position);
    }
  }

  @Test
  void whoDidNotTakePartHasNone() {
    Draw draw = new Draw(result(5, List.of(3, 0, 4), SEED));
    for (Place other :
        List.of(
            new Place(4, 0),
            new Place(5, 3),
            new Place(5, -1),
            new Place(6, 0),
            new Place(7, 4),
            new Place(7, 1L << 32),
            new Place(8, 0))) {
      assertThat(draw.positionOf(other)).as("%s", other).isEqualTo(-1);
    }
  }

  @Test
  void nobodyCame() {
    Draw draw = new Draw(result(5, List.of(), SEED));
    assertThat(draw.size()).isZero();
    assertThat(draw.lastEpoch()).isEqualTo(4);
    assertThat(draw.positionOf(new Place(5, 0))).isEqualTo(-1);
  }

  public static DrawResult result(int firstEpoch, List<Integer> sizes, String seed) {
    return new DrawResult(1, firstEpoch, sizes, 1_000, seed);
  }

  private static List<Place> order(Draw draw) {
    return IntStream.range(0, draw.size()).mapToObj(draw::placeAt).toList();
  }
}
