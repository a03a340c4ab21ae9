package io.concert.domain;

/**
 * Something outside the rules went wrong: a node, a link or the database. A refusal is no fault; it
 * is a value. The kind says what the caller may conclude, which is all that a caller can act on.
 */
public final class Fault extends RuntimeException {
  /** What is known about the effect of the command that met the fault. */
  public enum Kind {
    /** Nothing happened; asking again is safe. */
    UNAVAILABLE,
    /** Nothing happened: a bounded backlog was full. */
    OVERLOADED,
    /** It may have happened or not; only looking tells. */
    OUTCOME_UNKNOWN,
    /** A defect; what happened isn't known. */
    INTERNAL
  }

  private final Kind kind;

  public Fault(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Fault(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Any throwable as a fault; what isn't one already is a defect. */
  public static Fault of(Throwable failure) {
    return failure instanceof Fault fault
        ? fault
        : new Fault(Kind.INTERNAL, "unexpected " + failure.getClass().getName(), failure);
  }

  public Kind kind() {
    return kind;
  }
}
