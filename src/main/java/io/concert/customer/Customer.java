package io.concert.customer;

import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A user as an operator sees one. The UUID isn't there, as it is a guest's secret.
 *
 * @param email empty for a guest
 * @param since when the user was made
 * @param sessions where the user is let in
 * @param holds unpaid seats that stand
 * @param bills those that stand
 * @param refunded those whose money was given back
 */
public record Customer(
    UserId number,
    Optional<String> name,
    Optional<String> email,
    Instant since,
    Won balance,
    Optional<Ban> ban,
    List<Session> sessions,
    long holds,
    long bills,
    long refunded) {
  public Customer {
    sessions = List.copyOf(sessions);
  }

  /**
   * @param reason for operators
   */
  public record Ban(Instant since, String reason) {}

  /**
   * @param lastsUntil its own end, or the later deadline of an unpaid hold
   */
  public record Session(RoomId room, Instant admittedAt, Instant lastsUntil) {}
}
