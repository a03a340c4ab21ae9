package io.concert.domain;

/**
 * Something outside the rules went wrong: a node, a link or the database. A refusal is no fault; it
 * is a value. The kind says what the caller may conclude, which is all that a caller can act on.
 */
public final class Fault extends RuntimeException {
  /** What is known about the effect of the command that met the fault. */
  public enum Kind {
    /** Nothing happened; asking again is safe. */
    UNAVAILABLE(1),
    /** Nothing happened: a bounded backlog was full. */
    OVERLOADED(2),
    /** It may have happened or not; only looking tells. */
    OUTCOME_UNKNOWN(3),
    /** A defect; what happened isn't known. */
    INTERNAL(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** Stands for the kind on the wire; never reused. */
    public int code() {
      return code;
    }

    /** A code that this version doesn't know says nothing of the outcome. */
    public static Kind ofCode(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      return OUTCOME_UNKNOWN;
    }
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
