package io.concert.http.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.http.web.Times;
import io.concert.queue.api.Draw;
import io.concert.queue.api.DrawResult;
import io.concert.queue.api.PlannedDraw;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.Noted;
import io.concert.queue.api.QueueMessages.SettingsChanged;
import io.concert.queue.api.RoomSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomEdgeIT {
  private static final String ROOMS = "/api/v1/rooms/";
  private static final String ADMIN = "/api/v1/admin/rooms";
  private static final String SEED = "00".repeat(32);
  private static final String COMMITMENT =
      "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
  private static final AtomicInteger rooms = new AtomicInteger();

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final String room = "room-edge-" + rooms.incrementAndGet();

  private static JsonObject json(String text) {
    return new JsonObject(text.replace('\'', '"'));
  }

  @Test
  void showsARoomToEverybody() {
    dispatcher.createRoom(room, DispatcherFixture.room(10), Optional.empty(), List.of());

    JsonObject shown = http.get(ROOMS + room).expect(200);

    assertThat(shown.remove("serverTime")).isEqualTo(Times.text(dispatcher.time));
    assertThat(shown)
        .isEqualTo(
            json(
                """
                {'id':'%s','state':'OPEN','opensAt':null,'waiting':0,'active':0,'capacity':10,
                 'paused':false,'admitPerSecond':0,'sessionSeconds':600,'minimumBalance':0,
                 'message':null,'draw':null,'draws':[]}
                """
                    .formatted(room)));
  }

  @Test
  void bindsItselfBeforeADraw() {
    Instant opens = Instant.parse("2031-05-01T10:00:00Z");
    dispatcher.createRoom(
        room,
        paused(DispatcherFixture.room(10), Optional.of(opens)),
        Optional.of(new PlannedDraw(2, opens.toEpochMilli(), COMMITMENT)),
        List.of());

    JsonObject shown = http.get(ROOMS + room).expect(200);

    assertThat(shown.getString("state")).isEqualTo("NOT_OPEN");
    assertThat(shown.getString("opensAt")).isEqualTo("2031-05-01T10:00:00.000Z");
    assertThat(shown.getJsonObject("draw"))
        .isEqualTo(
            new JsonObject()
                .put("commitment", COMMITMENT)
                .put("opensAt", "2031-05-01T10:00:00.000Z"));
    assertThat(shown.encode()).doesNotContain(SEED);
  }

  @Test
  void saysWhenItIsPaused() {
    dispatcher.createRoom(
        room, paused(DispatcherFixture.room(10), Optional.empty()), Optional.empty(), List.of());

    assertThat(http.get(ROOMS + room).expect(200).getString("state")).isEqualTo("PAUSED");
  }

  private static RoomSettings paused(RoomSettings of, Optional<Instant> opensAt) {
    return new RoomSettings(
        of.capacity(),
        of.session(),
        of.firstAction(),
        of.admitPerSecond(),
        of.joinsPerSecond(),
        of.presence(),
        of.reentry(),
        opensAt,
        true,
        of.minimumBalance());
  }

  @Test
  void showsHowItsOrderWasDrawnForAnyoneToComputeAgain() {
    DrawResult drawn = new DrawResult(1, 3, List.of(100, 150), 1_000, SEED);
    dispatcher.createRoom(room, DispatcherFixture.room(10), Optional.empty(), List.of(drawn));

    assertThat(http.get(ROOMS + room).expect(200).getJsonArray("draws"))
        .isEqualTo(
            new JsonArray()
                .add(
                    json(
                        """
                        {'number':1,'firstEpoch':3,'sizes':[100,150],
                         'drawnAt':'1970-01-01T00:00:01.000Z','seed':'%s','commitment':'%s'}
                        """
                            .formatted(SEED, COMMITMENT))));

    List<String> places = new ArrayList<>();
    String after = "";
    while (after != null) {
      JsonObject page = http.get(ROOMS + room + "/draws/1?limit=100" + after).expect(200);
      for (Object item : page.getJsonArray("items")) {
        places.add(((JsonObject) item).getString("place"));
        assertThat(((JsonObject) item).getInteger("position")).isEqualTo(places.size());
      }
      after = page.getString("next") == null ? null : "&after=" + page.getString("next");
    }
    Draw expected = new Draw(drawn);
    assertThat(places)
        .isEqualTo(IntStream.range(0, 250).mapToObj(i -> text(expected.placeAt(i))).toList())
        .contains("3-0", "4-149");
  }

  private static String text(Place place) {
    return place.epoch() + "-" + place.sequence();
  }

  @Test
  void knowsNoOtherRoomsAndDraws() {
    DrawResult drawn = new DrawResult(1, 3, List.of(5), 1_000, SEED);
    dispatcher.createRoom(room, DispatcherFixture.room(10), Optional.empty(), List.of(drawn));

    for (String unknown : List.of("nowhere", "NO-ROOM", "%20", "a".repeat(64), room + "x")) {
      http.get(ROOMS + unknown).expect(404, "NOT_FOUND");
      http.get(ROOMS + unknown + "/draws/1").expect(404, "NOT_FOUND");
    }
    for (String unknown : List.of("0", "2", "01", "x", "99999999999")) {
      http.get(ROOMS + room + "/draws/" + unknown).expect(404, "NOT_FOUND");
    }
    String draw = ROOMS + room + "/draws/1";
    http.get(draw + "?limit=101").expect(400, "MALFORMED");
    http.get(draw + "?after=-1").expect(400, "MALFORMED");
    assertThat(http.get(draw + "?after=999999999").expect(200).getJsonArray("items")).isEmpty();
  }

  @Test
  void createsARoomWithTheDefaultsAndChangesAllOfIt() {
    dispatcher.script(QueueMessages.SETTINGS_CHANGED, (SettingsChanged changed) -> new Noted());
    JsonObject made =
        http.put(ADMIN + "/" + room)
            .bearer(DispatcherFixture.OPERATOR)
            .header("X-Request-Id", room)
            .json(new JsonObject())
            .expect(200);
    assertThat(made)
        .isEqualTo(
            json(
                """
                {'id':'%s','capacity':100,'sessionSeconds':600,'firstActionSeconds':60,
                 'admitPerSecond':0,'joinsPerSecond':0,'presenceSeconds':30,'reentrySeconds':10,
                 'opensAt':null,'paused':false,'minimumBalance':0,'draw':null,'draws':[]}
                """
                    .formatted(room)));
    assertThat(dispatcher.asked).containsExactly(new SettingsChanged(new RoomId(room)));

    JsonObject settings =
        json(
            """
            {'capacity':7,'sessionSeconds':60,'firstActionSeconds':20,'admitPerSecond':5,
             'joinsPerSecond':9,'presenceSeconds':15,'reentrySeconds':0,
             'opensAt':'2031-05-01T10:00:00.000Z','paused':true,'minimumBalance':50000}
            """);
    JsonObject changed =
        http.put(ADMIN + "/" + room).bearer(DispatcherFixture.OPERATOR).json(settings).expect(200);
    JsonObject draw = (JsonObject) changed.remove("draw");
    assertThat(draw.getString("commitment")).matches("[0-9a-f]{64}");
    assertThat(draw.getString("opensAt")).isEqualTo("2031-05-01T10:00:00.000Z");
    assertThat(changed).isEqualTo(settings.copy().put("id", room).put("draws", new JsonArray()));

    JsonObject read = http.get(ADMIN + "/" + room).bearer(DispatcherFixture.VIEWER).expect(200);
    assertThat(read.remove("draw")).isEqualTo(draw);
    assertThat(read).isEqualTo(changed);
    read.remove("id");
    read.remove("draws");
    assertThat(
            http.put(ADMIN + "/" + room)
                .bearer(DispatcherFixture.OPERATOR)
                .json(read)
                .expect(200)
                .getJsonObject("draw"))
        .as("what was read may be put again")
        .isEqualTo(draw);
    assertThat(
            dispatcher.database.number("select count(*) from audit where subject = '" + room + "'"))
        .isEqualTo(3);
  }

  @Test
  void changesARoomThatNobodyCanBeToldOf() {
    http.put(ADMIN + "/" + room)
        .bearer(DispatcherFixture.OPERATOR)
        .json(new JsonObject().put("capacity", 3))
        .expect(200);
    assertThat(dispatcher.database.number("select capacity from room where id = '" + room + "'"))
        .isEqualTo(3);
  }

  @Test
  void listsAllRoomsByName() {
    dispatcher.createRoom(room, DispatcherFixture.room(10), Optional.empty(), List.of());
    List<String> names = new ArrayList<>();
    String after = "";
    while (after != null) {
      JsonObject page =
          http.get(ADMIN + "?limit=1" + after).bearer(DispatcherFixture.VIEWER).expect(200);
      page.getJsonArray("items").forEach(it -> names.add(((JsonObject) it).getString("id")));
      after = page.getString("next") == null ? null : "&after=" + page.getString("next");
    }
    assertThat(names).isSorted().doesNotHaveDuplicates().contains("default", "stadium", room);
  }

  @Test
  void needsAnOperatorOfTheRole() {
    String path = ADMIN + "/" + room;
    http.put(path).body("{", "application/json").expect(401, "UNAUTHORIZED");
    http.put(path).bearer(DispatcherFixture.VIEWER).body("{").expect(403, "FORBIDDEN");
    http.put(path).bearer(DispatcherFixture.PAYMENTS).body("{").expect(403, "FORBIDDEN");
    for (String read : List.of(ADMIN, ADMIN + "/default")) {
      http.get(read).expect(401, "UNAUTHORIZED");
      http.get(read).bearer(dispatcher.accessToken(dispatcher.guest())).expect(401, "UNAUTHORIZED");
      http.get(read).bearer(DispatcherFixture.VIEWER).expect(200);
      http.get(read).bearer(DispatcherFixture.OPERATOR).expect(200);
    }
    http.get(path).bearer(DispatcherFixture.VIEWER).expect(404, "NOT_FOUND");
    http.get(ADMIN + "/NO-ROOM").bearer(DispatcherFixture.VIEWER).expect(404, "NOT_FOUND");
    http.put(ADMIN + "/NO-ROOM")
        .bearer(DispatcherFixture.OPERATOR)
        .json(new JsonObject())
        .expect(400, "MALFORMED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'capacity':0}",
        "{'capacity':1000001}",
        "{'capacity':4294967297}",
        "{'sessionSeconds':0}",
        "{'sessionSeconds':86401}",
        "{'sessionSeconds':60,'firstActionSeconds':61}",
        "{'firstActionSeconds':-1}",
        "{'admitPerSecond':-1}",
        "{'joinsPerSecond':1000001}",
        "{'presenceSeconds':4}",
        "{'presenceSeconds':601}",
        "{'reentrySeconds':601}",
        "{'minimumBalance':-1}",
        "{'minimumBalance':9223372036854775807}",
        "{'paused':'true'}",
        "{'paused':1}",
        "{'opensAt':'tomorrow'}",
        "{'opensAt':1}",
        "{'id':'other'}",
        "{'capacity':10,'draws':[]}",
      })
  void refusesSettingsThatMakeNoSense(String body) {
    http.put(ADMIN + "/" + room)
        .bearer(DispatcherFixture.OPERATOR)
        .json(json(body))
        .expect(400, "MALFORMED");
    http.get(ADMIN + "/" + room).bearer(DispatcherFixture.VIEWER).expect(404, "NOT_FOUND");
  }
}
