package io.concert.catalog;

import io.concert.domain.RoomId;
import java.time.ZoneId;

/**
 * @param title 1 to 200 characters
 * @param venue 1 to 200 characters
 * @param holdLimit 1 to 1000 seats a person and date
 */
public record NewConcert(String title, String venue, RoomId room, ZoneId timeZone, int holdLimit) {
  public NewConcert {
    requireText(title);
    requireText(venue);
    if (holdLimit < 1 || holdLimit > 1000) {
      throw new IllegalArgumentException("hold limit out of range");
    }
  }

  private static void requireText(String text) {
    if (text.isBlank() || text.length() > 200) {
      throw new IllegalArgumentException("text empty or too long");
    }
  }
}
