package io.concert.forecast;

/**
 * What is sold, and how the waiting room is set.
 *
 * @param seats to be sold
 * @param capacity people who are in at a time
 * @param sessionMillis how long somebody may stay
 * @param firstActionMillis after which who does nothing is out again; 0 for the session's length
 * @param admitPerSecond people let in a second at most; 0 for no limit
 * @param holdMillis how long seats are held for one person
 */
public record Sale(
    int seats,
    int capacity,
    int sessionMillis,
    int firstActionMillis,
    int admitPerSecond,
    int holdMillis) {
  public Sale {
    if (seats < 1 || capacity < 1 || sessionMillis < 1 || holdMillis < 1) {
      throw new IllegalArgumentException("seats, capacity, session and hold must be positive");
    }
    if (firstActionMillis < 0 || firstActionMillis > sessionMillis || admitPerSecond < 0) {
      throw new IllegalArgumentException("no such first action or admissions a second");
    }
  }

  public Sale withCapacity(int other) {
    return new Sale(seats, other, sessionMillis, firstActionMillis, admitPerSecond, holdMillis);
  }

  int idleMillis() {
    return firstActionMillis == 0 ? sessionMillis : firstActionMillis;
  }
}
