package io.concert.e2e;

import io.concert.ops.Invariants;
import io.concert.postgres.TestDatabase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.Assertions;

/** Nodes on one database of their own, with a small concert to sell. */
public final class TestService implements AutoCloseable {
  public static final String ADMIN_TOKEN = "e2e-operator-token";

  private final TestDatabase database = TestDatabase.create();
  private final String cluster = "e2e-" + System.nanoTime();
  private final Map<String, String> settings = new HashMap<>();
  private final List<String> members = new ArrayList<>();
  private final List<ServiceProcess> nodes = new ArrayList<>();

  /**
   * @param settings on top of what all tests need
   */
  public TestService(Map<String, String> settings) {
    this.settings.putAll(
        Map.of(
            "DATABASE_URL",
            database.url(),
            "CLUSTER_NAME",
            cluster,
            "DATA_DIR",
            System.getProperty("java.io.tmpdir") + "/" + cluster,
            "ADMIN_TOKENS",
            "tester:operator:" + ADMIN_TOKEN));
    this.settings.putAll(settings);
  }

  /** One more node; the first is alone, later ones join those before. */
  public ServiceProcess startNode() {
    return started(ServiceProcess::start);
  }

  /** The same for a benchmark. */
  public ServiceProcess startNodeToMeasure() {
    return started(ServiceProcess::startToMeasure);
  }

  private ServiceProcess started(Function<Map<String, String>, ServiceProcess> start) {
    int port = ServiceProcess.clusterPort();
    members.add("127.0.0.1:" + port);
    Map<String, String> own = new HashMap<>(settings);
    own.put("CLUSTER_PORT", Integer.toString(port));
    own.put("CLUSTER_MEMBERS", String.join(",", members));
    ServiceProcess node = start.apply(own);
    nodes.add(node);
    return node;
  }

  /** Nodes that start from now on reach the database there. */
  public void databaseIsAt(String url) {
    settings.put("DATABASE_URL", url);
  }

  public TestDatabase database() {
    return database;
  }

  /**
   * Makes a concert with one date on sale, over the admin endpoints.
   *
   * @return its schedule
   */
  public Sale openSale(ServiceProcess node, int seats, long price) {
    return openSale(node, seats, price, "default");
  }

  /** The same in another waiting room, which there must be. */
  public Sale openSale(ServiceProcess node, int seats, long price, String room) {
    Api api = node.api();
    Answer concert =
        api.post(
                "/api/v1/admin/concerts",
                ADMIN_TOKEN,
                Map.of(
                    "title",
                    "Test concert",
                    "venue",
                    "Test hall",
                    "timeZone",
                    "Asia/Seoul",
                    "room",
                    room))
            .mustBe(201);
    Answer schedule =
        api.post(
                "/api/v1/admin/schedules",
                ADMIN_TOKEN,
                Map.of("concertId", concert.text("id"), "startsAt", "2099-01-01T10:00:00Z"))
            .mustBe(201);
    StringBuilder csv = new StringBuilder("section,row,seat_no,x,y,grade,price\n");
    for (int seat = 1; seat <= seats; seat++) {
      csv.append("A,1,").append(seat).append(',').append(seat).append(",1,R,").append(price);
      csv.append('\n');
    }
    String scheduleId = schedule.text("id");
    api.sendAs(
            "text/csv",
            "PUT",
            "/api/v1/admin/schedules/" + scheduleId + "/layout",
            ADMIN_TOKEN,
            csv.toString())
        .mustBe(200);
    return new Sale(concert.text("id"), scheduleId, price);
  }

  /** One date of one concert, all seats at one price. */
  public record Sale(String concertId, String scheduleId, long price) {
    public String seatId(int index) {
      return scheduleId + "-" + index;
    }
  }

  /** RELIABILITY's I1-I4 and I13, as SQL. */
  public void assertInvariants() {
    Vertx vertx = Vertx.vertx();
    try {
      Assertions.assertThat(new Invariants(database.sql(vertx)).check().await()).isEmpty();
    } finally {
      vertx.close().await();
    }
  }

  @Override
  public void close() {
    nodes.forEach(ServiceProcess::askToStop);
    nodes.forEach(ServiceProcess::close);
    database.close();
  }
}
