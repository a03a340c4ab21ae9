package io.concert.events.delivery;

import io.concert.events.api.Event;
import io.concert.events.store.Leased;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to a webhook. What counts is the status of the answer: 2xx, and they are delivered.
 * Redirects aren't followed, and what the answer says is thrown away, as far as it is read at all.
 */
final class WebhookClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int IDLE_SECONDS = 30;
  private static final int CONNECTIONS_TO_ONE = 8;

  /** Answers that are longer cost their connection. */
  private static final long LONGEST_ANSWER = 64L * 1024;

  private final WebhookTargets targets;
  private final HttpClient http;
  private final InstantSource clock;
  private final Duration timeout;

  /**
   * @param options more, such as whom to trust
   */
  WebhookClient(
      Vertx vertx,
      WebhookTargets targets,
      InstantSource clock,
      Duration timeout,
      HttpClientOptions options) {
    this.targets = targets;
    this.clock = clock;
    this.timeout = timeout;
    this.http =
        vertx.createHttpClient(
            options
                .setConnectTimeout((int) CONNECT.toMillis())
                .setIdleTimeout(IDLE_SECONDS)
                .setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_TO_ONE).setMaxWaitQueueSize(64));
  }

  /**
   * One attempt. Whether events that failed have arrived nobody knows.
   *
   * @return empty if they were taken, else why not, in a few words for operators
   */
  Future<Optional<String>> send(Leased webhook, List<Event> events) {
    Buffer body = body(events);
    long timestamp = clock.instant().getEpochSecond();
    var begun = new AtomicReference<@Nullable HttpClientRequest>();
    return targets
        .resolve(webhook.url())
        .compose(target -> http.request(options(target)))
        .compose(
            request -> {
              begun.set(request);
              request
                  .putHeader("Content-Type", "application/json")
                  .putHeader("User-Agent", "concert-reservation")
                  .putHeader(Signature.TIMESTAMP, Long.toString(timestamp))
                  .putHeader(
                      Signature.SIGNATURE, Signature.header(webhook.secrets(), timestamp, body));
              return request.send(body);
            })
        .map(WebhookClient::verdict)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              HttpClientRequest request = begun.get();
              if (request != null) {
                var unused = request.reset();
              }
              return Future.succeededFuture(Optional.of(words(failure)));
            });
  }

  static Buffer body(List<Event> events) {
    JsonArray list = new JsonArray();
    events.forEach(event -> list.add(event.json()));
    return new JsonObject().put("events", list).toBuffer();
  }

  /** To the address that was looked at, though by the URL's name. */
  private static RequestOptions options(WebhookTargets.Target target) {
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(
            SocketAddress.inetSocketAddress(target.port(), target.address().getHostAddress()))
        .setHost(target.host())
        .setPort(target.port())
        .setSsl(target.tls())
        .setURI(target.path());
  }

  private static Optional<String> verdict(HttpClientResponse response) {
    discard(response);
    int status = response.statusCode();
    return status >= 200 && status < 300
        ? Optional.empty()
        : Optional.of("answered with status " + status);
  }

  private static void discard(HttpClientResponse response) {
    var read =
        new Object() {
          long bytes;
        };
    response.exceptionHandler(failure -> {});
    response.handler(
        part -> {
          read.bytes += part.length();
          if (read.bytes > LONGEST_ANSWER) {
            var unused = response.request().reset();
          }
        });
  }

  /** Never a message of somebody else's: it may quote the URL. */
  private static String words(Throwable failure) {
    if (failure instanceof WebhookTargets.Refused refused) {
      return "not sent: " + refused.getMessage();
    }
    return failure instanceof TimeoutException
        ? "no answer in time"
        : "no answer: " + failure.getClass().getSimpleName();
  }

  Future<Void> close() {
    return http.close();
  }
}
