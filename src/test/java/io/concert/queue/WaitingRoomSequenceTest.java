package io.concert.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.concert.domain.Place;
import io.concert.domain.SessionId;
import io.concert.domain.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random lives of a room against {@link NaiveRoom}: the same answer at every step. */
class WaitingRoomSequenceTest {
  private static final int SEQUENCES = 60;
  private static final int STEPS = 1_500;

  @Test
  void answersAsThePlainListDoesWhateverHappens() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < SEQUENCES; i++) {
      new Life(random).run();
    }
  }

  private static final class Life {
    private final Random random;
    private final int users;
    private final Room room;
    private final NaiveRoom naive;
    private final Map<UserId, Place> tokens = new HashMap<>();
    private final List<SessionTruth> live = new ArrayList<>();
    private final List<SessionTruth> told = new ArrayList<>();
    private long lastSession;

    Life(Random random) {
      this.random = random;
      this.users = random.nextBoolean() ? 6 : 2_500;
      int capacity = 1 + random.nextInt(users);
      this.room = new Room(3, capacity);
      this.naive = new NaiveRoom(3, capacity);
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        step(random.nextInt(100));
        if (step % 300 == 299) {
          assertThat(room.backupBytes()).isEqualTo(room.ownerBytes());
          room.failOver();
        }
      }
    }

    private void step(int dice) {
      if (dice < 30) {
        enter(user());
      } else if (dice < 60) {
        poll(user());
      } else if (dice < 66) {
        room.now += random.nextInt(3_000);
      } else if (dice < 68) {
        room.now += random.nextInt(40_000);
      } else if (dice < 78) {
        rejoin(user());
      } else if (dice < 88) {
        admit(1 + random.nextInt(5));
      } else if (dice < 91) {
        check(user());
      } else if (dice < 93 && !live.isEmpty()) {
        prolong(random.nextInt(live.size()));
      } else if (dice < 97 && !live.isEmpty()) {
        end(live.remove(random.nextInt(live.size())));
      } else if (!told.isEmpty()) {
        learn(told.get(random.nextInt(told.size())));
      }
    }

    private void enter(UserId user) {
      RoomReply reply = room.tell(new RoomCommand.Enter(user, false));
      assertThat(inWords(reply)).isEqualTo(naive.enter(user, room.now));
      if (reply instanceof RoomReply.Standing standing) {
        tokens.put(user, standing.place());
      }
    }

    /** Mostly with one's own token, now and then with another's. */
    private void poll(UserId user) {
      Place place = tokens.get(random.nextInt(10) == 0 ? user() : user);
      if (place != null) {
        RoomReply reply = room.tell(new RoomCommand.Poll(user, place, 0));
        assertThat(inWords(reply)).isEqualTo(naive.poll(user, place, room.now));
      }
    }

    private void rejoin(UserId user) {
      Place place = new Place(1 + random.nextInt(3), random.nextInt(2 * users));
      long arrival = random.nextInt(1_000);
      if (place.epoch() == 3) {
        place = tokens.getOrDefault(user, new Place(2, 1));
      }
      RoomReply reply = room.tell(new RoomCommand.Rejoin(user, place, arrival));
      assertThat(inWords(reply)).isEqualTo(naive.rejoin(user, place, arrival, room.now));
      tokens.put(user, place);
    }

    /** The database admits those named, unless they are in already. */
    private void admit(int limit) {
      RoomReply reply = room.tell(new RoomCommand.NextInLine(limit));
      assertThat(inWords(reply)).isEqualTo(naive.nextInLine(limit, room.now));
      for (RoomReply.Candidate candidate : ((RoomReply.LineUp) reply).people()) {
        if (live.stream().noneMatch(row -> row.user().equals(candidate.user()))) {
          long end = room.now + 1_000 + random.nextInt(60_000);
          SessionTruth row =
              new SessionTruth(
                  new SessionId(++lastSession),
                  candidate.user(),
                  candidate.place(),
                  candidate.arrivalMillis(),
                  end,
                  end + (random.nextBoolean() ? 0 : 5_000),
                  false);
          live.add(row);
          learn(row);
        }
      }
    }

    private void check(UserId user) {
      Place place = tokens.get(user);
      if (place != null) {
        RoomReply reply = room.tell(new RoomCommand.CheckAdmission(user, place));
        assertThat(inWords(reply)).isEqualTo(naive.check(user, place, room.now));
      }
    }

    private void end(SessionTruth row) {
      if (random.nextBoolean()) {
        learn(row.asEnded());
      } else {
        room.tell(new RoomCommand.EndSession(row.user(), row.id()));
        naive.end(row.user(), row.id());
        told.add(row.asEnded());
      }
    }

    /** A hold makes a session last longer. */
    private void prolong(int index) {
      SessionTruth row = live.get(index);
      SessionTruth longer =
          new SessionTruth(
              row.id(),
              row.user(),
              row.place(),
              row.arrivalMillis(),
              row.endsAtMillis(),
              Math.max(row.lastsUntilMillis(), room.now + 30_000),
              false);
      live.set(index, longer);
      learn(longer);
    }

    private void learn(SessionTruth truth) {
      room.learn(truth);
      naive.learn(truth);
      told.add(truth);
    }

    private UserId user() {
      return new UserId(1 + random.nextInt(users));
    }

    private static String inWords(RoomReply reply) {
      if (reply instanceof RoomReply.Standing standing) {
        String words =
            switch (standing.state()) {
              case WAITING ->
                  "WAITING %d %s %d"
                      .formatted(standing.number(), standing.place(), standing.arrivalMillis());
              case ACTIVE ->
                  "ACTIVE %s %d until %d"
                      .formatted(
                          standing.place(), standing.arrivalMillis(), standing.expiresAtMillis());
              case ENDED -> "ended";
              case NOT_OPEN, PAUSED -> throw new AssertionError(standing);
            };
        return standing.created() ? "new " + words : words;
      }
      if (reply instanceof RoomReply.AskDatabase ask) {
        return "ask " + ask.place();
      }
      if (reply instanceof RoomReply.Checked checked) {
        return checked.state().toString();
      }
      if (reply instanceof RoomReply.LineUp lineUp) {
        return lineUp.people().stream()
            .map(one -> one.user() + " " + one.place() + " " + one.arrivalMillis())
            .toList()
            .toString();
      }
      throw new AssertionError(reply);
    }
  }
}
