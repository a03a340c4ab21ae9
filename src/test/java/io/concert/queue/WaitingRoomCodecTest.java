package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.UserId;
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
