package io.concert.payment;

/**
 * @param endSessionAfterPayment whether paying the last unpaid hold gives the slot to the next
 *     person
 */
public record PaymentSettings(boolean endSessionAfterPayment) {}
