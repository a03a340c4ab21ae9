package io.concert.queue;

import io.concert.forecast.Agenda;

/**
 * What a {@link Simulation} is told.
 *
 * @param people who come, sooner or later
 * @param seats to be sold
 * @param capacity people who are in at a time
 * @param seed everything random comes from it: the same seed, the same sale
 * @param unpaidShare of those who hold seats, how many never pay. 43 % of the reservations of 12306
 *     on 2014-01-09 (81.cn/gnxw/2014-01/24/content_5749284_2.htm; trains with 45 minutes to pay, so
 *     an upper bound)
 */
record SaleSetup(int people, int seats, int capacity, long seed, double unpaidShare) {
  SaleSetup {
    if (people < 1 || people > Agenda.MOST_IDS || seats < 1 || capacity < 1) {
      throw new IllegalArgumentException("people, seats and capacity must be positive");
    }
    if (unpaidShare < 0 || unpaidShare >= 1) {
      throw new IllegalArgumentException("the unpaid share must be from 0 to below 1");
    }
  }
}
