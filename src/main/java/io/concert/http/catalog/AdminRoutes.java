package io.concert.http.catalog;

import static io.concert.http.web.JsonBody.malformed;

import io.concert.catalog.CatalogAdmin;
import io.concert.catalog.NewConcert;
import io.concert.domain.RoomId;
import io.concert.http.access.Authenticator;
import io.concert.http.web.Answer;
import io.concert.http.web.Call;
import io.concert.http.web.Endpoint;
import io.concert.http.web.Endpoint.BodyRule;
import io.concert.http.web.JsonFields;
import io.concert.user.Operator.Role;
import io.vertx.core.Future;
import java.time.ZoneId;
import java.util.List;

/** Making concerts. For operators. */
public final class AdminRoutes {
  private static final int LONGEST = 200;

  private final CatalogAdmin admin;
  private final Authenticator authenticator;
  private final int holdLimit;

  public AdminRoutes(CatalogAdmin admin, Authenticator authenticator, int holdLimit) {
    this.admin = admin;
    this.authenticator = authenticator;
    this.holdLimit = holdLimit;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("/api/v1/admin/concerts", BodyRule.JSON, this::createConcert)
            .guardedBy(call -> authenticator.requireOperator(call, Role.OPERATOR)));
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
    if (limit < 1 || limit > 1000) {
      throw malformed("`holdLimit` must be 1 to 1000.");
    }
    NewConcert concert = new NewConcert(title, venue, room, zone, (int) limit);
    return admin
        .createConcert(concert, authenticator.actor(call, Role.OPERATOR))
        .map(CatalogVerdicts::made);
  }

  private static String filled(JsonFields fields, String name) {
    String text = fields.text(name, LONGEST);
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
