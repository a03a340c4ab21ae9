package io.concert.load;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Commands given to a service inside this process, as many open as keep its batches full. */
public final class Feed<C, R> {
  private static final int OPEN = 1_024;

  private final List<C> commands;
  private final Function<C, Future<R>> service;
  private final Function<R, Boolean> good;
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch answered;

  private Feed(List<C> commands, Function<C, Future<R>> service, Function<R, Boolean> good) {
    this.commands = commands;
    this.service = service;
    this.good = good;
    this.answered = new CountDownLatch(commands.size());
  }

  /**
   * @param good what every answer has to be
   * @return answers a second
   */
  public static <C, R> double rate(
      List<C> commands, Function<C, Future<R>> service, Function<R, Boolean> good) {
    Feed<C, R> feed = new Feed<>(commands, service, good);
    long began = System.nanoTime();
    for (int i = 0; i < OPEN; i++) {
      feed.ask();
    }
    try {
      feed.answered.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return commands.size() / ((System.nanoTime() - began) / 1e9);
  }

  private void ask() {
    int mine = next.getAndIncrement();
    if (mine >= commands.size()) {
      return;
    }
    service.apply(commands.get(mine)).onComplete(this::answered, Feed::failed);
  }

  private void answered(R reply) {
    if (!good.apply(reply)) {
      failed(new AssertionError("answered " + reply));
    }
    answered.countDown();
    ask();
  }

  private static void failed(Throwable failure) {
    failure.printStackTrace();
    System.exit(1);
  }
}
