package io.concert.http;

import static io.concert.http.JsonBody.malformed;

import io.concert.catalog.CatalogAdmin;
import io.concert.catalog.NewConcert;
import io.concert.domain.RoomId;
import io.concert.http.Endpoint.BodyRule;
import io.concert.user.Operator.Role;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;

/** Making concerts. For operators. */
final class AdminRoutes {
  private static final int LONGEST = 200;

  private final CatalogAdmin admin;
  private final Authenticator authenticator;
  private final int holdLimit;

  AdminRoutes(CatalogAdmin admin, Authenticator authenticator, int holdLimit) {
    this.admin = admin;
    this.authenticator = authenticator;
    this.holdLimit = holdLimit;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("/api/v1/admin/concerts", BodyRule.JSON, this::createConcert)
            .guardedBy(call -> authenticator.requireOperator(call, Role.OPERATOR)));
  }

  private Future<Answer> createConcert(Call call) {
    Fields fields = call.fields();
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

  private static String filled(Fields fields, String name) {
    String text = fields.text(name, LONGEST);
    if (text.isBlank()) {
      throw malformed("`" + name + "` is empty.");
    }
    return text;
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw malformed("`timeZone` must be a name like Asia/Seoul.");
    }
  }
}
