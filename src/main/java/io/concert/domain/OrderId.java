package io.concert.domain;

/**
 * The bills of one payment.
 *
 * @param number that of the first of its bills. People are told another one, see {@code
 *     payment.OrderNumbers}
 */
public record OrderId(long number) {}
