package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Actor;
import io.concert.domain.Place;
import io.concert.domain.RoomId;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import io.concert.postgres.TestDatabase;
import io.concert.queue.api.QueueMessages;
import io.concert.queue.api.QueueMessages.AdmissionState;
import io.concert.queue.api.QueueMessages.CheckAdmission;
import io.concert.queue.api.QueueMessages.Enter;
import io.concert.queue.api.QueueMessages.Leave;
import io.concert.queue.api.QueueMessages.LeaveReply;
import io.concert.queue.api.QueueMessages.Placement;
import io.concert.queue.api.QueueMessages.Poll;
import io.concert.queue.api.QueueMessages.SessionEnded;
import io.concert.queue.api.QueueMessages.SettingsChanged;
import io.concert.queue.api.RoomSettings;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A node with a database of its own, and people in one of its rooms, each with the token that they
 * were given first. Whether there is such a room is the test's to say.
 */
public final class RoomFixture implements AfterEachCallback {
  private static final Actor OPERATOR = new Actor("kim", "operator", "r-1");

  public final TestDatabase database = TestDatabase.create();
  public final RoomRows rows;
  private final RoomId room;
  private final Map<UserId, Placement> tokens = new HashMap<>();
  private QueueNode node = new QueueNode(database);

  public RoomFixture(RoomId room) {
    this.room = room;
    this.rows = new RoomRows(database, room);
  }

  public QueueNode node() {
    return node;
  }

  /** The only node is lost, and with it what was in memory. */
  public void restart() {
    node.stop();
    node = new QueueNode(database);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    node.stop();
    rows.close();
    database.close();
  }

  /** An operator creates or changes the room, and says so. */
  public void put(RoomSettings settings) {
    assertThat(node.rooms.put(room, settings, OPERATOR).await()).isNotNull();
    var changed = new SettingsChanged(room);
    assertThat(node.bus.request(QueueMessages.SETTINGS_CHANGED, changed).await()).isNotNull();
  }

  @CanIgnoreReturnValue
  public Placement enter(UserId user) {
    Placement placement = (Placement) node.enter(room, user);
    tokens.putIfAbsent(user, placement);
    return placement;
  }

  /** All at the same time; their order is that of the places they get. */
  void enterAll(List<UserId> users) {
    List<Future<Placement>> asked =
        users.stream()
            .map(user -> node.bus.request(QueueMessages.ENTER, new Enter(room, user, true)))
            .map(reply -> reply.map(Placement.class::cast))
            .toList();
    for (int i = 0; i < users.size(); i++) {
      tokens.put(users.get(i), asked.get(i).await());
    }
  }

  public Placement token(UserId user) {
    return Objects.requireNonNull(tokens.get(user));
  }

  public Place place(UserId user) {
    return token(user).place();
  }

  /** What a client asks with the user's token. */
  public Poll asking(UserId user) {
    return new Poll(room, user, place(user), token(user).arrivalMillis());
  }

  /** As the node's view has it. */
  @CanIgnoreReturnValue
  public Placement poll(UserId user) {
    return node.views.poll(asking(user)).await();
  }

  /** As the room itself has it. */
  public Placement pollRoom(UserId user) {
    return node.bus.request(QueueMessages.POLL, asking(user)).await();
  }

  public AdmissionState admission(UserId user) {
    return node.views.checkAdmission(room, user, place(user)).await().state();
  }

  AdmissionState admissionByRoom(UserId user) {
    var check = new CheckAdmission(room, user, place(user));
    return node.bus.request(QueueMessages.CHECK_ADMISSION, check).await().state();
  }

  public LeaveReply leave(UserId user) {
    return node.bus.request(QueueMessages.LEAVE, new Leave(room, user, place(user))).await();
  }

  /** The session's row ends, and its room is told. */
  public void endSession(UserId user) {
    var ended = new SessionEnded(room, user, new SessionId(rows.end(user)));
    assertThat(node.bus.request(QueueMessages.SESSION_ENDED, ended).await()).isNotNull();
  }
}
