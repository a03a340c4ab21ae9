package io.concert.http.web;

import java.util.Locale;

/** Why a request was refused, as a program reads it; the contract's list, as far as it is built. */
public enum ProblemCode {
  MALFORMED(400, "The request can't be understood"),
  PRICE_MISMATCH(400, "The price isn't the seat's"),
  BALANCE_LIMIT(400, "The balance would be too large"),
  UNAUTHORIZED(401, "It isn't known who is calling"),
  TOKEN_EXPIRED(401, "The token has expired"),
  INSUFFICIENT_BALANCE(402, "The balance is too small"),
  NOT_ADMITTED(403, "The waiting room hasn't let you in"),
  BANNED(403, "You may not buy here"),
  HOLD_REQUIRED(403, "You don't hold the seat"),
  HOLD_EXPIRED(403, "Your hold has ended"),
  FORBIDDEN(403, "Your role doesn't allow this"),
  NOT_FOUND(404, "There is nothing here"),
  METHOD_NOT_ALLOWED(405, "Another method is needed here"),
  EMAIL_TAKEN(409, "Another user has this email"),
  SEAT_TAKEN(409, "The seat is taken"),
  NOT_ADJACENT(409, "There aren't so many seats side by side"),
  LIMIT_REACHED(409, "One person gets no more seats"),
  NOT_ON_SALE(409, "The date isn't on sale"),
  REFUND_CLOSED(409, "It is too late to give a ticket back"),
  KEY_IN_FLIGHT(409, "The first request with this key is under way"),
  BODY_TOO_LARGE(413, "The body is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "Another media type is needed here"),
  KEY_REUSED(422, "The key was used for another request"),
  RATE_LIMITED(429, "Too much at once; try again later"),
  INTERNAL(500, "Something went wrong here"),
  OVERLOADED(503, "Too much at once; nothing happened, try again"),
  UNAVAILABLE(503, "Not possible now; nothing happened, try again"),
  OUTCOME_UNKNOWN(504, "It isn't known whether it happened; ask again");

  private final int status;
  private final String title;

  ProblemCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** The problem's {@code type}: a name, not a place to look something up. */
  String type() {
    return "urn:concert-reservation:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
