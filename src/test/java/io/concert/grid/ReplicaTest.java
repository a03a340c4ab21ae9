package io.concert.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReplicaTest {
  private final Replica<Counter, Counter.Add, Counter.Added, Counter.Total> owner =
      Replica.of(Counter.TYPE, new Counter(0));
  private final Replica<Counter, Counter.Add, Counter.Added, Counter.Total> backup =
      Replica.of(Counter.TYPE, new Counter(0));

  @Test
  void operationDeliveredTwiceRunsOnceAndAnswersTheSame() {
    assertThat(add(1, 5).reply().value()).isEqualTo(5);
    assertThat(add(1, 5).reply().value()).isEqualTo(5);
    assertThat(total()).isEqualTo(5);
  }

  @Test
  void promotedBackupStillKnowsOperationsOfTheOwner() {
    backup.replay(change(add(1, 5)));

    assertThat(backup.execute(1, 0, new Counter.Add(5)).change()).isNull();
    assertThat(backup.execute(1, 0, new Counter.Add(5)).reply().value()).isEqualTo(5);
  }

  @Test
  void ownerAndBackupHaveEqualDigests() {
    backup.replay(change(add(1, 5)));
    backup.replay(change(add(2, 7)));

    assertThat(backup.digest()).isEqualTo(owner.digest());
    assertThat(backup.diverged()).isFalse();
  }

  @Test
  void backupThatMissedAnEventSaysSo() {
    var missed = add(1, 5);
    assertThat(missed.change()).isNotNull();
    backup.replay(change(add(2, 7)));

    assertThat(backup.diverged()).isTrue();
  }

  @Test
  void movedCopyGoesOnWhereItWas() throws IOException {
    assertThat(add(1, 5).reply().value()).isEqualTo(5);
    var bytes = new ByteArrayOutputStream();
    owner.write(new DataOutputStream(bytes));
    var moved =
        Replica.read(
            Counter.TYPE, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(moved.digest()).isEqualTo(owner.digest());
    assertThat(moved.execute(1, 0, new Counter.Add(5)).change()).isNull();
    assertThat(moved.execute(2, 0, new Counter.Add(1)).reply().value()).isEqualTo(6);
  }

  @Test
  void timeNeverRunsBackwards() throws IOException {
    assertThat(change(owner.execute(1, 1_000, new Counter.Add(1))).nowMillis()).isEqualTo(1_000);
    var late = change(owner.execute(2, 400, new Counter.Add(1)));
    assertThat(late.nowMillis()).isEqualTo(1_000);

    var promoted = Replica.of(Counter.TYPE, new Counter(0));
    promoted.replay(
        new Replica.Change<>(
            9,
            5_000,
            new Counter.Added(1),
            new Counter.Total(1),
            Digest.after(Digest.START, 9, 5_000, Counter.TYPE.event(), new Counter.Added(1))));
    assertThat(change(promoted.execute(10, 400, new Counter.Add(1))).nowMillis()).isEqualTo(5_000);
    assertThat(change(moved(promoted).execute(11, 400, new Counter.Add(1))).nowMillis())
        .isEqualTo(5_000);
  }

  @Test
  void copySaysOfWhichHistoryItWasLoaded() throws IOException {
    var loaded = Replica.of(Counter.TYPE, new Counter(0), 3);

    assertThat(moved(loaded).history()).isEqualTo(3);
    assertThat(loaded.isWorthAsking(3)).isTrue();
    assertThat(loaded.isWorthAsking(4)).isFalse();
  }

  private static Replica<Counter, Counter.Add, Counter.Added, Counter.Total> moved(
      Replica<Counter, Counter.Add, Counter.Added, Counter.Total> copy) throws IOException {
    var bytes = new ByteArrayOutputStream();
    copy.write(new DataOutputStream(bytes));
    return Replica.read(
        Counter.TYPE, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  private Replica.Outcome<Counter.Added, Counter.Total> add(long operation, long amount) {
    return owner.execute(operation, 1_000, new Counter.Add(amount));
  }

  private long total() {
    return owner.execute(Long.MAX_VALUE, 0, new Counter.Add(0)).reply().value();
  }

  private static Replica.Change<Counter.Added, Counter.Total> change(
      Replica.Outcome<Counter.Added, Counter.Total> outcome) {
    return java.util.Objects.requireNonNull(outcome.change());
  }
}
