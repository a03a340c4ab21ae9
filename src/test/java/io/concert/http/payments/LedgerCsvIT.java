package io.concert.http.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.OrderId;
import io.concert.http.web.DispatcherFixture;
import io.concert.http.web.Http;
import io.concert.user.User;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was booked, as a table. */
class LedgerCsvIT {
  private static final String PATH = "/api/v1/admin/ledger.csv";
  private static final String COLUMNS =
      "entry,posting,account,userNumber,bill,debit,credit,bookedAt,orderNumber";

  private final DispatcherFixture dispatcher = DispatcherFixture.shared();
  private final Http http = dispatcher.http();
  private final User guest = dispatcher.guest();
  private final long user = guest.number().number();

  private List<String> lines(String query) {
    HttpResponse<byte[]> response = http.get(PATH + query).bearer(DispatcherFixture.VIEWER).send();
    assertThat(response.statusCode()).as(Http.text(response)).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("text/csv; charset=utf-8; header=present");
    assertThat(response.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"ledger.csv\"");
    assertThat(Http.text(response)).endsWith("\r\n").doesNotContain(guest.uuid().reveal());
    List<String> lines = List.of(Http.text(response).split("\r\n"));
    assertThat(lines.get(0)).isEqualTo(COLUMNS);
    return lines.subList(1, lines.size());
  }

  /** A charge of a won, and what takes it again: the books of the other tests stay right. */
  private void chargeAndTakeBack(int times, String at) {
    dispatcher.database.execute(
        """
        insert into ledger_entry (posting, account, user_number, amount, created_at)
        select p.posting, e.account, e.user_number, e.amount, %s
        from (select nextval('posting') as posting, n from generate_series(1, %d) n) p
        cross join lateral (values
          (0::smallint, %d, 7), (1::smallint, null, -7), (0::smallint, %d, -7), (1::smallint, null, 7)
        ) as e (account, user_number, amount)
        order by p.n, e.account, e.amount desc
        """
            .formatted(at, times, user, user));
  }

  @Test
  void hasALineForEachEntryAndTellsDebitsFromCredits() {
    chargeAndTakeBack(1, "timestamptz '2001-02-03 04:05:06.789Z'");
    long first =
        dispatcher.database.number("select min(id) from ledger_entry where user_number = " + user);
    long posting =
        dispatcher.database.number(
            "select min(posting) from ledger_entry where user_number = " + user);
    String at = "2001-02-03T04:05:06.789Z";

    assertThat(lines("?from=2001-02-03T04:05:06.789Z&to=2001-02-03T04:05:06.790Z"))
        .containsExactly(
            "%d,%d,BALANCE,%d,,,7,%s,".formatted(first, posting, user, at),
            "%d,%d,BALANCE,%d,,7,,%s,".formatted(first + 1, posting, user, at),
            "%d,%d,CASH,,,,7,%s,".formatted(first + 2, posting, at),
            "%d,%d,CASH,,,7,,%s,".formatted(first + 3, posting, at));
    assertThat(lines("?to=2001-02-03T04:05:06.789Z")).isEmpty();
    assertThat(lines("?from=2001-02-03T04:05:06.790Z&to=2001-02-04T00:00:00%2B09:00")).isEmpty();
  }

  @Test
  void namesTheBill() {
    dispatcher.database.execute(
        """
        insert into ledger_entry (posting, account, user_number, amount, bill_id, created_at)
        select p.posting, 2, null, e.amount, 12345, timestamptz '2002-02-03Z'
        from nextval('posting') as p (posting) cross join (values (9), (-9)) as e (amount)
        """);
    assertThat(lines("?from=2002-01-01T00:00:00Z&to=2003-01-01T00:00:00Z"))
        .hasSize(2)
        .allMatch(line -> line.contains(",SALES,,b12345,"));
  }

  @Test
  void namesTheOrder() {
    long bill =
        dispatcher.database.number(
            """
            with made as (
              insert into bill
                (schedule_id, seat, user_number, price, hold_id, created_at, refunded_at)
              values (0, 0, %d, 0, 0, timestamptz '2002-02-03Z', timestamptz '2002-02-03Z')
              returning id
            ), posted as (
              insert into ledger_entry
                (posting, account, user_number, amount, bill_id, created_at)
              select p.posting, 2, null, e.amount, made.id, timestamptz '2007-02-03Z'
              from made, nextval('posting') as p (posting)
              cross join (values (9), (-9)) as e (amount)
            )
            select id from made
            """
                .formatted(user));
    assertThat(lines("?from=2007-01-01T00:00:00Z&to=2008-01-01T00:00:00Z"))
        .hasSize(2)
        .allMatch(line -> line.endsWith("," + dispatcher.orders.text(new OrderId(bill))));
  }

  @Test
  void isWholeWhateverItsLength() {
    chargeAndTakeBack(800, "timestamptz '2004-02-03Z'");
    assertThat(lines("?from=2004-01-01T00:00:00Z&to=2005-01-01T00:00:00Z"))
        .hasSize(3_200)
        .doesNotHaveDuplicates();
  }

  /** Of what is under way a part could be missing, be it half a posting. */
  @Test
  void leavesOutTheLastMinute() {
    chargeAndTakeBack(1, "clock_timestamp() - interval '5 seconds'");
    chargeAndTakeBack(1, "clock_timestamp() - interval '65 seconds'");

    assertThat(lines("")).filteredOn(line -> line.contains(",BALANCE," + user + ",")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?from=yesterday",
        "?to=2031-05-01",
        "?from=2031-05-01T00:00:00Z&to=2031-05-01T00:00:00Z",
        "?from=2031-05-02T00:00:00Z&to=2031-05-01T00:00:00Z",
      })
  void refusesTimesThatMakeNoSense(String query) {
    http.get(PATH + query).bearer(DispatcherFixture.VIEWER).expect(400, "MALFORMED");
  }
}
