package io.concert.http.catalog;

import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.KeyRefused;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Refused;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.http.access.IdempotencyKeys;
import io.concert.http.web.Answer;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.vertx.core.json.JsonObject;

/** What changes to the catalogue are answered. */
final class CatalogVerdicts {
  private CatalogVerdicts() {}

  /** Something new that the body described. */
  static Answer made(Reply<? extends Record> reply) {
    String id = inBody(reply).toString();
    return marked(Answer.json(201, new JsonObject().put("id", id)), reply);
  }

  /** Says so if it is the first answer again. */
  static Answer marked(Answer answer, Reply<?> reply) {
    return IdempotencyKeys.marked(answer, reply instanceof Done<?> done && done.replayed());
  }

  /** An unknown thing that a body names is the body's mistake. */
  static <T> T inBody(Reply<T> reply) {
    return done(reply, ProblemCode.MALFORMED);
  }

  static <T> T inPath(Reply<T> reply) {
    return done(reply, ProblemCode.NOT_FOUND);
  }

  private static <T> T done(Reply<T> reply, ProblemCode unknown) {
    if (reply instanceof Done<T> done) {
      return done.value();
    }
    if (reply instanceof KeyRefused<T> refused) {
      throw IdempotencyKeys.refused(refused.reason());
    }
    throw problem(((Refused<T>) reply).reason(), unknown).exception();
  }

  private static Problem problem(Refusal reason, ProblemCode unknown) {
    return switch (reason) {
      case UNKNOWN_ROOM -> Problem.of(unknown, "No such room.");
      case UNKNOWN_CONCERT -> Problem.of(unknown, "No such concert.");
      case UNKNOWN_SCHEDULE -> Problem.of(unknown, "No such schedule.");
      case CANCELLED -> Problem.of(ProblemCode.NOT_ON_SALE, "The date is cancelled.");
      case IN_THE_PAST -> Problem.of(ProblemCode.MALFORMED, "`startsAt` is in the past.");
      case OPENS_TOO_LATE ->
          Problem.of(ProblemCode.MALFORMED, "`opensAt` must be before `startsAt`.");
      case CLOSES_TOO_EARLY ->
          Problem.of(ProblemCode.MALFORMED, "`closesAt` must be after `opensAt`.");
      case TOO_MANY_PLANS ->
          Problem.of(
              ProblemCode.MALFORMED,
              "The plans of this date have had too many different seats; make another date.");
      case LOSES_BLOCKS ->
          Problem.of(
              ProblemCode.SEAT_TAKEN,
              "Seats that are blocked aren't in this plan; release them first.");
      case HAS_HOLDS -> Problem.of(ProblemCode.SEAT_TAKEN, "Seats of it were held already.");
      case HAS_BILLS -> Problem.of(ProblemCode.SEAT_TAKEN, "Seats of it were sold already.");
    };
  }
}
