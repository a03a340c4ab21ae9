package io.concert.e2e;

import static io.concert.Patience.until;

import io.concert.load.Scan;
import io.concert.load.Wire;
import io.concert.postgres.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes guests and lets them enter the default waiting room, many at once. The guests are made in
 * the database: a hundred thousand registrations would take longer than what is measured.
 */
final class WaitingUsers {
  private static final Pattern JWT = Pattern.compile("\"jwt\":\"([^\"]+)\"");

  private static final int AT_ONCE = 64;
  private static final Duration LET_IN_LIMIT = Duration.ofSeconds(30);

  private WaitingUsers() {}

  /** Hears of somebody who is in line. */
  interface Entered {
    void at(String token, int pollAfterMillis);
  }

  /** Of a node that lets so many in at a time, for longer than a benchmark takes. */
  static Map<String, String> settings(int capacity) {
    return Map.of(
        "QUEUE_CAPACITY", Integer.toString(capacity),
        "QUEUE_SESSION_SECONDS", "3600",
        "RATE_LIMITS", "off",
        "LOG_LEVEL", "warn");
  }

  /**
   * @return their UUIDs
   */
  static List<String> guests(TestDatabase database, int count) {
    database.execute(
        """
        with made as (
          insert into app_user (uuid) select gen_random_uuid() from generate_series(1, %d)
          returning number)
        insert into account (user_number) select number from made
        """
            .formatted(count));
    List<String> uuids = new ArrayList<>(count);
    try (Connection connection = database.jdbc();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select uuid from app_user order by number desc limit " + count)) {
      while (rows.next()) {
        uuids.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new AssertionError("guests", e);
    }
    return uuids;
  }

  /**
   * @return the queue tokens, in the order in which they were answered
   */
  static List<String> enter(Wire wire, List<String> guests) {
    List<String> tokens = new ArrayList<>(guests.size());
    enter(wire, guests, (token, pollAfter) -> tokens.add(token));
    wire.finish();
    return tokens;
  }

  /**
   * Waits until everybody who entered has a session; there have to be slots for all.
   *
   * @param count how many they are
   */
  static void areLetIn(TestDatabase database, int count) {
    until(
        count + " let in",
        LET_IN_LIMIT,
        () -> database.number("select count(*) from room_session where ended_at is null") >= count);
  }

  /**
   * Begins, a few at a time so that others get on the wire, too; it has to run until all have been
   * heard of.
   */
  static void enter(Wire wire, List<String> guests, Entered entered) {
    Iterator<String> left = guests.iterator();
    for (int i = 0; i < AT_ONCE; i++) {
      enterNext(wire, left, entered);
    }
  }

  private static void enterNext(Wire wire, Iterator<String> left, Entered entered) {
    if (!left.hasNext()) {
      return;
    }
    wire.ask(
        post("/api/v1/users/queueEntity", "", "{\"uuid\":\"" + left.next() + "\"}"),
        (status, bytes, from, to) -> {
          String token = token(status, new String(bytes, from, to - from, StandardCharsets.UTF_8));
          entered.at(token, (int) Scan.in(bytes, from, to, "pollAfterMillis"));
          enterNext(wire, left, entered);
        });
  }

  private static String token(int status, String body) {
    Matcher matcher = JWT.matcher(body);
    if (status != 201 || !matcher.find()) {
      throw new AssertionError("answered " + status + " " + body);
    }
    return matcher.group(1);
  }

  /** A poll as a client sends it. */
  static byte[] poll(String token) {
    return post("/api/v1/users/queueEntity", "Authorization: Bearer " + token + "\r\n", "");
  }

  static byte[] events(String token) {
    return bare("GET", "/api/v1/users/queueEntity/events", token);
  }

  static byte[] leave(String token) {
    return bare("DELETE", "/api/v1/users/queueEntity", token);
  }

  private static byte[] bare(String method, String path, String token) {
    return "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
        .formatted(method, path, token)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * @param headers each with its line's end
   */
  static byte[] post(String path, String headers, String body) {
    return request("POST", path, headers, body);
  }

  /** The same of any method. */
  static byte[] request(String method, String path, String headers, String body) {
    return "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(method, path, headers, body.length(), body)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
