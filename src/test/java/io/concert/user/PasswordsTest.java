package io.concert.user;

import static io.concert.domain.ClientNetwork.HERE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.ClientNetwork;
import io.concert.domain.Fault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PasswordsTest {
  private static final Vertx vertx = Vertx.vertx();

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  @Test
  void matchesOnlyThePasswordThatWasHashed() {
    Passwords passwords = new Passwords(vertx);
    String hash = passwords.hash(HERE, "correct horse").await();

    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(passwords.hash(HERE, "correct horse").await()).isNotEqualTo(hash);
    assertThat(passwords.matches(HERE, "correct horse", Optional.of(hash)).await()).isTrue();
    assertThat(passwords.matches(HERE, "correct horsf", Optional.of(hash)).await()).isFalse();
    assertThat(passwords.matches(HERE, "nobody's password", Optional.empty()).await()).isFalse();
  }

  @Test
  void readsTheStandardFormat() {
    // From the reference implementation's test program: argon2 "somesalt" -id -t 2 -m 16 -p 1.
    String phc =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    Argon2Hash hash = Argon2Hash.parse(phc);

    assertThat(hash).hasToString(phc);
    assertThat(hash.digestOf("password")).isEqualTo(hash.digest());
  }

  @Test
  void refusesRowsThatWouldCostAGigabyte() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Argon2Hash.parse(
                    Argon2Hash.of("password", new SecureRandom())
                        .toString()
                        .replace("m=19456", "m=999999")));
  }

  @Test
  void refusesMoreThanItCanHashSoon() {
    Passwords passwords = new Passwords(vertx, 1, 1);
    Future<String> first = passwords.hash(HERE, "password");
    Future<String> second = passwords.hash(HERE, "password");

    assertThatThrownBy(() -> passwords.hash(HERE, "password").await())
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.OVERLOADED));
    assertThat(first.await()).isNotEmpty();
    assertThat(second.await()).isNotEmpty();
    assertThat(passwords.hash(HERE, "password").await()).isNotEmpty();
  }

  /** One thread: what is under way, one of the crowd's, and then the next who asks for one. */
  @Test
  void aNetworkThatAsksForManyMakesNobodyElseWaitForThem() {
    Passwords passwords = new Passwords(vertx, 1, 32);
    List<String> done = new CopyOnWriteArrayList<>();
    ClientNetwork crowd = new ClientNetwork(4, 7);
    List<Future<String>> crowds = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      crowds.add(passwords.hash(crowd, "password").onSuccess(hash -> done.add("crowd")));
    }

    String one = passwords.hash(HERE, "password").onSuccess(hash -> done.add("one")).await();

    assertThat(one).isNotEmpty();
    for (Future<String> each : crowds) {
      assertThat(each.await()).isNotEmpty();
    }
    assertThat(done.indexOf("one")).isLessThanOrEqualTo(2);
  }
}
