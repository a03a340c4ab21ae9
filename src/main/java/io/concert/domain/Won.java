package io.concert.domain;

/**
 * An amount of money in South Korean won, which has no smaller unit.
 *
 * @param amount never negative; a debit is a subtraction, not a negative amount
 */
public record Won(long amount) implements Comparable<Won> {
  public static final Won ZERO = new Won(0);

  public Won {
    if (amount < 0) {
      throw new IllegalArgumentException("negative amount of won");
    }
  }

  /**
   * @throws ArithmeticException if the sum doesn't fit 64 bits
   */
  public Won plus(Won other) {
    return new Won(Math.addExact(amount, other.amount));
  }

  @Override
  public int compareTo(Won other) {
    return Long.compare(amount, other.amount);
  }
}
