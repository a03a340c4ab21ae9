package io.concert.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.concert.domain.Place;
import io.concert.domain.UserId;
import io.concert.queue.api.PlaceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Several copies of one room, as splits, pauses, deaths and moves make them, on one database. Which
 * of them survives, and what it missed, is left to chance: nobody's place is given to another, and
 * everybody's is known by whichever copy is asked. {@code -Dsequences=} for more, {@code -Dseed=}
 * to see one again.
 */
class RoomCopiesTest {
  private static final int EPOCH = 1;

  @Test
  void noPlaceIsGivenTwiceAndNoneIsLostWhicheverCopySurvives() {
    long seed = Long.getLong("seed", System.nanoTime());
    int sequences = Integer.getInteger("sequences", 1_500);
    System.out.println("seed " + seed);
    for (int i = 0; i < sequences; i++) {
      try {
        new Copies(new Random(seed + i)).live(150);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("sequence " + i + " of seed " + seed, e);
      }
    }
  }

  private static final class Copies {
    private static final int MOST_COPIES = 3;

    private final Random random;
    private final MadeUpDatabase database;
    private final Map<UserId, RoomReply.Standing> tokens = new LinkedHashMap<>();
    private final Set<Place> given = new HashSet<>();

    /** Each answers as an owner to those who reach it; after a heal there is one. */
    private final List<WaitingRoom> owners = new ArrayList<>();

    /** Copies that could be promoted, as their owner last reached them. */
    private final Map<WaitingRoom, WaitingRoom> backups = new HashMap<>();

    private final List<RoomCommand.BeginEpoch> late = new ArrayList<>();
    private final List<RoomCommand.Learn> lateNews = new ArrayList<>();
    private long now = 1_000_000;

    Copies(Random random) {
      this.random = random;
      this.database = new MadeUpDatabase(random, 5, EPOCH);
      add(new WaitingRoom(EPOCH, database.reading(EPOCH)));
    }

    void live(int steps) {
      for (int i = 0; i < steps; i++) {
        now += random.nextInt(200);
        WaitingRoom one = owners.get(random.nextInt(owners.size()));
        switch (random.nextInt(12)) {
          case 0, 1, 2, 3 -> enter(one);
          case 4, 5 -> poll(one);
          case 6 -> read(one);
          case 7 -> comeLate(one);
          case 8 -> split(one);
          case 9 -> heal(one);
          case 10 -> replace(one, promoted(one));
          default -> replace(one, Room.copy(new WaitingRoomCodec(), one));
        }
      }
      heal(owners.get(random.nextInt(owners.size())));
      readNow(owners.get(0));
      boolean entered = false;
      for (int i = 0; i < 20 && !entered; i++) {
        entered = enter(owners.get(0));
      }
      assertThat(entered).as("places are given again").isTrue();
    }

    /** A user of their own each time, so that each has one place and must keep it. */
    @CanIgnoreReturnValue
    private boolean enter(WaitingRoom room) {
      UserId user = new UserId(tokens.size() + 1L);
      for (int tries = 0; tries < 4; tries++) {
        RoomReply reply = tell(room, new RoomCommand.Enter(user, true, false));
        if (reply instanceof RoomReply.NeedsEpoch) {
          begin(room);
        } else if (reply instanceof RoomReply.NeedsPlaces places) {
          database.reserve(places.epoch());
          readNow(room);
        } else if (reply instanceof RoomReply.Standing standing) {
          remember(user, standing, room);
          return true;
        }
      }
      return false;
    }

    private void remember(UserId user, RoomReply.Standing standing, WaitingRoom room) {
      assertThat(given.add(standing.place())).as("%s is given once", standing.place()).isTrue();
      assertThat(database.isReserved(standing.place())).isTrue();
      boolean knowsAll = room.state().newestEpoch() == database.epoch();
      if (knowsAll) {
        assertThat(tokens.values())
            .as("anyone who came before stands before")
            .allMatch(it -> it.place().compareTo(standing.place()) < 0);
      }
      tokens.put(user, standing);
    }

    /** What was begun for one copy may be told to another, or much later. */
    private void begin(WaitingRoom room) {
      var begun =
          new RoomCommand.BeginEpoch(
              database.beginEpoch(now), room.state().own().id(), random.nextBoolean());
      switch (random.nextInt(6)) {
        case 0 -> late.add(begun);
        case 1 -> owners.forEach(one -> tell(one, begun));
        default -> tell(room, begun);
      }
    }

    /** Whatever a copy has missed, it finds everybody at their own place. */
    private void poll(WaitingRoom room) {
      if (tokens.isEmpty()) {
        return;
      }
      UserId user = new UserId(1L + random.nextInt(tokens.size()));
      RoomReply.Standing token = Objects.requireNonNull(tokens.get(user));
      RoomReply reply = tell(room, new RoomCommand.Poll(user, token.place(), 7));
      if (reply instanceof RoomReply.AskDatabase) {
        reply = tell(room, new RoomCommand.Rejoin(user, token.place(), token.arrivalMillis()));
      }
      assertThat(reply)
          .isInstanceOfSatisfying(
              RoomReply.Standing.class,
              it -> {
                assertThat(it.place()).isEqualTo(token.place());
                assertThat(it.state()).isNotEqualTo(PlaceState.ENDED);
              });
    }

    private void read(WaitingRoom room) {
      var news = new RoomCommand.Learn(List.of(), Optional.of(reading(room)));
      if (random.nextInt(4) == 0) {
        lateNews.add(news);
      } else {
        tell(room, news);
      }
    }

    private void readNow(WaitingRoom room) {
      tell(room, new RoomCommand.Learn(List.of(), Optional.of(reading(room))));
    }

    private RoomCommand.RoomSnapshot reading(WaitingRoom room) {
      return database.reading(room.state().epoch());
    }

    private void comeLate(WaitingRoom room) {
      if (!late.isEmpty()) {
        tell(room, late.remove(random.nextInt(late.size())));
      }
      if (!lateNews.isEmpty()) {
        tell(room, lateNews.remove(random.nextInt(lateNews.size())));
      }
    }

    /** Also what a pause of the owner comes to: the backup takes over, and the owner goes on. */
    private void split(WaitingRoom room) {
      if (owners.size() < MOST_COPIES) {
        add(promoted(room));
      }
    }

    /** One survives, whichever it is; what the others knew is gone. */
    private void heal(WaitingRoom survivor) {
      owners.clear();
      backups.clear();
      add(survivor);
    }

    private void replace(WaitingRoom room, WaitingRoom by) {
      owners.remove(room);
      backups.remove(room);
      add(by);
    }

    /** What is promoted is nobody's backup any more: the grid's digests would refuse it. */
    private WaitingRoom promoted(WaitingRoom room) {
      WaitingRoom backup = backups.remove(room);
      return backup == null || random.nextInt(5) == 0
          ? new WaitingRoom(database.beginEpoch(now).epoch(), database.reading(database.epoch()))
          : backup;
    }

    private void add(WaitingRoom room) {
      Room.neverDoubts(room);
      owners.add(room);
      backups.put(room, Room.copy(new WaitingRoomCodec(), room));
    }

    /** Some events don't reach the backup any more; the next ones have nothing to add to. */
    @CanIgnoreReturnValue
    private RoomReply tell(WaitingRoom room, RoomCommand command) {
      var decision = room.decide(command, now);
      RoomEvent event = decision.event();
      if (event != null) {
        room.apply(event);
        WaitingRoom backup = backups.get(room);
        if (backup != null && random.nextInt(20) > 0) {
          backup.apply(Room.copy(new RoomEventCodec(), event));
        } else {
          backups.put(room, Room.copy(new WaitingRoomCodec(), room));
        }
      }
      return decision.reply();
    }
  }
}
