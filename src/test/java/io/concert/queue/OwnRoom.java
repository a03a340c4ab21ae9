package io.concert.queue;

import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.UserId;
import io.concert.domain.Won;
import io.concert.postgres.Sql;
import io.concert.postgres.TestDatabase;
import io.concert.queue.api.RoomSettings;
import io.concert.queue.room.RoomCommand;
import io.concert.queue.room.RoomReply.Candidate;
import io.concert.queue.room.SessionRow;
import io.concert.queue.store.RoomSessions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/**
 * Tests of what PostgreSQL keeps of a room: they share a database, and each has a room that is
 * called as the test is. Its row is the test's to make.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OwnRoom {
  public final TestDatabase database = TestDatabase.create();
  private final Vertx vertx = Vertx.vertx();
  public final Sql sql = database.sql(vertx);
  public final RoomSessions sessions = new RoomSessions(vertx, sql);

  public RoomId room;
  public RoomRows rows;

  /** Nothing in it is as usual. */
  public static RoomSettings unusual(Optional<Instant> opensAt, Won price) {
    return new RoomSettings(
        7,
        Duration.ofMinutes(15),
        Duration.ofMinutes(1),
        20,
        300,
        Duration.ofSeconds(45),
        Duration.ZERO,
        opensAt,
        true,
        price);
  }

  @BeforeEach
  void nameRoom(TestInfo test) {
    room = new RoomId(test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT));
    rows = new RoomRows(database, room);
  }

  @AfterEach
  void leaveRoom() {
    rows.close();
  }

  @AfterAll
  void closeDatabase() {
    vertx.close().await();
    database.close();
  }

  /** New users at the first places of the room's first epoch. */
  final List<Candidate> candidates(int count) {
    List<UserId> users = rows.users(count);
    return IntStream.range(0, count)
        .mapToObj(i -> new Candidate(users.get(i), new Place(1, i), 1_800_000_000_123L))
        .toList();
  }

  final List<SessionRow> admit(List<Candidate> people) {
    return sessions.admit(room, epoch(), people).await().decided();
  }

  /** The room's newest. */
  final int epoch() {
    return (int) database.number("select epoch from room where id = '%s'".formatted(room));
  }

  /** For a copy of the room that knows all epochs, as the number of none does. */
  public final Future<RoomCommand.RoomSnapshot> beginEpoch(RoomId of) {
    return sessions.beginEpoch(of, 1, Integer.MAX_VALUE).map(RoomSessions.Begun::reading);
  }

  /** The most that were seen in at once until it was over. */
  final long mostSeenUntil(AtomicBoolean over) {
    long most = 0;
    try (RoomRows look = new RoomRows(database, room)) {
      while (!over.get()) {
        most = Math.max(most, look.live());
      }
    }
    return most;
  }
}
