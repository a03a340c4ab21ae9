package io.concert.catalog;

import java.time.ZoneId;

/** What of a concert may be changed while it is on sale. As in {@link NewConcert}. */
public record ConcertDetails(String title, String venue, ZoneId timeZone, int holdLimit) {}
