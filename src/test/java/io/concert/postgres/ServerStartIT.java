package io.concert.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Fault;
import io.concert.postgres.server.StartPatience;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServerStartIT {
  @Test
  void whatIsPassingIsTriedAgainUntilItWorks() {
    AtomicInteger tries = new AtomicInteger();

    String got =
        new StartPatience()
            .call(
                "reach it",
                () -> {
                  return switch (tries.incrementAndGet()) {
                    case 1 -> throw new SQLException("refused", "08001");
                    case 2 -> throw new SQLException("starting up", "57P03");
                    case 3 -> throw new SQLException("one too many", "53300");
                    case 4 -> throw new IllegalStateException(new SQLException("standby", "25006"));
                    case 5 -> throw new Fault(Fault.Kind.UNAVAILABLE, "no database connection");
                    default -> "reached";
                  };
                });

    assertThat(got).isEqualTo("reached");
    assertThat(tries.get()).isEqualTo(6);
  }

  @Test
  void whatDoesNotMendItselfEndsTheStartAtOnce() {
    AtomicInteger tries = new AtomicInteger();

    assertThatThrownBy(
            () ->
                new StartPatience()
                    .call(
                        "reach it",
                        () -> {
                          tries.incrementAndGet();
                          throw new SQLException("password authentication failed", "28P01");
                        }))
        .hasMessageContaining("reach it")
        .hasMessageContaining("password authentication failed");
    assertThat(tries.get()).isEqualTo(1);
  }

  @Test
  void patienceEnds() {
    assertThatThrownBy(
            () ->
                new StartPatience(Duration.ofMillis(600))
                    .call(
                        "reach it",
                        () -> {
                          throw new SQLException("refused", "08001");
                        }))
        .hasMessageContaining("refused");
  }

  @Test
  void serverThatMayLoseCommitsIsNamed() {
    assertThat(Durability.of("on", "on").complaint()).isEmpty();
    assertThat(Durability.of("off", "on").complaint().orElseThrow())
        .contains("fsync off", "DATABASE_UNSAFE");
    assertThat(Durability.of("on", "off").complaint().orElseThrow())
        .contains("full_page_writes off");
  }
}
