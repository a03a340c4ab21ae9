package io.concert.user;

import static io.concert.domain.ClientNetwork.HERE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Fault;
import io.concert.domain.UserId;
import io.concert.domain.UserUuid;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.user.Registration.Credentials;
import io.concert.user.Users.Created;
import io.concert.user.Users.EmailTaken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UsersIT {
  private static final int MOST_REFUSALS = 5;

  private static Vertx vertx;
  private static TestDatabase database;
  private static Sql sql;
  private Users users;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
    database = TestDatabase.create();
    sql = database.sql(vertx);
  }

  @AfterAll
  static void close() {
    vertx.close().await();
    database.close();
  }

  @BeforeEach
  void newUsers() {
    users = new Users(vertx, sql, new Passwords(vertx));
  }

  @Test
  void makesAGuestWithAnEmptyAccount() {
    User guest = created(Registration.GUEST);

    assertThat(guest.isProtected()).isFalse();
    assertThat(guest.uuid().value().version()).isEqualTo(4);
    assertThat(
            database.number(
                "select count(*) from account where balance = 0 and user_number = "
                    + guest.number().number()))
        .isOne();
    assertFoundByEveryone(guest);
  }

  @Test
  void makesAProtectedUserWhoLogsInByEmailInAnyCase() {
    User kim = created(registration("Kim@Example.com", "correct horse"));

    assertThat(kim.isProtected()).isTrue();
    assertThat(users.login("kim@example.COM", "correct horse", HERE).await()).contains(kim);
    assertThat(users.login("kim@example.com", "wrong horse", HERE).await()).isEmpty();
    assertThat(users.login("nobody@example.com", "correct horse", HERE).await()).isEmpty();
    assertFoundByEveryone(kim);
  }

  @Test
  void hashesForUnknownEmailsTooSoThatTheTimeTellsNothing() {
    Users overloaded = new Users(vertx, sql, new Passwords(vertx, 0, 0));

    assertThatThrownBy(() -> overloaded.login("nobody@example.com", "12345678", HERE).await())
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.OVERLOADED));
  }

  @Test
  void givesAnEmailToOneUserHoweverManyAskAtOnce() {
    List<Future<Users.CreateReply>> replies =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    createdInTheEnd(
                        registration(i % 2 == 0 ? "Lee@b.kr" : "lee@b.kr", "12345678"),
                        MOST_REFUSALS))
            .toList();
    Future.all(replies).await();

    assertThat(replies).filteredOn(reply -> reply.result() instanceof Created).hasSize(1);
    assertThat(replies).filteredOn(reply -> reply.result() instanceof EmailTaken).hasSize(7);
    assertThat(database.number("select count(*) from app_user where lower(email) = 'lee@b.kr'"))
        .isOne();
    assertThat(
            database.number(
                "select count(*) from app_user left join account"
                    + " on user_number = number where user_number is null"))
        .isZero();
  }

  /** On a busy machine some are told to come again, which is what they do. */
  private Future<Users.CreateReply> createdInTheEnd(Registration registration, int refusalsLeft) {
    return users
        .create(registration, HERE)
        .recover(
            failure ->
                refusalsLeft > 0
                        && failure instanceof Fault fault
                        && fault.kind() == Fault.Kind.OVERLOADED
                    ? createdInTheEnd(registration, refusalsLeft - 1)
                    : Future.failedFuture(failure));
  }

  @Test
  void asksAgainForAnUnknownUuidAsAnotherNodeMayHaveMadeIt() {
    UserUuid uuid = new UserUuid(UUID.randomUUID());
    assertThat(users.find(uuid).await()).isEmpty();
    assertThat(users.find(new UserId(Long.MAX_VALUE)).await()).isEmpty();

    database.execute("insert into app_user (uuid) values ('" + uuid.reveal() + "')");

    assertThat(users.find(uuid).await()).isPresent();
  }

  @Test
  void answersForKnownUsersWithoutTheDatabase() {
    User guest = created(Registration.GUEST);
    database.execute("alter table app_user rename to away");
    try {
      assertThat(users.find(guest.uuid()).await()).contains(guest);
      assertThat(users.find(guest.number()).await()).contains(guest);
    } finally {
      database.execute("alter table away rename to app_user");
    }
  }

  @Test
  void makesOneSigningKeyHoweverManyNodesStartAtOnce() {
    List<Future<SigningKeys>> starts =
        IntStream.range(0, 8).mapToObj(i -> SigningKeys.kept(sql)).toList();
    Future.all(starts).await();

    assertThat(starts)
        .extracting(start -> start.result().all().get(0).base64Url())
        .containsOnly(starts.get(0).result().all().get(0).base64Url());
    assertThat(database.number("select count(*) from signing_key")).isOne();
  }

  private void assertFoundByEveryone(User user) {
    Users anotherNode = new Users(vertx, sql, new Passwords(vertx));
    assertThat(anotherNode.find(user.uuid()).await()).contains(user);
    assertThat(new Users(vertx, sql, new Passwords(vertx)).find(user.number()).await())
        .contains(user);
  }

  private User created(Registration registration) {
    return ((Created) users.create(registration, HERE).await()).user();
  }

  private static Registration registration(String email, String password) {
    return new Registration(Optional.of("Kim"), Optional.of(new Credentials(email, password)));
  }
}
