package io.concert.customer;

import io.concert.customer.BanReply.Done;
import io.concert.domain.KeyRefusal;
import io.concert.postgres.batch.KeyedChange;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A ban's answer as it is kept with an operator's key, and what the seats and rooms should hear.
 */
final class KeptBan implements KeyedChange.Keeping<KeptBan.Outcome> {
  static final KeptBan KEEPING = new KeptBan();

  private KeptBan() {}

  /**
   * @param effects of this very change; none of a repeat
   */
  record Outcome(BanReply reply, BanEffects effects) {
    static Outcome of(BanReply reply) {
      return new Outcome(reply, BanEffects.NONE);
    }
  }

  @Override
  public Optional<JsonObject> keep(Outcome outcome) {
    return outcome.reply() instanceof Done done
        ? Optional.of(
            new JsonObject()
                .put("banned", done.banned())
                .put("sessionsEnded", done.sessionsEnded())
                .put("holdsReleased", done.holdsReleased()))
        : Optional.empty();
  }

  @Override
  public Outcome again(JsonObject kept) {
    return Outcome.of(
        new Done(
            kept.getBoolean("banned"),
            kept.getInteger("sessionsEnded"),
            kept.getInteger("holdsReleased"),
            true));
  }

  @Override
  public Outcome refused(KeyRefusal reason) {
    return Outcome.of(new BanReply.KeyRefused(reason));
  }
}
