package io.concert.http.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changing a concert that is on sale. */
class ConcertChangeIT {
  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final String concert = dispatcher.createConcert("default");
  private final String path = "/api/v1/admin/concerts/" + concert;

  private JsonObject shown() {
    JsonObject all = http.get("/api/v1/concerts/" + concert).expect(200);
    return new JsonObject()
        .put("concertId", all.getString("id"))
        .put("title", all.getString("title"))
        .put("venue", all.getString("venue"))
        .put("timeZone", all.getString("timeZone"))
        .put("holdLimit", all.getInteger("holdLimit"));
  }

  private static JsonObject details(String concert) {
    return new JsonObject()
        .put("concertId", concert)
        .put("title", "T")
        .put("venue", "V")
        .put("timeZone", "Asia/Seoul")
        .put("holdLimit", 4);
  }

  @Test
  void changesWhatIsNamedAndLeavesTheRest() {
    JsonObject limited = details(concert).put("holdLimit", 2);
    assertThat(
            http.patch(path)
                .bearer(DispatcherFixture.OPERATOR)
                .json(new JsonObject().put("holdLimit", 2))
                .expect(200))
        .isEqualTo(limited);
    assertThat(shown()).isEqualTo(limited);

    JsonObject all =
        new JsonObject()
            .put("title", "봄")
            .put("venue", "고척")
            .put("timeZone", "Europe/Berlin")
            .put("holdLimit", 1000);
    JsonObject now = all.copy().put("concertId", concert);
    assertThat(http.patch(path).bearer(DispatcherFixture.OPERATOR).json(all).expect(200))
        .isEqualTo(now);
    assertThat(shown()).isEqualTo(now);
    assertThat(
            dispatcher.database.number(
                "select count(*) from audit where action = 'concert.change' and subject = '"
                    + concert
                    + "'"))
        .isEqualTo(2);
  }

  @Test
  void aKeyChangesOnce() {
    String key = UUID.randomUUID().toString();
    JsonObject two = new JsonObject().put("holdLimit", 2);
    http.patch(path)
        .bearer(DispatcherFixture.OPERATOR)
        .header("Idempotency-Key", key)
        .json(two)
        .expect(200);
    http.patch(path)
        .bearer(DispatcherFixture.OPERATOR)
        .json(new JsonObject().put("holdLimit", 3))
        .expect(200);
    var again =
        http.patch(path)
            .bearer(DispatcherFixture.OPERATOR)
            .header("Idempotency-Key", key)
            .json(two)
            .send();
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(new JsonObject(Http.text(again))).isEqualTo(details(concert).put("holdLimit", 2));
    assertThat(shown()).isEqualTo(details(concert).put("holdLimit", 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'title':null}",
        "{'title':''}",
        "{'title':' '}",
        "{'venue':7}",
        "{'timeZone':'Mars'}",
        "{'timeZone':'+09:00'}",
        "{'holdLimit':0}",
        "{'holdLimit':1001}",
        "{'holdLimit':1.5}",
        "{'room':'stadium'}",
        "{'holdLimit':2,'more':1}",
      })
  void refusesWhatMakesNoSense(String body) {
    http.patch(path).bearer(DispatcherFixture.OPERATOR).quoted(body).expect(400, "MALFORMED");
    assertThat(shown()).isEqualTo(details(concert));
  }

  @Test
  void othersAreNotFound() {
    JsonObject two = new JsonObject().put("holdLimit", 2);
    for (String unknown : List.of("c999999", "x", "s1", "0")) {
      http.patch("/api/v1/admin/concerts/" + unknown)
          .bearer(DispatcherFixture.OPERATOR)
          .json(two)
          .expect(404, "NOT_FOUND");
    }
    http.patch(path).bearer(DispatcherFixture.VIEWER).json(two).expect(403, "FORBIDDEN");
  }
}
