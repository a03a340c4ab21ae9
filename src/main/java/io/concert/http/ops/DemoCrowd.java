package io.concert.http.ops;

import io.concert.catalog.Concert;
import io.vertx.core.Future;

/** Made-up buyers, for a demo to look alive. */
public interface DemoCrowd {
  /** How many may come at once. */
  int MOST = 5_000;

  /**
   * Lets people come, unless some are still under way.
   *
   * @param people 1 to {@link #MOST}
   * @return whether they come: not while others are under way, nor if no date is on sale
   */
  Future<Boolean> come(Concert concert, int people);

  /** How they are doing. */
  Figures figures();

  /**
   * @param coming how many were asked for
   * @param waiting in line now
   * @param inside choosing or paying now
   * @param bought who has tickets
   * @param gone who has left without any
   */
  record Figures(int coming, int waiting, int inside, int bought, int gone) {
    public boolean underWay() {
      return bought + gone < coming;
    }
  }
}
