package io.concert.http.catalog;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.catalog.CatalogAdmin;
import io.concert.catalog.ConcertChange;
import io.concert.catalog.ConcertDetails;
import io.concert.catalog.NewConcert;
import io.concert.domain.ConcertId;
import io.concert.domain.RoomId;
import io.concert.http.access.Caller;
import io.concert.http.web.Access;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.http.web.Problem;
import io.concert.http.web.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Making and changing concerts. For operators. */
public final class AdminRoutes {
  private static final int LONGEST = 200;

  private final CatalogAdmin admin;
  private final int holdLimit;

  public AdminRoutes(CatalogAdmin admin, int holdLimit) {
    this.admin = admin;
    this.holdLimit = holdLimit;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post(
            "/api/v1/admin/concerts", Access.OPERATOR, BodyRule.JSON, this::createConcert),
        Endpoint.patch(
            "/api/v1/admin/concerts/{id}", Access.OPERATOR, BodyRule.JSON, this::changeConcert));
  }

  private Future<Answer> createConcert(Call call) {
    JsonFields fields = call.fields();
    String title = filled(fields, "title");
    String venue = filled(fields, "venue");
    RoomId room =
        RoomId.parse(fields.optionalText("room", LONGEST).orElse(RoomId.DEFAULT.name()))
            .orElseThrow(() -> malformed("No such `room`."));
    ZoneId zone = zone(fields.optionalText("timeZone", LONGEST).orElse("Asia/Seoul"));
    long limit = fields.optionalWhole("holdLimit").orElse(holdLimit);
    fields.end();
    NewConcert concert = new NewConcert(title, venue, room, zone, holdLimit(limit));
    return admin.createConcert(concert, Caller.actor(call)).map(CatalogVerdicts::made);
  }

  private Future<Answer> changeConcert(Call call) {
    ConcertId id =
        ConcertId.parse(call.path("id"))
            .orElseThrow(() -> Problem.of(ProblemCode.NOT_FOUND, "No such concert.").exception());
    JsonFields fields = call.fields();
    Optional<String> title = optionallyFilled(fields, "title");
    Optional<String> venue = optionallyFilled(fields, "venue");
    Optional<ZoneId> zone = fields.optionalText("timeZone", LONGEST).map(AdminRoutes::zone);
    OptionalLong limit = fields.optionalWhole("holdLimit");
    fields.end();
    if (title.isEmpty() && venue.isEmpty() && zone.isEmpty() && limit.isEmpty()) {
      throw malformed("Nothing to change.");
    }
    ConcertChange change =
        new ConcertChange(
            title,
            venue,
            zone,
            limit.isPresent() ? OptionalInt.of(holdLimit(limit.getAsLong())) : OptionalInt.empty());
    return admin
        .changeConcert(id, change, Caller.actor(call))
        .map(
            reply ->
                CatalogVerdicts.marked(Answer.ok(body(id, CatalogVerdicts.inPath(reply))), reply));
  }

  private static JsonObject body(ConcertId id, ConcertDetails details) {
    return new JsonObject()
        .put("concertId", id.toString())
        .put("title", details.title())
        .put("venue", details.venue())
        .put("timeZone", details.timeZone().getId())
        .put("holdLimit", details.holdLimit());
  }

  private static int holdLimit(long limit) {
    if (limit < 1 || limit > 1000) {
      throw malformed("`holdLimit` must be 1 to 1000.");
    }
    return (int) limit;
  }

  private static Optional<String> optionallyFilled(JsonFields fields, String name) {
    Optional<String> text = fields.optionalText(name, LONGEST);
    return text.map(given -> filled(given, name));
  }

  private static String filled(JsonFields fields, String name) {
    return filled(fields.text(name, LONGEST), name);
  }

  private static String filled(String text, String name) {
    if (text.isBlank()) {
      throw malformed("`" + name + "` is empty.");
    }
    return text;
  }

  /**
   * A region of IANA's database. Java takes more ({@code +09:00}, {@code Z}, {@code UT}), which no
   * browser's {@code Intl} does.
   */
  private static ZoneId zone(String text) {
    if (!ZoneId.getAvailableZoneIds().contains(text) || text.startsWith("SystemV/")) {
      throw malformed("`timeZone` must be the name of an IANA region, such as Asia/Seoul.");
    }
    return ZoneId.of(text);
  }
}
