package io.concert.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.stream.OpenStreams;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherLimitsIT {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void answersWithinTenSecondsEvenIfAServiceNeverDoes() {
    Promise<Answer> never = Promise.promise();
    Http http =
        serve(
            Endpoint.get("/read", Access.PUBLIC, call -> never.future()),
            Endpoint.post("/command", Access.PUBLIC, BodyRule.JSON, call -> never.future()));
    long started = System.nanoTime();

    CompletableFuture<Void> read =
        CompletableFuture.runAsync(() -> http.get("/read").expect(503, "UNAVAILABLE"));
    http.post("/command").expect(504, "OUTCOME_UNKNOWN");
    read.join();

    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(12));
  }

  @Test
  void makesAProblemOfWhateverIsThrown() {
    Http http =
        serve(
            Endpoint.get(
                "/throws",
                Access.PUBLIC,
                call -> {
                  throw new IllegalStateException("secret");
                }),
            Endpoint.get("/guarded", Access.VIEWER, call -> Promise.<Answer>promise().future()));

    assertThat(http.get("/throws").expect(500, "INTERNAL").encode()).doesNotContain("secret");
    assertThat(http.get("/guarded").expect(500, "INTERNAL").encode()).doesNotContain("secret");
  }

  private Http serve(Endpoint... endpoints) {
    Router router = Router.router(vertx);
    DispatcherFixture.dispatcher(
            new OpenStreams(),
            (access, call) -> {
              if (access == Access.VIEWER) {
                throw new IllegalStateException("secret");
              }
            })
        .mount(router, List.of(endpoints));
    HttpServer server =
        vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
    return new Http(server.actualPort());
  }
}
