package io.concert.payment;

import io.concert.settings.Environment;

/**
 * @param endSessionAfterPayment whether paying the last unpaid hold gives the slot to the next
 *     person
 */
public record PaymentSettings(boolean endSessionAfterPayment) {
  /** From the environment. */
  public static PaymentSettings read(Environment env) {
    return new PaymentSettings(
        env.flag(
            "QUEUE_END_AFTER_PAYMENT",
            true,
            "Whether paying the last unpaid hold ends the session and lets the next person"
                + " in."));
  }
}
