package io.concert.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.payment.PaymentMessages;
import io.concert.payment.PaymentMessages.RefundCancelled;
import io.concert.payment.PaymentMessages.Remaining;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Operators' requests that are sent again with their key: made once, answered alike. */
class AdminKeyIT {
  private static final String CONCERTS = "/api/v1/admin/concerts";
  private static final String SCHEDULES = "/api/v1/admin/schedules";
  private static final String PLAN =
      """
      section,row,seat_no,x,y,grade,price
      A,1,1,0,0,R,99000
      """;

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final String key = UUID.randomUUID().toString();

  private Http.Request keyed(Http.Request request) {
    return request.bearer(DispatcherFixture.OPERATOR).header("Idempotency-Key", key);
  }

  private Http.Request concert(String title) {
    return keyed(http.post(CONCERTS)).json(new JsonObject().put("title", title).put("venue", "V"));
  }

  private static JsonObject first(int status, Http.Request request) {
    HttpResponse<byte[]> answer = request.send();
    assertThat(answer.statusCode()).as(Http.text(answer)).isEqualTo(status);
    assertThat(answer.headers().firstValue(IdempotencyKeys.REPLAYED)).isEmpty();
    return new JsonObject(Http.text(answer));
  }

  private static JsonObject again(int status, Http.Request request) {
    HttpResponse<byte[]> answer = request.send();
    assertThat(answer.statusCode()).as(Http.text(answer)).isEqualTo(status);
    assertThat(answer.headers().firstValue(IdempotencyKeys.REPLAYED)).contains("true");
    return new JsonObject(Http.text(answer));
  }

  @Test
  void concertIsMadeOnce() {
    String title = "once " + key;
    JsonObject made = first(201, concert(title));

    assertThat(again(201, concert(title))).isEqualTo(made);
    assertThat(
            dispatcher.database.number(
                "select count(*) from concert where title = '" + title + "'"))
        .isEqualTo(1);
    concert("other").expect(422, "KEY_REUSED");
    assertThat(dispatcher.database.number("select count(*) from concert where title = 'other'"))
        .isZero();
  }

  /** A key is its operator's and of one endpoint. */
  @Test
  void othersKeysAreOthers() {
    JsonObject body = new JsonObject().put("title", "T").put("venue", "V");
    String made = first(201, keyed(http.post(CONCERTS)).json(body)).getString("id");
    JsonObject date =
        new JsonObject().put("concertId", made).put("startsAt", "2031-05-01T19:30:00+09:00");

    assertThat(first(201, keyed(http.post(SCHEDULES)).json(date)).getString("id")).startsWith("s");
  }

  @Test
  void refusalIsNotKept() {
    String room = "room-" + UUID.randomUUID();
    JsonObject body = new JsonObject().put("title", "T").put("venue", "V").put("room", room);
    keyed(http.post(CONCERTS)).json(body).expect(400, "MALFORMED");
    dispatcher.database.execute(
        "insert into room (id, capacity, session_seconds) values ('" + room + "', 10, 600)");

    assertThat(first(201, keyed(http.post(CONCERTS)).json(body)).getString("id")).isNotBlank();
  }

  @Test
  void dateIsMadeOnce() {
    JsonObject body =
        new JsonObject()
            .put("concertId", dispatcher.otherConcert)
            .put("startsAt", "2031-05-01T19:30:00+09:00");
    JsonObject made = first(201, keyed(http.post(SCHEDULES)).json(body));

    assertThat(again(201, keyed(http.post(SCHEDULES)).json(body))).isEqualTo(made);
    keyed(http.post(SCHEDULES))
        .json(body.copy().put("startsAt", "2031-05-02T19:30:00+09:00"))
        .expect(422, "KEY_REUSED");
  }

  /** Meanwhile somebody else has decided otherwise: that stands. */
  @Test
  void saleIsSwitchedOnce() {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    String close = SCHEDULES + "/" + date + "/close";
    JsonObject closed = first(200, keyed(http.post(close)));
    http.post(SCHEDULES + "/" + date + "/open").bearer(DispatcherFixture.OPERATOR).expect(200);

    assertThat(again(200, keyed(http.post(close)))).isEqualTo(closed);
    assertThat(state(date)).isZero();
    keyed(http.post(SCHEDULES + "/" + dispatcher.otherSchedule + "/close"))
        .expect(422, "KEY_REUSED");
  }

  private long state(String date) {
    return dispatcher.database.number("select state from schedule where id = " + date.substring(1));
  }

  @Test
  void timesAreChangedOnce() {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    JsonObject first = new JsonObject().put("refundUntil", "2031-01-01T00:00:00Z");
    JsonObject second = new JsonObject().put("refundUntil", "2031-02-01T00:00:00Z");
    String path = SCHEDULES + "/" + date;
    JsonObject changed = first(200, keyed(http.patch(path)).json(first));
    http.patch(path).bearer(DispatcherFixture.OPERATOR).json(second).expect(200);

    assertThat(again(200, keyed(http.patch(path)).json(first))).isEqualTo(changed);
    assertThat(
            dispatcher.database.number(
                "select (refund_until > '2031-01-15')::int from schedule where id = "
                    + date.substring(1)))
        .isEqualTo(1);
  }

  @Test
  void planIsPutOnce() {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    String path = SCHEDULES + "/" + date + "/layout";
    JsonObject put = first(200, keyed(http.put(path)).body(PLAN, "text/csv"));
    assertThat(put.getInteger("seats")).isEqualTo(1);
    http.put(path)
        .bearer(DispatcherFixture.OPERATOR)
        .body(PLAN + "A,1,2,1,0,R,99000\n", "text/csv")
        .expect(200);

    assertThat(again(200, keyed(http.put(path)).body(PLAN, "text/csv"))).isEqualTo(put);
    assertThat(
            dispatcher.database.number(
                "select count(*) from seat_claim where state = 0 and schedule_id = "
                    + date.substring(1)))
        .isEqualTo(2);
    keyed(http.put(path)).body(PLAN.replace("99000", "1"), "text/csv").expect(422, "KEY_REUSED");
  }

  /** How far the refunds are is no part of the answer that is kept. */
  @Test
  void dateIsCancelledOnce() {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    String cancel = SCHEDULES + "/" + date + "/cancel";
    dispatcher.script(
        PaymentMessages.REFUND_CANCELLED, (RefundCancelled asked) -> new Remaining(12));
    assertThat(first(200, keyed(http.post(cancel))).getInteger("billsToRefund")).isEqualTo(12);
    dispatcher.script(
        PaymentMessages.REFUND_CANCELLED, (RefundCancelled asked) -> new Remaining(0));

    assertThat(again(200, keyed(http.post(cancel))))
        .isEqualTo(
            new JsonObject()
                .put("scheduleId", date)
                .put("sale", "CANCELLED")
                .put("billsToRefund", 0));
  }

  @Test
  void roomIsPutOnce() {
    String path = "/api/v1/admin/rooms/room-" + UUID.randomUUID();
    JsonObject small = new JsonObject().put("capacity", 5);
    JsonObject put = first(200, keyed(http.put(path)).json(small));
    http.put(path)
        .bearer(DispatcherFixture.OPERATOR)
        .json(new JsonObject().put("capacity", 77))
        .expect(200);

    assertThat(again(200, keyed(http.put(path)).json(small))).isEqualTo(put);
    assertThat(http.get(path).bearer(DispatcherFixture.VIEWER).expect(200).getInteger("capacity"))
        .isEqualTo(77);
    keyed(http.put(path)).json(new JsonObject().put("capacity", 6)).expect(422, "KEY_REUSED");
  }

  @Test
  void whatIsStillAtWorkIsSaidToBe() throws SQLException {
    String date = dispatcher.createSchedule(dispatcher.otherConcert);
    String close = SCHEDULES + "/" + date + "/close";
    Future<JsonObject> closing;
    try (Connection busy = dispatcher.database.jdbc();
        Statement statement = busy.createStatement()) {
      busy.setAutoCommit(false);
      statement.execute("select share_schedules(array[" + date.substring(1) + "]::bigint[])");
      closing = dispatcher.vertx.executeBlocking(() -> keyed(http.post(close)).expect(200));
      dispatcher.database.awaitLockedOut(closing);

      keyed(http.post(close)).expect(409, "KEY_IN_FLIGHT");
      busy.rollback();
    }
    JsonObject closed = closing.await();
    assertThat(again(200, keyed(http.post(close)))).isEqualTo(closed);
  }

  @Test
  void keyThatIsNoneIsRefused() {
    http.post(CONCERTS)
        .bearer(DispatcherFixture.OPERATOR)
        .header("Idempotency-Key", "\"half")
        .json(new JsonObject().put("title", "T").put("venue", "V"))
        .expect(400, "MALFORMED");
  }
}
