package io.concert.catalog;

import io.concert.catalog.layout.Layout;
import io.concert.catalog.placement.LayoutDraft;
import io.concert.domain.Actor;
import io.concert.domain.ConcertId;
import io.concert.domain.KeyRefusal;
import io.concert.domain.ScheduleId;
import io.vertx.core.Future;

/**
 * Changes to what is on sale. Each writes its row of the audit log in the same transaction, and its
 * answer beside the actor's key, if there is one: sent again, it changes nothing. Every future
 * fails with a {@link io.concert.domain.Fault} as the database does.
 */
public interface CatalogAdmin {
  /** Refused: UNKNOWN_ROOM. */
  Future<Reply<ConcertId>> createConcert(NewConcert concert, Actor actor);

  /**
   * Changes what a concert is called, where it is and how many seats a person gets, for all of its
   * dates and at any time: what is held or sold stays so. Refused: UNKNOWN_CONCERT.
   *
   * @return the details as they are now
   */
  Future<Reply<ConcertDetails>> changeConcert(ConcertId concert, ConcertChange change, Actor actor);

  /** Refused: UNKNOWN_CONCERT, IN_THE_PAST, OPENS_TOO_LATE, CLOSES_TOO_EARLY. */
  Future<Reply<ScheduleId>> createSchedule(NewSchedule schedule, Actor actor);

  /**
   * Gives a date its seats, instead of those it may have had. Only while none of them was ever held
   * or sold. The same section, row and number keeps its id, and stays blocked if it is; other seats
   * get ids that no seat of the date ever had.
   *
   * <p>Refused: UNKNOWN_SCHEDULE, CANCELLED, HAS_HOLDS, HAS_BILLS, TOO_MANY_PLANS, LOSES_BLOCKS.
   */
  Future<Reply<PutLayout>> putLayout(ScheduleId schedule, LayoutDraft layout, Actor actor);

  /**
   * Opens or closes a date's sale by hand. Refused: UNKNOWN_SCHEDULE, CANCELLED.
   *
   * @param open true leaves it to the opening and closing times; false closes it whatever they say
   */
  Future<Reply<SaleSwitch>> setSaleState(ScheduleId schedule, boolean open, Actor actor);

  /**
   * Changes when a date's show begins, when its sale opens and closes and until when tickets may be
   * given back. Tickets that are sold stay sold. Refused: UNKNOWN_SCHEDULE, CANCELLED, IN_THE_PAST
   * (only a new start is looked at), OPENS_TOO_LATE, CLOSES_TOO_EARLY.
   *
   * @return the times as they are now
   */
  Future<Reply<ScheduleTimes>> changeTimes(ScheduleId schedule, ScheduleChange change, Actor actor);

  /**
   * Calls a date off for good: nothing of it can be held or paid from now on. Its bills are left to
   * the job that refunds them. Cancelled already: nothing happens. Refused: UNKNOWN_SCHEDULE.
   */
  Future<Reply<SaleSwitch>> cancel(ScheduleId schedule, Actor actor);

  /** The verdict on a change. */
  sealed interface Reply<T> {}

  /**
   * The change is committed.
   *
   * @param replayed it was made for the first request with this key, and this is what that one was
   *     answered
   */
  record Done<T>(T value, boolean replayed) implements Reply<T> {
    public Done(T value) {
      this(value, false);
    }
  }

  /** Nothing was changed: the actor's key stands in the way. */
  record KeyRefused<T>(KeyRefusal reason) implements Reply<T> {}

  /** Nothing was changed. */
  record Refused<T>(Refusal reason) implements Reply<T> {}

  /**
   * @param seats how many there are now
   * @param version names the layout, as {@link Layout#version}
   */
  record PutLayout(int seats, String version) {}

  /** Why a change was refused. */
  enum Refusal {
    UNKNOWN_ROOM,
    UNKNOWN_CONCERT,
    UNKNOWN_SCHEDULE,
    /** The date is called off for good. */
    CANCELLED,
    /** The show would begin in the past. */
    IN_THE_PAST,
    /** The sale would open when the show has begun. */
    OPENS_TOO_LATE,
    /** The sale would close before it opens. */
    CLOSES_TOO_EARLY,
    /** Corrected so often that there have been more seats than ids are given for. */
    TOO_MANY_PLANS,
    /** A seat of the date was held once, even if it is free now. */
    HAS_HOLDS,
    /** The new plan hasn't all of the seats that operators have blocked. */
    LOSES_BLOCKS,
    /** A seat of the date was sold once, even if it was refunded. */
    HAS_BILLS
  }
}
