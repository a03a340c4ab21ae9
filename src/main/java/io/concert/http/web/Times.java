package io.concert.http.web;

import static io.concert.http.web.JsonBody.malformed;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** Times as the contract writes them: RFC 3339, UTC, always three digits of a second's fraction. */
public final class Times {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private Times() {}

  /**
   * Rounded down, so that a deadline is never promised for later than it is. Every answer has a
   * time in it, which is why common ones are written without the formatter.
   */
  public static String text(Instant time) {
    LocalDateTime utc =
        LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
    if (utc.getYear() < 1000 || utc.getYear() > 9999) {
      return MILLIS.format(time);
    }
    StringBuilder text = new StringBuilder(24).append(utc.getYear());
    append(text, '-', utc.getMonthValue());
    append(text, '-', utc.getDayOfMonth());
    append(text, 'T', utc.getHour());
    append(text, ':', utc.getMinute());
    append(text, ':', utc.getSecond());
    int millis = utc.getNano() / 1_000_000;
    text.append('.').append((char) ('0' + millis / 100));
    return text.append((char) ('0' + millis / 10 % 10))
        .append((char) ('0' + millis % 10))
        .append('Z')
        .toString();
  }

  private static void append(StringBuilder text, char before, int twoDigits) {
    text.append(before).append((char) ('0' + twoDigits / 10)).append((char) ('0' + twoDigits % 10));
  }

  /** A parameter of the query; MALFORMED unless it is RFC 3339. */
  public static Optional<Instant> inQuery(Call call, String name) {
    return call.query(name)
        .map(
            text ->
                parse(text).orElseThrow(() -> malformed("`" + name + "` isn't an RFC 3339 time.")));
  }

  /**
   * @param text RFC 3339 with any offset
   * @return empty for anything else, and outside the years 1970 to 9998
   */
  public static Optional<Instant> parse(String text) {
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      return time.isBefore(EARLIEST) || !time.isBefore(LATEST)
          ? Optional.empty()
          : Optional.of(time);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
