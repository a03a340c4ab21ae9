package io.concert.http;

import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.Refusal;
import io.concert.catalog.CatalogAdmin.Refused;
import io.concert.catalog.CatalogAdmin.Reply;
import io.vertx.core.json.JsonObject;

/** What changes to the catalogue are answered. */
final class CatalogVerdicts {
  private CatalogVerdicts() {}

  /** Something new that the body described. */
  static Answer made(Reply<? extends Record> reply) {
    return Answer.json(201, new JsonObject().put("id", inBody(reply).toString()));
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
    throw problem(((Refused<T>) reply).reason(), unknown).exception();
  }

  private static Problem problem(Refusal reason, ProblemCode unknown) {
    return switch (reason) {
      case UNKNOWN_ROOM -> Problem.of(unknown, "No such room.");
      case UNKNOWN_CONCERT -> Problem.of(unknown, "No such concert.");
      case UNKNOWN_SCHEDULE -> Problem.of(unknown, "No such schedule.");
      case CANCELLED -> Problem.of(ProblemCode.NOT_ON_SALE, "The date is cancelled.");
      case CLOSES_TOO_EARLY ->
          Problem.of(ProblemCode.MALFORMED, "`closesAt` must be after `opensAt`.");
      case HAS_HOLDS -> Problem.of(ProblemCode.SEAT_TAKEN, "Seats of it were held already.");
      case HAS_BILLS -> Problem.of(ProblemCode.SEAT_TAKEN, "Seats of it were sold already.");
    };
  }
}
