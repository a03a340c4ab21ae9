package io.concert.http.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.OrderId;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.user.User;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was sold of a date, as a table. */
class SalesCsvIT {
  private static final String COLUMNS =
      "bill,seatId,section,row,seat,grade,price,userNumber,paidAt,refundedAt,orderNumber";

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final String date = dispatcher.createSchedule(dispatcher.otherConcert);
  private final long number = Long.parseLong(date.substring(1));
  private final String path = "/api/v1/admin/schedules/" + date + "/sales.csv";
  private final User guest = dispatcher.guest();

  private List<String> lines() {
    HttpResponse<byte[]> response = http.get(path).bearer(DispatcherFixture.VIEWER).send();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("text/csv; charset=utf-8; header=present");
    assertThat(response.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"" + date + "-sales.csv\"");
    String text = Http.text(response);
    assertThat(text).endsWith("\r\n").doesNotContain(guest.uuid().reveal());
    List<String> lines = List.of(text.split("\r\n"));
    assertThat(lines.get(0)).isEqualTo(COLUMNS);
    return lines.subList(1, lines.size());
  }

  /** Bills that nobody paid anything for: the books of the other tests stay right. */
  private void bills(int count, int seat, String refundedAt) {
    dispatcher.database.execute(
        """
        insert into bill (schedule_id, seat, user_number, price, hold_id, created_at, refunded_at)
        select %d, %d, %d, 0, n, timestamptz '2031-04-01 10:00:00.123Z', %s
        from generate_series(1, %d) n
        """
            .formatted(number, seat, guest.number().number(), refundedAt, count));
  }

  private void sell(int seat) {
    bills(1, seat, "null");
    dispatcher.database.execute(
        """
        update seat_claim set state = 2, price = 0, user_number = %d
        where schedule_id = %d and seat = %d
        """
            .formatted(guest.number().number(), number, seat));
  }

  private String lastBill() {
    return "b" + dispatcher.database.number("select max(id) from bill");
  }

  private String order(String bill) {
    return dispatcher.orders.text(new OrderId(Long.parseLong(bill.substring(1))));
  }

  @Test
  void billsOfOnePaymentHaveOneOrder() {
    bills(1, 0, "null");
    String first = lastBill();
    bills(1, 1, "null");
    dispatcher.database.execute(
        """
        alter table bill disable trigger bill_is_refunded_at_most;
        update bill set of_order = %s where id = %s;
        alter table bill enable trigger bill_is_refunded_at_most
        """
            .formatted(first.substring(1), lastBill().substring(1)));
    assertThat(lines()).hasSize(2).allMatch(line -> line.endsWith(",," + order(first)));
    dispatcher.database.execute(
        "update bill set refunded_at = now() where schedule_id = " + number);
  }

  @Test
  void hasALineForEachBillThatWasEverPaid() {
    assertThat(lines()).isEmpty();
    bills(1, 0, "timestamptz '2031-04-02 10:00Z'");
    String refunded = lastBill();
    sell(0);
    String sold = lastBill();

    assertThat(lines())
        .containsExactly(
            "%s,%s-0,A,1,1,R,0,%d,2031-04-01T10:00:00.123Z,2031-04-02T10:00:00.000Z,%s"
                .formatted(refunded, date, guest.number().number(), order(refunded)),
            "%s,%s-0,A,1,1,R,0,%d,2031-04-01T10:00:00.123Z,,%s"
                .formatted(sold, date, guest.number().number(), order(sold)));
  }

  @Test
  void namesThatWouldBeFormulasAreNone() {
    JsonObject plan =
        new JsonObject(
            """
            {"grades":[{"id":"0","name":"@R","price":99000}],
             "sections":[{"name":"=HYPERLINK(\\"x\\",\\"y\\")","rows":[
               {"row":"+1","seats":[{"no":"-7","grade":"0"}]}]}]}
            """);
    http.put("/api/v1/admin/schedules/" + date + "/layout")
        .bearer(DispatcherFixture.OPERATOR)
        .json(plan)
        .expect(200);
    long seat =
        dispatcher.database.number(
            "select max(seat) from seat_claim where state = 0 and schedule_id = " + number);
    sell((int) seat);

    assertThat(lines().get(0))
        .startsWith(
            "%s,%s-%d,\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",'+1,'-7,'@R,0,"
                .formatted(lastBill(), date, seat));
  }

  @Test
  void isWholeWhateverItsLengthAndHasNothingOfOthers() {
    String other = dispatcher.createSchedule(dispatcher.otherConcert);
    for (int i = 0; i < 5; i++) {
      bills(700, i, "timestamptz '2031-04-02 10:00Z'");
      dispatcher.database.execute(
          """
          insert into bill
            (schedule_id, seat, user_number, price, hold_id, created_at, refunded_at)
          values (%s, 0, 1, 0, 1, clock_timestamp(), clock_timestamp())
          """
              .formatted(other.substring(1)));
    }
    List<String> lines = lines();

    assertThat(lines).hasSize(3_500).doesNotHaveDuplicates();
    assertThat(lines.stream().map(line -> Long.parseLong(line.substring(1, line.indexOf(',')))))
        .isSorted();
    assertThat(lines).allMatch(line -> line.contains("," + date + "-"));
  }

  @Test
  void otherDatesAreNotFound() {
    for (String unknown : List.of("s999999", "x", "s0")) {
      http.get("/api/v1/admin/schedules/" + unknown + "/sales.csv")
          .bearer(DispatcherFixture.VIEWER)
          .expect(404, "NOT_FOUND");
    }
  }
}
