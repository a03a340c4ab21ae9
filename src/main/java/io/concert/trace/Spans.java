package io.concert.trace;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says what belongs to which trace. Names are the program's own words: nothing that a client sent
 * is ever part of one.
 */
public interface Spans {
  /** No collector: nothing is kept, and nothing costs anything. */
  Spans OFF = new NoSpans();

  boolean areOn();

  /** The request that is being answered is one for this route, as the contract writes it. */
  void route(String method, String path);

  /** Where the work stands that is done now; {@link Origin#NONE} outside of any trace. */
  Origin here();

  /** What {@link Step#text} gave on another member; NONE if it is none. */
  Origin origin(String text);

  /** One step of what began at the origin; at NONE nobody hears of it. */
  Step step(String name, Origin origin);

  /**
   * A step that many traces have in common. It is part of the first and linked with the others.
   *
   * @param origins NONE among them are left out
   */
  Step shared(String name, List<Origin> origins);

  /**
   * Runs work so that what it asks of the database belongs to a step.
   *
   * @param vertx of the caller's context, on whose event loop it runs
   */
  <T> Future<T> within(Step step, Vertx vertx, Supplier<Future<T>> work);

  /** A promise whose future goes on in the caller's trace, whoever keeps it. */
  <T> Promise<T> promise(Vertx vertx);
}
