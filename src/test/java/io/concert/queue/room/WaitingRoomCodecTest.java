package io.concert.queue.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.line.PackedPage;
import io.concert.queue.line.Page;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A room of many pages; whatever else may happen to a room, {@link WaitingRoomSequenceTest} moves.
 */
class WaitingRoomCodecTest {
  private static final int PEOPLE = 5 * Page.SIZE + 7;
  private static final int PAGE_OF_THE_LEFT = 2;

  private final Room room = new Room(1, 10);

  WaitingRoomCodecTest() {
    for (int i = 0; i < PEOPLE; i++) {
      room.enter(user(i));
    }
    room.now += 20_000;
    for (int i = PEOPLE - 1; i >= 0; i -= 3) {
      room.poll(user(i), new Place(1, i));
    }
    for (int i = 0; i < Page.SIZE; i++) {
      int left = PAGE_OF_THE_LEFT * Page.SIZE + i;
      room.leave(user(left), new Place(1, left));
    }
  }

  @Test
  void movedRoomIsTheSameToTheByte() {
    byte[] before = room.ownerBytes();
    room.move();
    assertThat(room.ownerBytes()).isEqualTo(before).isEqualTo(room.backupBytes());
  }

  /** Pages that nobody has looked at go on as they came, others are packed again. */
  @Test
  void roomMovesOnWhetherItWasLookedAtOrNot() {
    byte[] before = room.ownerBytes();
    room.move();
    room.move();
    assertThat(room.ownerBytes()).as("not looked at").isEqualTo(before);
    Room neverMoved = new WaitingRoomCodecTest().room;
    for (Room one : List.of(room, neverMoved)) {
      one.now += 1;
      one.poll(user(Page.SIZE), new Place(1, Page.SIZE));
      one.leave(user(0), new Place(1, 0));
    }
    assertThat(allButTheGiver(room)).as("some looked at").isEqualTo(allButTheGiver(neverMoved));
    room.move();
    assertThat(allButTheGiver(room)).isEqualTo(allButTheGiver(neverMoved));
  }

  private static byte[] allButTheGiver(Room room) {
    byte[] bytes = room.ownerBytes();
    return Arrays.copyOfRange(bytes, 1 + Long.BYTES, bytes.length);
  }

  /** However it moves, no two copies of a room give the same epoch's places. */
  @Test
  void movedRoomKnowsWhoGivesItsPlacesAndThatItIsAnother() {
    long giver = room.copy();
    assertThat(room.giver()).isEqualTo(giver);
    room.move();
    assertThat(room.giver()).isEqualTo(giver);
    assertThat(room.copy()).isNotEqualTo(giver);
  }

  @Test
  void placesTakeFewBytes() {
    assertThat(room.ownerBytes().length / PEOPLE).isLessThan(20);
  }

  @Test
  void brokenPageIsRefusedWhenItIsRead() throws IOException {
    var bytes = new ByteArrayOutputStream();
    PackedPage.of(new Page(), new PackedPage.Buffer()).write(new DataOutputStream(bytes));
    byte[] page = bytes.toByteArray();
    assertThat(read(page).present()).isZero();
    for (int width : new int[] {1, 8, 100, -1}) {
      page[2 * Integer.BYTES] = (byte) width; // The users'.
      assertThatThrownBy(() -> read(page)).isInstanceOf(StreamCorruptedException.class);
    }
    page[Integer.BYTES]++; // The length's highest byte.
    assertThatThrownBy(() -> read(page)).isInstanceOf(StreamCorruptedException.class);
  }

  private static PackedPage read(byte[] page) throws IOException {
    return PackedPage.read(new DataInputStream(new ByteArrayInputStream(page)));
  }

  @Test
  void everybodyIsFoundInMovedRoom() {
    room.move();
    for (int i = 0; i < PEOPLE; i++) {
      boolean left = i / Page.SIZE == PAGE_OF_THE_LEFT;
      var answer = room.ask(new RoomCommand.Enter(new UserId(user(i)), false, false));
      assertThat(answer instanceof RoomReply.NoPlace).as("place %d", i).isEqualTo(left);
    }
  }

  @Test
  void thoseUnseenLongestAreAbsentFirstInMovedRoom() {
    room.move();
    room.begin(2);
    room.now += 15_000;
    int seen = 0;
    for (int i = PEOPLE - 1; i >= 0; i -= 3) {
      seen += i / Page.SIZE == PAGE_OF_THE_LEFT ? 0 : 1;
    }
    assertThat(room.next(PEOPLE))
        .hasSize(10)
        .allMatch(one -> (PEOPLE - 1 - sequence(one)) % 3 == 0);
    assertThat(lineUp().waiting()).isEqualTo(seen);
    assertThat(room.ownerBytes()).isEqualTo(room.backupBytes());
  }

  private RoomReply.LineUp lineUp() {
    return (RoomReply.LineUp) room.ask(new RoomCommand.NextInLine(1));
  }

  private static long sequence(RoomReply.Candidate candidate) {
    return candidate.place().sequence();
  }

  /** Not in the order of the places. */
  private static long user(int place) {
    return 1 + place * 7919L % 1_000_003;
  }
}
