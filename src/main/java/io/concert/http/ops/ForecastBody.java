package io.concert.http.ops;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.forecast.Behaviour;
import io.concert.forecast.Outcome;
import io.concert.forecast.PayTime;
import io.concert.forecast.Point;
import io.concert.forecast.Sale;
import io.concert.http.web.JsonFields;
import io.concert.http.web.ProblemException;
import io.concert.ops.report.Observed;
import io.concert.queue.api.RoomSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Forecasts as they are asked for and told. */
final class ForecastBody {
  static final int MOST_PEOPLE = 1_000_000;
  static final int MOST_OTHERS = 4;

  private static final int MOST_SEATS = 1_000_000;
  private static final int MOST_SEATS_EACH = 10;
  private static final int MOST_WEIGHT = 1_000_000;
  private static final int DAY = 86_400;
  private static final int HOUR = 3_600;

  /** What a JavaScript number holds exactly. */
  private static final long MOST_SEED = (1L << 53) - 1;

  /** Korea-Brazil 2022 (nocutnews.co.kr/news/5762766). */
  private static final int PEOPLE = 740_000;

  private static final int SEATS = 64_000;

  /** Our choice: with it that sale takes about the four hours that it took. */
  private static final int CAPACITY = 600;

  private static final int SESSION_SECONDS = 600;
  private static final int HOLD_SECONDS = 300;

  private final JsonFields fields;
  private final Optional<Observed> past;

  /** What the forecast is made with, whether it was asked for or is usual. */
  private final JsonObject used = new JsonObject();

  /** What was taken from a past sale. */
  private final JsonObject taken = new JsonObject();

  private ForecastBody(JsonFields fields, Optional<Observed> past) {
    this.fields = fields;
    this.past = past;
  }

  /**
   * A forecast to be made.
   *
   * @param others capacities to be compared
   * @param used all of it, as it is told
   * @param taken what of that is from a past sale; empty if none was named
   */
  record Asked(
      int people,
      long seed,
      Sale sale,
      Behaviour behaviour,
      List<Integer> others,
      JsonObject used,
      Optional<JsonObject> taken) {
    Asked {
      others = List.copyOf(others);
    }
  }

  /**
   * @param past what was seen of a past sale, for what isn't in the body
   * @throws ProblemException MALFORMED
   */
  static Asked read(JsonFields fields, Optional<Observed> past) {
    ForecastBody body = new ForecastBody(fields, past);
    int people = body.number("people", PEOPLE, 1, MOST_PEOPLE);
    Sale sale = body.sale();
    List<Integer> others =
        body.numbers("otherCapacities", List.of(), MOST_OTHERS, 1, RoomSettings.MOST_CAPACITY);
    Behaviour behaviour = body.behaviour(Behaviour.PUBLISHED);
    long seed = body.whole("seed", 1, 0, MOST_SEED);
    fields.end();
    return new Asked(
        people, seed, sale, behaviour, others, body.used, past.map(seen -> body.taken));
  }

  private Sale sale() {
    int seats = number("seats", SEATS, 1, MOST_SEATS);
    int capacity = number("capacity", CAPACITY, 1, RoomSettings.MOST_CAPACITY);
    int session =
        number(
            "sessionSeconds", SESSION_SECONDS, 1, (int) RoomSettings.LONGEST_SESSION.toSeconds());
    long usual = RoomSettings.usualFirstAction(Duration.ofSeconds(session)).toSeconds();
    int firstAction = number("firstActionSeconds", usual, 0, session);
    int perSecond = number("admitPerSecond", 0, 0, RoomSettings.MOST_PER_SECOND);
    int hold = number("holdSeconds", HOLD_SECONDS, 1, DAY);
    return new Sale(seats, capacity, 1_000 * session, 1_000 * firstAction, perSecond, 1_000 * hold);
  }

  private Behaviour behaviour(Behaviour usual) {
    List<Integer> orders = numbers("seatsPerBuyer", orders(usual), MOST_SEATS_EACH, 0, MOST_WEIGHT);
    if (orders.stream().allMatch(weight -> weight == 0)) {
      throw malformed("`seatsPerBuyer` must have a number that isn't 0.");
    }
    double gathered = share("gatheredPercent", usual.gathered());
    double rush = share("rushPercent", usual.rush());
    if (gathered + rush > 1) {
      throw malformed("`gatheredPercent` and `rushPercent` must be 100 together at most.");
    }
    return new Behaviour(
        gathered,
        rush,
        millis("rushSeconds", usual.rushMillis(), HOUR),
        millis("laterSeconds", usual.laterMillis(), DAY),
        share("giveUpPercent", usual.impatient()),
        millis("giveUpSeconds", usual.patienceMillis(), DAY),
        share("idlePercent", usual.idle()),
        millis("chooseSeconds", usual.chooseMillis(), HOUR),
        payTime(usual.payTime()),
        1 - share("payPercent", 1 - usual.unpaid()),
        orders);
  }

  private List<Integer> orders(Behaviour usual) {
    List<Long> seen = past.map(Observed::seatsPerBuyer).orElse(List.of());
    if (seen.isEmpty() || fields.has("seatsPerBuyer")) {
      return usual.orders();
    }
    List<Integer> orders =
        seen.stream().map(buyers -> (int) Math.min(MOST_WEIGHT, buyers)).toList();
    taken.put("seatsPerBuyer", new JsonArray(orders));
    return orders;
  }

  private PayTime payTime(PayTime usual) {
    int median = millis("payMedianSeconds", usual.medianMillis(), DAY);
    int p90 = millis("payP90Seconds", usual.p90Millis(), DAY);
    if (p90 <= median) {
      throw malformed("`payP90Seconds` must be more than `payMedianSeconds`.");
    }
    return new PayTime(median, p90);
  }

  private double share(String name, double usual) {
    return number(name, Math.round(100 * usual), 0, 100) / 100.0;
  }

  /** A time of at least a second. */
  private int millis(String name, int usualMillis, int mostSeconds) {
    return 1_000 * number(name, usualMillis / 1_000, 1, mostSeconds);
  }

  private int number(String name, long usual, int least, int most) {
    return (int) whole(name, usual, least, most);
  }

  private long whole(String name, long usual, long least, long most) {
    OptionalLong asked = fields.optionalWhole(name);
    long value = asked.orElseGet(() -> unasked(name, usual, least, most));
    if (value < least || value > most) {
      throw malformed("`" + name + "` must be " + least + " to " + most + ".");
    }
    used.put(name, value);
    return value;
  }

  /** As it was seen, as near as a forecast may be asked for. */
  private long unasked(String name, long usual, long least, long most) {
    Optional<Long> seen = past.map(Observed::numbers).map(numbers -> numbers.get(name));
    seen.map(value -> Math.min(most, Math.max(least, value)))
        .ifPresent(value -> taken.put(name, value));
    return taken.containsKey(name) ? taken.getLong(name) : usual;
  }

  private List<Integer> numbers(
      String name, List<Integer> usual, int mostItems, int least, int most) {
    List<Integer> values =
        fields
            .optionalWholes(name, mostItems, least, most)
            .map(wholes -> wholes.stream().map(Long::intValue).toList())
            .orElse(usual);
    used.put(name, values.isEmpty() ? null : new JsonArray(values));
    return values;
  }

  /**
   * @param outcomes of the capacity asked for first, then of the others
   */
  static JsonObject json(Asked asked, List<Outcome> outcomes) {
    JsonArray others = new JsonArray();
    for (int i = 1; i < outcomes.size(); i++) {
      others.add(headline(asked.others().get(i - 1), outcomes.get(i)));
    }
    JsonArray series = new JsonArray();
    outcomes.get(0).series().forEach(point -> series.add(json(point)));
    return new JsonObject()
        .put("settings", asked.used())
        .put("observed", asked.taken().orElse(null))
        .put("forecast", headline(asked.sale().capacity(), outcomes.get(0)))
        .put("others", others)
        .put("series", series);
  }

  private static JsonObject headline(int capacity, Outcome outcome) {
    boolean soldOut = outcome.end() == Outcome.End.SOLD_OUT;
    return new JsonObject()
        .put("capacity", capacity)
        .put("end", outcome.end().name())
        .put("endSeconds", seconds(outcome.endMillis()))
        .put("soldOutSeconds", soldOut ? seconds(outcome.endMillis()) : null)
        .put("sold", outcome.sold())
        .put(
            "waitSeconds",
            new JsonObject()
                .put("p50", seconds(outcome.waits().quantile(0.5)))
                .put("p95", seconds(outcome.waits().quantile(0.95)))
                .put("p99", seconds(outcome.waits().quantile(0.99))))
        .put("admittedPerSecond", rounded(outcome.admittedPerSecond()))
        .put("mostInside", outcome.mostInside())
        .put("meanInside", rounded(outcome.meanInside()))
        .put("conversion", rounded(outcome.conversion()))
        .put("letIn", outcome.letIn())
        .put("bought", outcome.buyers())
        .put("unpaid", outcome.unpaid())
        .put("idle", outcome.idle())
        .put("gaveUp", outcome.gaveUp())
        .put("waitedInVain", outcome.inVain())
        .put("cameTooLate", outcome.tooLate());
  }

  private static JsonObject json(Point point) {
    return new JsonObject()
        .put("second", seconds(point.millis()))
        .put("waiting", point.waiting())
        .put("inside", point.inside())
        .put("sold", point.sold());
  }

  private static long seconds(int millis) {
    return Math.round(millis / 1_000.0);
  }

  private static double rounded(double value) {
    return Math.round(1_000 * value) / 1_000.0;
  }
}
