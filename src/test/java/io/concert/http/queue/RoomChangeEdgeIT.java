package io.concert.http.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.RoomId;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Noted;
import io.concert.queue.api.QueueMessages.SettingsChanged;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single settings of a room, changed over HTTP. */
class RoomChangeEdgeIT {
  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final String room = "change-" + UUID.randomUUID();
  private final String path = "/api/v1/admin/rooms/" + room;
  private final JsonObject settings =
      json(
          """
          {'capacity':7,'sessionSeconds':60,'firstActionSeconds':20,'admitPerSecond':5,
           'joinsPerSecond':9,'presenceSeconds':15,'reentrySeconds':0,
           'opensAt':'2031-05-01T10:00:00.000Z','paused':true,'minimumBalance':50000}
          """);

  @BeforeEach
  void makeRoom() {
    dispatcher.script(QueueMessages.SETTINGS_CHANGED, (SettingsChanged changed) -> new Noted());
    http.put(path).bearer(DispatcherFixture.OPERATOR).json(settings).expect(200);
    dispatcher.asked.clear();
  }

  private static JsonObject json(String text) {
    return new JsonObject(text.replace('\'', '"'));
  }

  private Http.Request patch(String body) {
    return http.patch(path).bearer(DispatcherFixture.OPERATOR).json(json(body));
  }

  private JsonObject read() {
    return http.get(path).bearer(DispatcherFixture.VIEWER).expect(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'capacity':8}",
        "{'sessionSeconds':61}",
        "{'firstActionSeconds':21}",
        "{'admitPerSecond':6}",
        "{'joinsPerSecond':10}",
        "{'presenceSeconds':16}",
        "{'reentrySeconds':1}",
        "{'opensAt':'2031-05-01T10:00:01.000Z'}",
        "{'paused':false}",
        "{'minimumBalance':0}",
        "{'sessionSeconds':10,'firstActionSeconds':10,'paused':false}",
      })
  void changesWhatIsNamedAndTellsTheRoom(String body) {
    JsonObject changed = patch(body).expect(200);

    JsonObject stored = read();
    assertThat(stored).isEqualTo(changed);
    stored.remove("id");
    stored.remove("draw");
    stored.remove("draws");
    assertThat(stored).isEqualTo(settings.copy().mergeIn(json(body)));
    assertThat(dispatcher.asked).containsExactly(new SettingsChanged(new RoomId(room)));
  }

  @Test
  void opensNowWhenTheOpeningIsTakenAway() {
    patch("{'opensAt':null}").expect(200);
    assertThat(read().getString("opensAt")).isLessThan("2031");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'capacity':0}",
        "{'capacity':4294967297}",
        "{'capacity':null}",
        "{'paused':null}",
        "{'paused':1}",
        "{'firstActionSeconds':61}",
        "{'sessionSeconds':19}",
        "{'sessionSeconds':10,'firstActionSeconds':11}",
        "{'presenceSeconds':4}",
        "{'reentrySeconds':601}",
        "{'admitPerSecond':-1}",
        "{'joinsPerSecond':1000001}",
        "{'minimumBalance':-1}",
        "{'opensAt':'tomorrow'}",
        "{'capacity':10,'draws':[]}",
      })
  void refusesWhatMakesNoSense(String body) {
    JsonObject before = read();
    patch(body).expect(400, "MALFORMED");
    assertThat(read()).isEqualTo(before);
    assertThat(dispatcher.asked).isEmpty();
  }

  @Test
  void makesNoRoom() {
    for (String unknown : new String[] {"nowhere", "NO-ROOM"}) {
      http.patch("/api/v1/admin/rooms/" + unknown)
          .bearer(DispatcherFixture.OPERATOR)
          .json(json("{'capacity':5}"))
          .expect(404, "NOT_FOUND");
    }
  }

  @Test
  void repeatedWithItsKeyIsMadeOnce() {
    String key = UUID.randomUUID().toString();
    JsonObject first = patch("{'capacity':8}").header("Idempotency-Key", key).expect(200);
    patch("{'capacity':9}").expect(200);

    HttpResponse<byte[]> again = patch("{'capacity':8}").header("Idempotency-Key", key).send();

    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(new JsonObject(Http.text(again))).isEqualTo(first);
    assertThat(read().getInteger("capacity")).isEqualTo(9);
    patch("{'capacity':10}").header("Idempotency-Key", key).expect(422, "KEY_REUSED");
  }
}
