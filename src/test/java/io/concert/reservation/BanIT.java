package io.concert.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.customer.BanReply;
import io.concert.customer.BanReply.Done;
import io.concert.customer.BanReply.UnknownCustomer;
import io.concert.customer.Bans;
import io.concert.customer.Customer;
import io.concert.customer.Customers;
import io.concert.domain.Actor;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.queue.api.QueueMessages.SessionEnded;
import io.concert.reservation.SaleFixture.Buyer;
import io.concert.reservation.api.ReservationMessages.Held;
import io.concert.reservation.api.ReservationMessages.HoldRefusal;
import io.concert.reservation.api.ReservationMessages.NotHeld;
import io.concert.reservation.api.SeatStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Banning people who hold, pay and are let in meanwhile: the database decides. */
class BanIT extends LeavingFixture {
  private static final int PAY_BANNED = 10;
  private static final Actor OPERATOR = new Actor("olga", "operator", "request-1");

  private Bans bans;
  private Customers customers;

  @BeforeEach
  void makeCustomers() {
    bans = new Bans(node.sql);
    customers = new Customers(node.sql, node.bus, bans);
  }

  @CanIgnoreReturnValue
  private BanReply ban(Buyer buyer) {
    return customers.ban(buyer.user(), "resale", OPERATOR).await();
  }

  private Customer look(Buyer buyer) {
    return customers.find(buyer.user()).await().orElseThrow();
  }

  @Test
  void banEndsTheSessionGivesBackHoldsAndTakesNoMoney() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1, 2)).isInstanceOf(Held.class);
    assertThat(pay(buyer, 2).await()).isZero();
    long balance = look(buyer).balance().amount();

    assertThat(ban(buyer)).isEqualTo(new Done(true, 1, 1, false));

    assertThat(live(buyer)).isFalse();
    assertThat(sale.claim(1).status()).isEqualTo(SeatStatus.FREE);
    assertThat(sale.claim(2).status()).as("what is paid").isEqualTo(SeatStatus.SOLD);
    Customer now = look(buyer);
    assertThat(now.balance().amount()).isEqualTo(balance);
    assertThat(now.ban().orElseThrow().reason()).isEqualTo("resale");
    assertThat(now.sessions()).isEmpty();
    assertThat(List.of(now.holds(), now.bills(), now.refunded())).containsExactly(0L, 1L, 0L);
    assertThat(bans.has(buyer.user())).isTrue();
    assertThat(told).contains(new SessionEnded(sale.room(), buyer.user(), buyer.session()));
  }

  @Test
  void bannedUserNeitherHoldsNorPaysNorChargesButIsRefunded() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1, 2)).isInstanceOf(Held.class);
    assertThat(pay(buyer, 2).await()).isZero();
    ban(buyer);

    assertThat(hold(buyer, 3)).isEqualTo(new NotHeld(HoldRefusal.BANNED, List.of()));
    assertThat(pay(buyer, 1).await()).isEqualTo(PAY_BANNED);
    assertThat(pay(buyer, 2).await()).as("paid already: the same bill").isEqualTo(1);
    String number = Long.toString(buyer.user().number());
    assertThat(
            verdict("charge_accounts('{%s}', '{5}', '{1000000000}', '{null}', '{null}')", number))
        .isEqualTo(6);
    assertThat(
            verdict("charge_accounts('{%s}', '{0}', '{1000000000}', '{null}', '{null}')", number))
        .as("asking for the balance")
        .isZero();
    String bill =
        "refund_bills(array(select id from bill where user_number = %s), '{%<s}', '{1000000000}',"
            + " '{null}', '{null}', '{null}', '{null}', '{null}')";
    assertThat(verdict(bill, number)).isZero();
  }

  private int verdict(String call, String number) {
    return node.sql
        .query("select verdict from " + call.formatted(number), Tuple.tuple())
        .await()
        .iterator()
        .next()
        .getInteger(0);
  }

  @Test
  void banIsMadeOnceAndWrittenDown() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    ban(buyer);
    assertThat(ban(buyer)).isEqualTo(new Done(true, 0, 0, false));
    assertThat(customers.unban(buyer.user(), OPERATOR).await())
        .isEqualTo(new Done(false, 0, 0, false));
    assertThat(customers.unban(buyer.user(), OPERATOR).await()).isInstanceOf(Done.class);
    assertThat(
            database.number(
                "select count(*) from audit where action in ('user.ban', 'user.unban')"
                    + " and subject = '"
                    + buyer.user().number()
                    + "'"))
        .isEqualTo(2);
    assertThat(look(buyer).ban()).isEmpty();
    assertThat(bans.has(buyer.user())).isFalse();
    assertThat(hold(sale.admit(buyer), 1)).isInstanceOf(Held.class);
    assertThat(customers.ban(new UserId(999_999_999), "x", OPERATOR).await())
        .isEqualTo(new UnknownCustomer());
  }

  @Test
  void isNotLetIn() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    ban(buyer);
    assertThat(admitted(buyer)).isZero();
    customers.unban(buyer.user(), OPERATOR).await();
    assertThat(admitted(buyer)).isEqualTo(1);
  }

  private static final String ADMIT =
      "admit('%s', 0, array[%d]::bigint[], array[2], array[%2$d]::bigint[], array[0]::bigint[])";

  private long admitted(Buyer buyer) {
    return database.number(
        "select count(*) from " + ADMIT.formatted(sale.room().name(), buyer.user().number()));
  }

  @Test
  void admissionThatIsBeingWrittenEndsWithTheBan() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    end(buyer);
    try (Connection admitting = database.jdbc()) {
      admitting.setAutoCommit(false);
      try (var statement = admitting.createStatement()) {
        statement.execute(
            "select * from " + ADMIT.formatted(sale.room().name(), buyer.user().number()));
      }
      var banning = customers.ban(buyer.user(), "resale", OPERATOR);
      database.awaitLockedOut(banning);
      admitting.commit();
      assertThat(banning.await()).isEqualTo(new Done(true, 1, 0, false));
    }
    assertThat(look(buyer).sessions()).isEmpty();
  }

  @Test
  void paymentThatWaitsForTheBanIsRefused() throws SQLException {
    Buyer buyer = sale.buyer(RICH);
    assertThat(hold(buyer, 1)).isInstanceOf(Held.class);
    try (Connection banning = database.jdbc()) {
      banning.setAutoCommit(false);
      try (var statement = banning.createStatement()) {
        statement.execute("select * from ban_account(" + buyer.user().number() + ", 'resale')");
      }
      var paying = pay(buyer, 1);
      database.awaitLockedOut(paying);
      banning.commit();
      assertThat(paying.await()).isEqualTo(PAY_BANNED);
    }
  }

  /** Any deadlock fails one of the futures; money and seats are looked at after it. */
  @Test
  void crowdThatHoldsPaysAndIsBannedAtOnce() throws SQLException {
    var random = random();
    var nodes = nodes(3);
    List<Buyer> buyers = new ArrayList<>(sale.buyers(30, RICH));
    for (int round = 0; round < 10; round++) {
      var work = new ArrayList<Future<?>>();
      for (int i = 0; i < 100; i++) {
        Buyer one = buyers.get(random.nextInt(buyers.size()));
        int seat = random.nextInt(50);
        switch (random.nextInt(8)) {
          case 0, 1, 2 ->
              work.add(nodes.get(random.nextInt(3)).hold(sale.asking(one, seat, (seat + 7) % 50)));
          case 3, 4, 5 -> work.add(pay(one, seat));
          case 6 -> work.add(customers.ban(one.user(), "resale", OPERATOR));
          default ->
              work.add(
                  node.sql.query(
                      "select * from " + ADMIT.formatted(sale.room().name(), one.user().number()),
                      Tuple.tuple()));
        }
      }
      Future.all(work).await();
      assertNobodyWhoIsBannedHasAnything();
      for (int i = 0; i < buyers.size(); i++) {
        if (!live(buyers.get(i))) {
          customers.unban(buyers.get(i).user(), OPERATOR).await();
          buyers.set(i, readmitted(buyers.get(i)));
        }
      }
    }
    assertThat(sale.claims().stream().filter(claim -> claim.status() == SeatStatus.SOLD))
        .as("something was sold")
        .isNotEmpty();
  }

  /** People whom the crowd's own admissions let in are in already. */
  private Buyer readmitted(Buyer buyer) throws SQLException {
    long session =
        database.number(
            "select coalesce(max(id), 0) from room_session where ended_at is null"
                + " and user_number = "
                + buyer.user().number());
    return session == 0
        ? sale.admit(buyer)
        : new Buyer(buyer.user(), buyer.uuid(), new SessionId(session));
  }

  private void assertNobodyWhoIsBannedHasAnything() {
    assertThat(
            database.number(
                """
                select count(*) from account a
                where a.banned_at is not null and (
                  exists (select from room_session s
                    where s.user_number = a.user_number and s.ended_at is null)
                  or exists (select from seat_claim c
                    where c.user_number = a.user_number and c.state = 1)
                  or exists (select from bill b
                    where b.user_number = a.user_number and b.created_at > a.banned_at))
                """))
        .as("sessions, holds and later bills of banned users")
        .isZero();
  }

  @Test
  void everyNodeHearsOfIt() throws SQLException {
    Buyer buyer = sale.buyer(Won.ZERO);
    Bans elsewhere = new Bans(node.sql);
    var heard = new ArrayList<UserId>();
    Runnable unused = elsewhere.whenBanned(buyer.user(), () -> heard.add(buyer.user()));
    elsewhere.look().await();
    assertThat(elsewhere.has(buyer.user())).isFalse();
    ban(buyer);
    elsewhere.look().await();
    elsewhere.look().await();
    assertThat(elsewhere.has(buyer.user())).isTrue();
    assertThat(heard).containsExactly(buyer.user());
    customers.unban(buyer.user(), OPERATOR).await();
    elsewhere.look().await();
    assertThat(elsewhere.has(buyer.user())).isFalse();
  }
}
