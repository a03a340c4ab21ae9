package io.concert.bus;

import io.concert.domain.Fault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus over Vert.x's event bus. One instance serves a whole node.
 *
 * <p>What this node serves itself it asks of itself, unserialized: a hop to another node costs a
 * hundred times as much and adds a way to fail.
 */
public final class VertxBus implements Bus {
  private static final Logger log = LoggerFactory.getLogger(VertxBus.class);

  private final EventBus eventBus;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final Set<String> servedHere = ConcurrentHashMap.newKeySet();

  public VertxBus(Vertx vertx) {
    this.eventBus = vertx.eventBus();
  }

  @Override
  public <Q, R> Future<R> request(Address<Q, R> address, Q request) {
    registerCodecs(address);
    DeliveryOptions options =
        new DeliveryOptions()
            .setSendTimeout(address.timeout().toMillis())
            .setCodecName(requestCodec(address))
            .setLocalOnly(servedHere.contains(address.name()));
    return eventBus
        .<R>request(address.name(), request, options)
        .map(Message::body)
        .recover(failure -> Future.failedFuture(fault(address, failure)));
  }

  @Override
  public <Q, R> Future<Void> serve(Address<Q, R> address, Function<Q, Future<R>> service) {
    registerCodecs(address);
    DeliveryOptions replyOptions = new DeliveryOptions().setCodecName(replyCodec(address));
    servedHere.add(address.name());
    return eventBus
        .<Q>consumer(
            address.name(),
            message ->
                run(service, message.body())
                    .onSuccess(reply -> message.reply(reply, replyOptions))
                    .onFailure(failure -> fail(address, message, failure)))
        .completion();
  }

  private static <Q, R> Future<R> run(Function<Q, Future<R>> service, Q request) {
    try {
      return service.apply(request);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static <Q> void fail(Address<Q, ?> address, Message<Q> message, Throwable failure) {
    Fault fault = Fault.of(failure);
    String text = String.valueOf(fault.getMessage());
    if (fault.kind() == Fault.Kind.INTERNAL) {
      // The caller logs the text with the request's id; this leads from there to the cause.
      String incident = Long.toHexString(ThreadLocalRandom.current().nextLong());
      log.error("defect {} while serving {}", incident, address.name(), failure);
      text = "defect " + incident + ": " + text;
    }
    message.fail(fault.kind().code(), text);
  }

  private static Fault fault(Address<?, ?> address, Throwable failure) {
    if (!(failure instanceof ReplyException reply)) {
      return Fault.of(failure);
    }
    String what = address.name() + ": " + reply.getMessage();
    ReplyFailure type = reply.failureType();
    if (type == ReplyFailure.NO_HANDLERS) {
      return new Fault(Fault.Kind.UNAVAILABLE, what);
    }
    return type == ReplyFailure.RECIPIENT_FAILURE
        ? new Fault(Fault.Kind.ofCode(reply.failureCode()), what)
        : new Fault(Fault.Kind.OUTCOME_UNKNOWN, what);
  }

  private void registerCodecs(Address<?, ?> address) {
    if (known.add(address.name())) {
      eventBus.registerCodec(new RecordCodec<>(requestCodec(address), address.request()));
      eventBus.registerCodec(new RecordCodec<>(replyCodec(address), address.reply()));
    }
  }

  private static String requestCodec(Address<?, ?> address) {
    return address.name() + "?";
  }

  private static String replyCodec(Address<?, ?> address) {
    return address.name() + "!";
  }
}
