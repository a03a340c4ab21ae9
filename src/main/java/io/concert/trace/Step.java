package io.concert.trace;

import org.jspecify.annotations.Nullable;

/** Something that takes time, from its making to its end. */
public interface Step {
  /** One of no trace. */
  Step NONE =
      new Step() {
        @Override
        public String text() {
          return "";
        }

        @Override
        public void end(@Nullable Throwable failure) {}
      };

  /** The step as an origin for another member; empty if nobody hears of it. */
  String text();

  /**
   * @param failure null if all went well; only its class is told
   */
  void end(@Nullable Throwable failure);
}
