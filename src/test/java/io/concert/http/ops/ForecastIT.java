package io.concert.http.ops;

import static io.concert.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.access.Authenticator;
import io.concert.http.net.ConnectionLimits;
import io.concert.http.net.Connections;
import io.concert.http.web.Dispatcher;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.http.web.RequestMetrics;
import io.concert.http.web.stream.OpenStreams;
import io.concert.user.Operators;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forecasts over HTTP. */
class ForecastIT {
  private static final String PATH = "/api/v1/admin/forecasts";

  /** Half of them look for seats again and again: some seconds of work. */
  private static final String HEAVY =
      """
      {"people":1000000,"seats":1000,"capacity":1000000,"sessionSeconds":3600,"payPercent":0}
      """;

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();

  private static Http.Request ask(Http http, String body) {
    return http.post(PATH).bearer(DispatcherFixture.VIEWER).quoted(body);
  }

  private JsonObject forecast(String body) {
    return ask(http, body).expect(200);
  }

  @Test
  void tellsHowASaleGoes() {
    JsonObject told =
        forecast("{'people':20000,'seats':1000,'capacity':100,'otherCapacities':[50,400]}");

    JsonObject forecast = told.getJsonObject("forecast");
    assertThat(forecast.getInteger("capacity")).isEqualTo(100);
    assertThat(forecast.getString("end")).isEqualTo("SOLD_OUT");
    assertThat(forecast.getInteger("soldOutSeconds")).isEqualTo(forecast.getInteger("endSeconds"));
    assertThat(forecast.getInteger("sold")).isEqualTo(1_000);
    assertThat(forecast.getInteger("mostInside")).isEqualTo(100);
    JsonObject wait = forecast.getJsonObject("waitSeconds");
    assertThat(wait.getInteger("p50")).isBetween(60, wait.getInteger("p95"));
    assertThat(wait.getInteger("p99"))
        .isBetween(wait.getInteger("p95"), forecast.getInteger("endSeconds"));
    assertThat(forecast.getDouble("conversion"))
        .isEqualTo(
            Math.round(1_000.0 * forecast.getInteger("bought") / forecast.getInteger("letIn"))
                / 1_000.0);
    int people = 0;
    for (String what :
        List.of("bought", "unpaid", "idle", "gaveUp", "waitedInVain", "cameTooLate")) {
      people += forecast.getInteger(what);
    }
    assertThat(people).isEqualTo(20_000);
    JsonArray others = told.getJsonArray("others");
    assertThat(others).hasSize(2);
    assertThat(others.getJsonObject(0).getInteger("capacity")).isEqualTo(50);
    assertThat(others.getJsonObject(0).fieldNames()).isEqualTo(forecast.fieldNames());
    assertThat(others.getJsonObject(1).getInteger("soldOutSeconds"))
        .isLessThan(others.getJsonObject(0).getInteger("soldOutSeconds"));
    JsonArray series = told.getJsonArray("series");
    assertThat(series.size()).isBetween(50, 200);
    assertThat(series.getJsonObject(0).getInteger("second")).isZero();
    assertThat(series.getJsonObject(series.size() - 1))
        .isEqualTo(
            series
                .getJsonObject(series.size() - 1)
                .copy()
                .put("second", forecast.getInteger("endSeconds"))
                .put("sold", 1_000));
  }

  @Test
  void saysWhatItWasMadeWith() {
    JsonObject settings =
        forecast("{'people':100,'seats':50,'capacity':null,'sessionSeconds':300,'payPercent':90}")
            .getJsonObject("settings");

    assertThat(settings)
        .isEqualTo(
            new JsonObject(
                """
                {"people":100,"seats":50,"capacity":600,"sessionSeconds":300,
                 "firstActionSeconds":30,"admitPerSecond":0,"holdSeconds":300,
                 "otherCapacities":null,"seatsPerBuyer":[296,442,109,153],"gatheredPercent":27,
                 "rushPercent":20,"rushSeconds":15,"laterSeconds":480,"giveUpPercent":25,
                 "giveUpSeconds":900,"idlePercent":5,"chooseSeconds":40,"payMedianSeconds":176,
                 "payP90Seconds":910,"payPercent":90,"seed":1}
                """));
    assertThat(forecast(settings.encode()).getJsonObject("settings")).isEqualTo(settings);
  }

  @Test
  void sameSeedIsTheSameAnswer() {
    String body = "{'people':5000,'seats':300,'capacity':40,'seed':%d}";
    JsonObject once = forecast(body.formatted(5));

    assertThat(forecast(body.formatted(5))).isEqualTo(once);
    assertThat(forecast(body.formatted(6)).getJsonArray("series"))
        .isNotEqualTo(once.getJsonArray("series"));
  }

  @Test
  void everySettingCounts() {
    String usual = "'people':3000,'seats':300,'capacity':40,'admitPerSecond':50";
    Set<String> told = new HashSet<>();
    told.add(headline("{" + usual + "}"));
    List<String> changes =
        List.of(
            "'sessionSeconds':200",
            "'firstActionSeconds':20",
            "'holdSeconds':100",
            "'seatsPerBuyer':[0,1]",
            "'gatheredPercent':60",
            "'rushPercent':60",
            "'rushSeconds':600",
            "'laterSeconds':60",
            "'giveUpPercent':90",
            "'giveUpSeconds':60",
            "'idlePercent':50",
            "'chooseSeconds':120",
            "'payMedianSeconds':20",
            "'payP90Seconds':400",
            "'payPercent':50");
    for (String change : changes) {
      assertThat(told.add(headline("{" + usual + "," + change + "}"))).as(change).isTrue();
    }
    assertThat(told.add(headline("{" + usual.replace("50", "1") + "}"))).as("pace").isTrue();
  }

  private String headline(String body) {
    return forecast(body).getJsonObject("forecast").encode();
  }

  @Test
  void saysWhenASaleDoesNotSellOut() {
    JsonObject left =
        forecast("{'people':100,'seats':5000,'capacity':100}").getJsonObject("forecast");
    assertThat(left.getString("end")).isEqualTo("EVERYBODY_GONE");
    assertThat(left.getValue("soldOutSeconds")).isNull();

    JsonObject slow =
        forecast("{'people':5000,'seats':5000,'capacity':1}").getJsonObject("forecast");
    assertThat(slow.getString("end")).isEqualTo("DAY_OVER");
    assertThat(slow.getInteger("endSeconds")).isEqualTo(86_400);
    assertThat(slow.getValue("soldOutSeconds")).isNull();
  }

  @Test
  void takesAMillionPeople() {
    JsonObject told = forecast("{'people':1000000,'seats':20000,'capacity':2000}");

    assertThat(told.getJsonObject("forecast").getInteger("sold")).isEqualTo(20_000);
  }

  @ParameterizedTest
  @CsvSource({
    "people, 0, 1000001",
    "seats, 0, 1000001",
    "capacity, 0, 1000001",
    "sessionSeconds, 0, 86401",
    "firstActionSeconds, -1, 601",
    "admitPerSecond, -1, 1000001",
    "holdSeconds, 0, 86401",
    "gatheredPercent, -1, 101",
    "rushPercent, -1, 74",
    "rushSeconds, 0, 3601",
    "laterSeconds, 0, 86401",
    "giveUpPercent, -1, 101",
    "giveUpSeconds, 0, 86401",
    "idlePercent, -1, 101",
    "chooseSeconds, 0, 3601",
    "payMedianSeconds, 0, 910",
    "payP90Seconds, 176, 86401",
    "payPercent, -1, 101",
    "seed, -1, 9007199254740992"
  })
  void refusesWhatIsOutOfBounds(String name, long below, long above) {
    for (long value : new long[] {below, above}) {
      JsonObject problem = ask(http, "{'%s':%d}".formatted(name, value)).expect(400, "MALFORMED");
      assertThat(problem.getString("detail")).contains("`" + name + "`");
    }
  }

  /** One further is refused; see above. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'people':1,'seats':1,'capacity':1,'sessionSeconds':1,'holdSeconds':1",
        "'people':10,'seats':1000000,'capacity':1000000,'sessionSeconds':86400",
        "'firstActionSeconds':0,'admitPerSecond':0,'holdSeconds':86400,'seed':0",
        "'firstActionSeconds':600,'admitPerSecond':1000000,'seed':9007199254740991",
        "'gatheredPercent':0,'rushPercent':100,'rushSeconds':1,'laterSeconds':1",
        "'gatheredPercent':100,'rushPercent':0,'rushSeconds':3600,'laterSeconds':86400",
        "'giveUpPercent':0,'giveUpSeconds':1,'idlePercent':0,'chooseSeconds':1",
        "'giveUpPercent':100,'giveUpSeconds':86400,'idlePercent':100,'chooseSeconds':3600",
        "'payPercent':0,'payMedianSeconds':1,'payP90Seconds':2",
        "'payPercent':100,'payMedianSeconds':86399,'payP90Seconds':86400",
        "'seatsPerBuyer':[0,0,0,0,0,0,0,0,0,1000000],'otherCapacities':[1,1000000,1,1]",
      })
  void takesWhatIsWithinTheBounds(String members) {
    String few = members.contains("people") ? "" : "'people':10,'seats':10,'capacity':10,";
    JsonObject settings = forecast("{" + few + members + "}").getJsonObject("settings");

    new JsonObject(("{" + members + "}").replace('\'', '"'))
        .forEach(
            member -> assertThat(settings.getValue(member.getKey())).isEqualTo(member.getValue()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'seatsPerBuyer':[]",
        "'seatsPerBuyer':[0,0]",
        "'seatsPerBuyer':[1,1,1,1,1,1,1,1,1,1,1]",
        "'seatsPerBuyer':[-1]",
        "'seatsPerBuyer':[1000001]",
        "'seatsPerBuyer':[1.5]",
        "'seatsPerBuyer':[null]",
        "'seatsPerBuyer':2",
        "'otherCapacities':[1,2,3,4,5]",
        "'otherCapacities':[0]",
        "'otherCapacities':[1000001]",
        "'otherCapacities':['1']",
        "'otherCapacities':[]",
        "'schedule':'s999999'",
        "'schedule':'x'",
        "'schedule':''",
        "'schedule':7",
        "'unknown':1"
      })
  void refusesLists(String member) {
    ask(http, "{" + member + "}").expect(400, "MALFORMED");
  }

  @Test
  void refusesABodyThatIsTooLarge() {
    String spaces = " ".repeat(64 * 1024);
    ask(http, "{'people':10" + spaces + "}").expect(413, "BODY_TOO_LARGE");
    ask(http, "{'people':10" + spaces.substring(20) + "}").expect(200);
  }

  /** There is such a date, but nobody came to its sale. */
  @Test
  void takesNothingAfterASaleThatNobodyCameTo() {
    JsonObject problem =
        ask(http, "{'schedule':'" + dispatcher.otherSchedule + "'}").expect(400, "MALFORMED");
    assertThat(problem.getString("detail")).contains("`schedule`");

    assertThat(forecast("{'people':100,'seats':10,'schedule':null}").getValue("observed")).isNull();
  }

  @Test
  void makesOneAtATime() {
    CompletableFuture<HttpResponse<byte[]>> heavy =
        CompletableFuture.supplyAsync(this::heavyWhenItsTurnComes);
    List<HttpResponse<byte[]>> answers = new ArrayList<>();
    until(
        "a second is refused",
        Duration.ofSeconds(10),
        () -> {
          assertThat(heavy).as("no second was refused meanwhile").isNotDone();
          answers.add(0, ask(http, "{'people':10}").send());
          return answers.get(0).statusCode() == 429;
        });
    HttpResponse<byte[]> refused = answers.get(0);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).contains("2");
    assertThat(Http.problemOf(refused).getString("code")).isEqualTo("RATE_LIMITED");
    // Bad ones are told what is wrong with them all the same, and everything else goes on.
    ask(http, "{'people':0}").expect(400, "MALFORMED");
    http.get("/health/live").expect(200);

    // On a slow machine it takes too long, and says so. Either way the next one's turn comes.
    assertThat(heavy.join().statusCode()).isIn(200, 503);
    ask(http, "{'people':10}").expect(200);
  }

  private HttpResponse<byte[]> heavyWhenItsTurnComes() {
    HttpResponse<byte[]> response = ask(http, HEAVY).send();
    while (response.statusCode() == 429) {
      response = ask(http, HEAVY).send();
    }
    return response;
  }

  @Test
  void endsWhatTakesTooLong() {
    Authenticator authenticator =
        new Authenticator(
            dispatcher.tokens, Operators.parse("v:viewer:" + DispatcherFixture.VIEWER));
    Router router = Router.router(dispatcher.vertx);
    OpenStreams streams = new OpenStreams();
    Connections connections =
        new Connections(new ConnectionLimits(10, 10, 1 << 20, 1 << 20), from -> Optional.empty());
    new Dispatcher(
            streams,
            connections,
            new RequestMetrics(new SimpleMeterRegistry(), streams),
            authenticator)
        .mount(
            router,
            new ForecastRoutes(
                    dispatcher.vertx,
                    dispatcher.services().reports(),
                    dispatcher.services().catalog(),
                    Duration.ZERO)
                .endpoints());
    HttpServer server =
        dispatcher
            .vertx
            .createHttpServer()
            .connectionHandler(connections::admit)
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .await();
    Http impatient = new Http(server.actualPort());

    for (int i = 0; i < 2; i++) { // The first one's end lets the second one begin.
      ask(impatient, "{'people':10}").expect(503, "OVERLOADED");
    }
    server.close().await();
  }
}
