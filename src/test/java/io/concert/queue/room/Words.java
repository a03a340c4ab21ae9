package io.concert.queue.room;

/** A room's answers in words that a person could compare; pace and estimates are left out. */
final class Words {
  private Words() {}

  /**
   * @param now when it was asked
   */
  static String of(RoomReply reply, long now) {
    if (reply instanceof RoomReply.Standing standing) {
      return (standing.created() ? "new " : "") + of(standing);
    }
    if (reply instanceof RoomReply.AskDatabase ask) {
      return "ask " + ask.place();
    }
    if (reply instanceof RoomReply.MissedTurn) {
      return "missed";
    }
    if (reply instanceof RoomReply.KeepsAnother) {
      return "elsewhere";
    }
    if (reply instanceof RoomReply.Checked checked) {
      return checked.admission().state()
          + checked.admission().session().map(it -> " in session " + it.number()).orElse("");
    }
    if (reply instanceof RoomReply.InSession in) {
      return "in session " + in.session().number();
    }
    if (reply instanceof RoomReply.NeedsPlaces places) {
      return "needs places " + places.epoch() + " up to " + places.upTo();
    }
    if (reply instanceof RoomReply.TooManyJoins tooMany) {
      return "too many until " + (now + tooMany.retryAfterMillis());
    }
    if (reply instanceof RoomReply.LineUp lineUp) {
      return of(lineUp);
    }
    if (reply instanceof RoomReply.NeedsEpoch) {
      return "needs epoch";
    }
    if (reply instanceof RoomReply.NoPlace) {
      return "no place";
    }
    if (reply instanceof RoomReply.OwnersLeft left) {
      return "owners left " + left.sessions().stream().map(it -> it.id().number()).toList();
    }
    if (reply instanceof RoomReply.Done) {
      return "done";
    }
    throw new AssertionError(reply);
  }

  private static String of(RoomReply.Standing standing) {
    String place = standing.place() + " " + standing.arrivalMillis();
    return switch (standing.state()) {
      case WAITING, PAUSED -> standing.state() + " " + standing.number() + " " + place;
      case NOT_OPEN ->
          "NOT_OPEN " + standing.number() + " " + place + " opens " + standing.opensAtMillis();
      case ACTIVE -> "ACTIVE " + place + " until " + standing.expiresAtMillis();
      case ENDED -> "ended";
    };
  }

  private static String of(RoomReply.LineUp lineUp) {
    return "%s xid %d epoch %d needs epoch %s places %d in use %s"
        .formatted(
            lineUp.people().stream()
                .map(one -> one.user() + " " + one.place() + " " + one.arrivalMillis())
                .toList(),
            lineUp.asOfXid(),
            lineUp.epoch(),
            lineUp.needsEpoch(),
            lineUp.reserveUpTo(),
            lineUp.inUse());
  }
}
