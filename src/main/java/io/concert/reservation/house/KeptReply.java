package io.concert.reservation.house;

import io.concert.domain.KeyRefusal;
import io.concert.domain.UserId;
import io.concert.postgres.batch.KeyedChange;
import io.concert.reservation.api.ReservationMessages.SeatRow;
import io.concert.reservation.house.KeptReply.Outcome;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** A command's reply as it is kept with its key. */
final class KeptReply implements KeyedChange.Keeping<Outcome> {
  private static final String SEATS = "seats";
  private static final String CHANGED = "changed";
  private static final String HOLDER = "holder";

  /**
   * @param rows the claims that were changed now, which the seat map is told of
   */
  record Outcome(HouseReply reply, List<SeatRow> rows) {
    Outcome(HouseReply reply) {
      this(reply, List.of());
    }
  }

  @Override
  public Optional<JsonObject> keep(Outcome outcome) {
    if (outcome.reply() instanceof HouseReply.Done done) {
      return Optional.of(new JsonObject().put(SEATS, done.seats()).put(CHANGED, done.changed()));
    }
    return outcome.reply() instanceof HouseReply.HoldEnded ended
        ? Optional.of(new JsonObject().put(HOLDER, ended.holder().number()))
        : Optional.empty();
  }

  @Override
  public Outcome again(JsonObject kept) {
    return new Outcome(
        kept.containsKey(HOLDER)
            ? new HouseReply.HoldEnded(new UserId(kept.getLong(HOLDER)), true)
            : new HouseReply.Done(kept.getInteger(SEATS), kept.getInteger(CHANGED), true));
  }

  @Override
  public Outcome refused(KeyRefusal reason) {
    return new Outcome(new HouseReply.KeyRefused(reason));
  }
}
